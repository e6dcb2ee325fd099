/** TF.js after a buffer that could not be had: nothing it made on the way stays behind, and it goes on. */
import * as tf from "@tensorflow/tfjs";
import { guardOf, readBack, type Guard } from "./allocations.ts";
import { flush } from "./submitBudget.ts";

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
  const guard = guardOf(own.device);
  const { bufferManager: pool } = own;
  const release = pool.releaseBuffer;
  pool.releaseBuffer = (buffer, reuse = true) => release.call(pool, buffer, reuse && guard?.failed.has(buffer) !== true);
  own.getBufferData = (buffer) => readBuffer(own, buffer);
  giveBackResults(own);
  giveBackSaved();
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
  /** @param handedOver what it made is the engine's, which gives it back itself */
  const undone = <T>(work: () => T, handedOver: boolean): T => {
    const from = journal.length;
    depth += 1;
    try {
      const made = work();
      if (handedOver) journal.length = from;
      return made;
    } catch (thrown) {
      undo(journal.splice(from));
      throw thrown;
    } finally {
      depth -= 1;
      if (depth === 0) journal.length = 0;
    }
  };
  own.runWebGPUProgram = (...args) => undone(() => runWebGPUProgram.apply(own, args), false);
  const engine = tf.engine();
  const { runKernel } = Object.getPrototypeOf(engine) as typeof engine;
  engine.runKernel = <T extends tf.Tensor | tf.Tensor[]>(...args: Parameters<typeof runKernel>): T =>
    undone(() => runKernel.apply(engine, args) as T, true);
}

/** What a forward pass saves for its gradients is given back where one of them fails. */
function giveBackSaved(): void {
  const engine = tf.engine();
  const { gradients } = Object.getPrototypeOf(engine) as typeof engine;
  engine.gradients = <T extends tf.Tensor>(...args: Parameters<typeof gradients<T>>) => {
    try {
      return gradients.apply(engine, args) as { value: T; grads: tf.Tensor[] };
    } catch (thrown) {
      const { state } = engine;
      for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
      state.activeTape = [];
      throw thrown;
    }
  };
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
