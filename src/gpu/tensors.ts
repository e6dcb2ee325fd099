/** TF.js as the engine knows it: one import, one backend, on our own device. */
import * as tf from "@tensorflow/tfjs";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { GpuDevice } from "./device.ts";
import { EngineError } from "../lib/errors.ts";

export type Tensor = tf.Tensor;
export { tf };

/** What kernels choose their variant by. */
export interface GpuTraits {
  /** Sums within a subgroup are offered. */
  readonly subgroups: boolean;
  /** Arithmetic in f16 is offered and worth it. */
  readonly f16: boolean;
  /** A barrier costs more than a load, as on software adapters: kernels without shared memory are chosen. */
  readonly avoidsBarriers: boolean;
}

let traits: GpuTraits = { subgroups: false, f16: false, avoidsBarriers: false };
export const gpuTraits = (): GpuTraits => traits;
export const avoidsBarriers = (): boolean => traits.avoidsBarriers;

/** Runs work with other variants than the device's own: for tests and for the proof of every variant. */
export function withTraits<T>(others: Partial<GpuTraits>, work: () => T): T {
  const own = traits;
  traits = { ...own, ...others };
  try {
    return work();
  } finally {
    traits = own;
  }
}

const zeroVectors = new Map<number, Tensor>();

/** A shared vector of zeros, for layers without a bias. Never dispose of it. */
export function zeroVector(size: number): Tensor {
  let zeros = zeroVectors.get(size);
  if (!zeros) {
    zeros = tf.keep(tf.zeros([size]));
    zeroVectors.set(size, zeros);
  }
  return zeros;
}

/** Hands our device to TF.js and makes its WebGPU backend the one in use. Replaces an earlier device. */
export async function installBackend(gpu: GpuDevice): Promise<void> {
  if (tf.findBackendFactory("webgpu")) tf.removeBackend("webgpu");
  zeroVectors.clear();
  const { features } = gpu.device;
  traits = {
    subgroups: features.has("subgroups"),
    // Software adapters convert at every step: no gain there.
    f16: features.has("shader-f16") && !gpu.software,
    avoidsBarriers: gpu.software,
  };
  tf.registerBackend("webgpu", () => new WebGPUBackend(gpu.device, gpu.info));
  // Small tensors would otherwise be computed on the CPU whenever they have not been uploaded yet.
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  // The stock split-K product adds up with float atomics and is not bit-stable; program type 3 is.
  tf.env().set("WEBGPU_MATMUL_PROGRAM_TYPE", 3);
  if (!(await tf.setBackend("webgpu"))) {
    throw new EngineError("gpu-error", "TF.js refused the WebGPU device.", "Reload the page; if it stays, update the graphics driver.");
  }
  await tf.ready();
}

/** The backend in use. @throws EngineError `no-webgpu` before installBackend. */
export function webgpuBackend(): WebGPUBackend {
  const backend = tf.backend();
  if (backend instanceof WebGPUBackend) return backend;
  throw new EngineError("no-webgpu", "The WebGPU backend is not installed.", "Call installBackend first.");
}

/** A tensor's buffer; the tensor is uploaded where it was not. Valid while the tensor lives. */
export function bufferOf({ dataId }: { readonly dataId: object }): GPUBuffer {
  const backend = webgpuBackend();
  backend.uploadToGPU(dataId);
  const resource = backend.tensorMap.get(dataId).resource;
  if (resource instanceof GPUBuffer) return resource;
  throw new EngineError("gpu-error", "A tensor has no buffer on the GPU.", "This is a fault of the program: please report it.");
}

/** A tensor whose contents are whatever its buffer held. */
export function emptyTensor(shape: readonly number[], dtype: "float32" | "int32"): Tensor {
  return tf.engine().makeTensorFromTensorInfo(webgpuBackend().makeTensorInfo([...shape], dtype));
}

/** Bytes of live tensors and of all buffers held, pooled ones included. */
export function gpuMemory(): { gpuBytes: number; gpuAllocatedBytes: number; tensors: number } {
  const { numBytesInGPU, numBytesAllocatedInGPU } = webgpuBackend().memory();
  return { gpuBytes: numBytesInGPU, gpuAllocatedBytes: numBytesAllocatedInGPU, tensors: tf.memory().numTensors };
}

/** Reads a float tensor back. Always asynchronous: a synchronous read is wrong or fatal on WebGPU. */
export async function readFloats(tensor: Tensor): Promise<Float32Array> {
  const data = await tensor.data();
  if (data instanceof Float32Array) return data;
  throw new EngineError("bad-shape", `Read a ${tensor.dtype} tensor as floats.`, "Use a float32 tensor here.");
}
