/** Brings the device to rest, so that a clock or a count covers the work meant and no other. */
import { tf, webgpuBackend } from "../gpu/tensors.ts";

/** Submits what TF.js has encoded so far. */
function flush(): void {
  const backend = webgpuBackend();
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
}

/** Waits until the device has done everything. */
export async function settle(): Promise<void> {
  flush();
  await webgpuBackend().device.queue.onSubmittedWorkDone();
}

type Flags = Readonly<Record<string, number | boolean>>;

/** Sets flags of TF.js. @returns what puts the old ones back */
export function withFlags(flags: Flags): () => void {
  const before = Object.keys(flags).map((name) => [name, tf.env().get(name)] as const);
  for (const [name, value] of Object.entries(flags)) tf.env().set(name, value);
  return () => {
    for (const [name, value] of before) tf.env().set(name, value);
  };
}

/** TF.js as it comes, where the engine has set something else. -1: each product chooses its own program. */
export const STOCK_FLAGS: Flags = { WEBGPU_MATMUL_PROGRAM_TYPE: -1 };
