/** Buffers that could not be had: WebGPU says so late, and gives out one that is none. Here it becomes an error of the work that asked for it. */
import * as tf from "@tensorflow/tfjs";
import { EngineError } from "../lib/errors.ts";
import { flush } from "./submitBudget.ts";

interface Guard {
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

/** The members of TF.js's backend that hold buffers; its types call some of them private. */
interface Holder {
  readonly device: GPUDevice;
  readonly tensorMap: { has(id: object): boolean; get(id: object): { values: unknown; resource?: unknown } };
  readonly bufferManager: Pool;
  uploadToGPU(id: object): void;
  makeTensorInfo(...args: unknown[]): { readonly dataId: object };
  incRef(id: object): void;
  disposeData(id: object, force?: boolean): boolean;
  runWebGPUProgram(...args: unknown[]): unknown;
  getBufferData(buffer: GPUBuffer): Promise<ArrayBuffer>;
  commandEncoder: GPUCommandEncoder;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}
interface Pool {
  readonly freeBuffers: Map<unknown, GPUBuffer[]>;
  numFreeBuffers: number;
  numBytesAllocated: number;
  acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GPUBuffer;
  releaseBuffer(buffer: GPUBuffer, reuse?: boolean): void;
}

/** Lets TF.js go on after a buffer that could not be had: none is pooled, values that were to go into it stay, and reading ends cleanly. */
export function healBackend(backend: object): void {
  const own = backend as Holder;
  const guard = guards.get(own.device);
  const { bufferManager: pool } = own;
  const release = pool.releaseBuffer;
  pool.releaseBuffer = (buffer, reuse = true) => release.call(pool, buffer, reuse && guard?.failed.has(buffer) !== true);
  own.getBufferData = (buffer) => readBuffer(own, buffer);
  giveBackResults(own);
  if (!guard) return;
  guard.listeners.add((buffer) => {
    // What was encoded with it fails as a whole: nothing that comes later is to be among it.
    flush(own);
    dropFree(pool, buffer);
  });
  keepValues(own, guard);
}

/** What a kernel or a program has made by the time it fails is given back: its result, and the values it looked at in another shape. */
function giveBackResults(own: Holder): void {
  const { runWebGPUProgram, makeTensorInfo, incRef, disposeData } = own;
  /** References taken (1) and given back (-1) by what is being run. */
  const journal: [id: object, by: 1 | -1][] = [];
  let depth = 0;
  const note = (id: object, by: 1 | -1): void => void (depth > 0 && journal.push([id, by]));
  own.makeTensorInfo = (...args) => {
    const info = makeTensorInfo.apply(own, args);
    note(info.dataId, 1);
    return info;
  };
  own.incRef = (id) => {
    incRef.call(own, id);
    note(id, 1);
  };
  own.disposeData = (id, force) => {
    note(id, -1);
    return disposeData.call(own, id, force);
  };
  const undo = (entries: typeof journal): void => {
    const net = new Map<object, number>();
    for (const [id, by] of entries) net.set(id, (net.get(id) ?? 0) + by);
    for (const [id, count] of net) {
      for (let i = 0; i < count; i++) disposeData.call(own, id);
      // What was given back of the caller's stays so.
      for (let i = count; i < 0; i++) note(id, -1);
    }
  };
  const undone = <T>(work: () => T): T => {
    const from = journal.length;
    depth += 1;
    try {
      return work();
    } catch (thrown) {
      undo(journal.splice(from));
      throw thrown;
    } finally {
      depth -= 1;
      if (depth === 0) journal.length = 0;
    }
  };
  own.runWebGPUProgram = (...args) => undone(() => runWebGPUProgram.apply(own, args));
  const engine = tf.engine();
  const { runKernel } = Object.getPrototypeOf(engine) as typeof engine;
  engine.runKernel = <T extends tf.Tensor | tf.Tensor[]>(...args: Parameters<typeof runKernel>): T =>
    undone(() => runKernel.apply(engine, args) as T);
}

async function readBuffer(own: Holder, buffer: GPUBuffer): Promise<ArrayBuffer> {
  const { device, bufferManager: pool } = own;
  const staging = pool.acquireBuffer(buffer.size, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ);
  try {
    own.ensureCommandEncoderReady();
    own.endComputePassEncoder();
    own.commandEncoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
    own.submitQueue();
    await readBack(device, staging.mapAsync(GPUMapMode.READ));
    return staging.getMappedRange().slice(0);
  } finally {
    staging.unmap();
    pool.releaseBuffer(staging);
  }
}

/** Values on their way into a buffer are forgotten only once it is one. */
function keepValues(own: Holder, guard: Guard): void {
  const { uploadToGPU, bufferManager: pool } = own;
  const { acquireBuffer } = pool;
  let taken: GPUBuffer | undefined;
  pool.acquireBuffer = (...args) => (taken = acquireBuffer.apply(pool, args));
  own.uploadToGPU = (id) => {
    const data = own.tensorMap.get(id);
    const [before, { values }] = [data.resource, data];
    taken = undefined;
    try {
      uploadToGPU.call(own, id);
    } catch (thrown) {
      if (taken) pool.releaseBuffer(taken, false);
      throw thrown;
    }
    const { resource } = data;
    if (before || !(resource instanceof GPUBuffer) || guard.scopes.size === 0) return;
    const heal = (buffer: GPUBuffer): void => {
      if (buffer !== resource) return;
      guard.listeners.delete(heal);
      if (!own.tensorMap.has(id) || data.resource !== resource) return;
      Object.assign(data, { resource: null, values });
      pool.releaseBuffer(resource, false);
    };
    guard.listeners.add(heal);
    void Promise.all(guard.scopes).then(() => guard.listeners.delete(heal));
  };
}

function dropFree(pool: Pool, buffer: GPUBuffer): void {
  for (const free of pool.freeBuffers.values()) {
    const at = free.indexOf(buffer);
    if (at < 0) continue;
    free.splice(at, 1);
    pool.numFreeBuffers -= 1;
    pool.numBytesAllocated -= buffer.size;
    buffer.destroy();
  }
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
