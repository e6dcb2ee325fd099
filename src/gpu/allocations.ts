/** Buffers that could not be had: WebGPU says so late, and gives out one that is none. Here it becomes an error of the work that asked for it. */
import { EngineError } from "../lib/errors.ts";

export interface Guard {
  /** Of allocations whose outcome is not known yet. */
  readonly scopes: Set<Promise<void>>;
  /** Buffers that are none. */
  readonly failed: WeakSet<GPUBuffer>;
  /** Told of each, so that nobody goes on with it. */
  readonly listeners: Set<(buffer: GPUBuffer) => void>;
  failure: EngineError | undefined;
  lost: EngineError | undefined;
}

const guards = new WeakMap<GPUDevice, Guard>();
/** What is known of the device's buffers, where they are watched. */
export const guardOf = (device: GPUDevice): Guard | undefined => guards.get(device);

/** Watches every buffer that is made on the device from now on. */
export function guardAllocations(device: GPUDevice): void {
  const guard: Guard = { scopes: new Set(), failed: new WeakSet(), listeners: new Set(), failure: undefined, lost: undefined };
  guards.set(device, guard);
  void device.lost.then(({ reason, message }) => void (guard.lost = deviceLost(message || reason)));
  const create = device.createBuffer;
  device.createBuffer = (descriptor) => {
    device.pushErrorScope("out-of-memory");
    let buffer: GPUBuffer | undefined;
    try {
      return (buffer = create.call(device, descriptor));
    } catch (thrown) {
      throw thrown instanceof RangeError ? outOfMemory(descriptor.size, thrown.message) : thrown;
    } finally {
      watchScope(guard, device.popErrorScope(), descriptor.size, buffer);
    }
  };
}

function watchScope(guard: Guard, popped: Promise<GPUError | null>, size: number, buffer: GPUBuffer | undefined): void {
  const judge = (error: GPUError | null): void => {
    if (!error || !buffer) return;
    guard.failed.add(buffer);
    guard.failure = outOfMemory(size, error.message);
    for (const listener of guard.listeners) listener(buffer);
  };
  // A scope of a lost device is never judged.
  const scope: Promise<void> = popped.then(judge, () => undefined).finally(() => guard.scopes.delete(scope));
  guard.scopes.add(scope);
}

/** Waits until it is known of every buffer made so far. @throws EngineError `out-of-memory` where one could not be had, once */
export async function settleAllocations(device: GPUDevice): Promise<void> {
  const guard = guards.get(device);
  if (!guard) return;
  while (guard.scopes.size > 0) await Promise.all(guard.scopes);
  const { failure } = guard;
  guard.failure = undefined;
  if (failure) throw failure;
}

/** What is being read from the GPU. @throws EngineError `out-of-memory` where a buffer on the way could not be had, `device-lost` */
export async function readBack<T>(device: GPUDevice, reading: Promise<T>): Promise<T> {
  const [outcome] = await Promise.allSettled([reading]);
  await settleAllocations(device);
  if (outcome.status === "fulfilled") return outcome.value;
  // A device that is lost rejects what is being read, and says so itself a moment later.
  await new Promise((resolve) => setTimeout(resolve));
  throw guards.get(device)?.lost ?? outcome.reason;
}

const outOfMemory = (bytes: number, said: string): EngineError =>
  new EngineError(
    "out-of-memory",
    `The GPU has no ${(bytes / 2 ** 20).toFixed(1)} MiB left (${said}).`,
    "Nothing was changed. Close other pages, or use a shorter text, a smaller model or fewer bits.",
  );

const deviceLost = (said: string): EngineError =>
  new EngineError(
    "device-lost",
    `The GPU device was lost: ${said}.`,
    "Your edits are kept; reload the page if the device does not come back.",
  );
