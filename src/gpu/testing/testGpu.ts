import { requestGpu } from "../device.ts";
import { installBackend } from "../tensors.ts";

/** A backend for a file of GPU tests. The messages of GPU errors that no call owns are gathered in the result. */
export async function installTestGpu(): Promise<readonly string[]> {
  const errors: string[] = [];
  const gpu = await requestGpu(navigator.gpu);
  gpu.device.addEventListener("uncapturederror", ({ error }) => errors.push(error.message));
  await installBackend(gpu);
  return errors;
}
