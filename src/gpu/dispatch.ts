import { flush, piecesOf, reserve, type Piece, type Work } from "./submitBudget.ts";
import { bufferOf, dataIdsOf, forgetRead, webgpuBackend, type Tensor } from "./tensors.ts";

/** A compiled kernel. */
export interface KernelPipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** One dispatch with everything it needs. */
export interface Dispatch {
  readonly program: KernelPipeline;
  /** The output, then the inputs in the order of their declaration. */
  readonly bindings: readonly GPUBufferBinding[];
  /** As uniformBytes lays them out: the place of the first workgroup comes first. */
  readonly uniforms: ArrayBuffer;
  readonly grid: readonly [number, number, number];
  readonly work: Work;
}

/** The members of TF.js's backend that put a dispatch among its own; its types call them private. */
interface Recorder {
  readonly device: GPUDevice;
  readonly queue: GPUQueue;
  readonly bufferManager: { acquireBuffer(size: number, usage: number): GPUBuffer };
  commandEncoder: GPUCommandEncoder;
  computePassEncoder: GPUComputePassEncoder | null;
  readonly commandQueueOwnedIds: WeakSet<object>;
  readonly uniformPendingDisposal: GPUBuffer[];
  dispatchCountInPass: number;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
}
const recorder = (): Recorder => webgpuBackend() as unknown as Recorder;

/** Dispatches between two submits: long enough to amortize one, short enough to keep the GPU busy. */
const SUBMIT_EVERY = 24;

export function bindGroupOf(device: GPUDevice, { program, bindings }: Dispatch, uniforms: GPUBufferBinding): GPUBindGroup {
  return device.createBindGroup({
    layout: program.layout,
    entries: [...bindings, uniforms].map((resource, binding) => ({ binding, resource })),
  });
}

/** The uniforms of one piece of a dispatch. */
export function uniformsOf({ uniforms }: Dispatch, { first }: Piece): ArrayBuffer {
  const own = uniforms.slice(0);
  new Uint32Array(own).set(first);
  return own;
}

/** Encodes a dispatch among those of TF.js, in order; in pieces where it is too long for one submit. @param operands kept from TF.js's pool until the submit */
export function encodeDispatch(dispatch: Dispatch, operands: readonly Tensor[]): void {
  for (const piece of piecesOf(dispatch.grid, dispatch.work)) encodePiece(dispatch, piece, operands);
}

function encodePiece(dispatch: Dispatch, piece: Piece, operands: readonly Tensor[]): void {
  const backend = recorder();
  // First: a submit frees the buffers that are pending then.
  reserve(backend, piece.seconds);
  const { byteLength } = dispatch.uniforms;
  const buffer = backend.bufferManager.acquireBuffer(byteLength, GPUBufferUsage.COPY_DST | GPUBufferUsage.UNIFORM);
  backend.queue.writeBuffer(buffer, 0, uniformsOf(dispatch, piece));
  backend.uniformPendingDisposal.push(buffer);
  for (const dataId of operands.flatMap(dataIdsOf)) backend.commandQueueOwnedIds.add(dataId);
  const group = bindGroupOf(backend.device, dispatch, { buffer, size: byteLength });
  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= backend.commandEncoder.beginComputePass();
  backend.computePassEncoder.setPipeline(dispatch.program.pipeline);
  backend.computePassEncoder.setBindGroup(0, group);
  backend.computePassEncoder.dispatchWorkgroups(...piece.grid);
  backend.dispatchCountInPass += 1;
  if (backend.dispatchCountInPass >= SUBMIT_EVERY) flushDispatches();
}

/** Submits what TF.js has encoded so far, so that a submit of our own comes after it. */
export function flushDispatches(): void {
  flush(recorder());
}

/** Copies all of a tensor's buffer into another's of the same size, in order with the dispatches. */
export function copyTensor(source: Tensor, target: Tensor): void {
  const backend = recorder();
  for (const { dataId } of [source, target]) backend.commandQueueOwnedIds.add(dataId);
  const [from, to] = [bufferOf(source), bufferOf(target)];
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.commandEncoder.copyBufferToBuffer(from, 0, to, 0, from.size);
  forgetRead(target);
}
