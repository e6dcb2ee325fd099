/** TF.js as the engine knows it: one import, one backend, on our own device. */
import * as tf from "@tensorflow/tfjs";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { GpuDevice } from "./device.ts";
import { healBackend } from "./healBackend.ts";
import { meterOf } from "./meter.ts";
import { boundSubmits } from "./submitBudget.ts";
import { assemble } from "../lib/assemble.ts";
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

/** Does without a trait from now on, until another device is installed: for one that a proof found at fault. */
export function dropTrait(name: keyof GpuTraits): void {
  traits = { ...traits, [name]: false };
}

let limit = Infinity;
/** Bytes that one buffer may have and one binding may span on the device in use. */
export const bindingLimit = (): number => limit;

/** @throws EngineError `device-limit` for what does not fit one binding */
export function checkBinding(what: string, bytes: number, most = limit): void {
  if (bytes <= most) return;
  const megabytes = (count: number): string => `${(count / 2 ** 20).toFixed(1)} MiB`;
  throw new EngineError(
    "device-limit",
    `${what}: got ${megabytes(bytes)} in one piece, expected at most ${megabytes(most)}, the most that this GPU takes at once.`,
    "Use a shorter text, fewer samples or a smaller model, or a GPU that takes larger buffers.",
  );
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
  const { features, limits } = gpu.device;
  limit = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  traits = {
    subgroups: features.has("subgroups"),
    // Software adapters convert at every step: no gain there.
    f16: features.has("shader-f16") && !gpu.software,
    avoidsBarriers: gpu.software,
  };
  tf.registerBackend("webgpu", () => {
    const backend = new WebGPUBackend(gpu.device, gpu.info);
    boundSubmits(backend);
    healBackend(backend);
    return backend;
  });
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

const bytesOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 4);

/** A tensor's buffer; the tensor is uploaded where it was not. Valid while the tensor lives. @throws EngineError `device-limit` */
export function bufferOf({ dataId }: { readonly dataId: object }): GPUBuffer {
  const backend = webgpuBackend();
  const data = backend.tensorMap.get(dataId);
  if (!data.resource) {
    checkBinding(`Values of shape (${data.shape.join(", ")})`, bytesOf(data.shape));
    backend.uploadToGPU(dataId);
  }
  const { resource } = data;
  if (resource instanceof GPUBuffer) return resource;
  throw new EngineError("gpu-error", "A tensor has no buffer on the GPU.", "This is a fault of the program: please report it.");
}

/** What a kernel binds for a tensor: its buffer, or the part of another's that it is a view of. */
export function bindingOf(tensor: Tensor): GPUBufferBinding {
  return viewed.has(tensor.dataId) ? (webgpuBackend().tensorMap.get(tensor.dataId).resource as never) : { buffer: bufferOf(tensor) };
}

/** Floats between places a binding may begin at: 256 bytes, which every device takes. */
export const ALIGNMENT = 64;
export const aligned = (floats: number): number => Math.ceil(floats / ALIGNMENT) * ALIGNMENT;

const viewed = new WeakMap<object, object>();
/** Identities of a tensor's data: its own and, for a view, that of the tensor it is a part of. */
export const dataIdsOf = ({ dataId }: Tensor): object[] => [dataId, viewed.get(dataId) ?? dataId];

export const isView = ({ dataId }: Tensor): boolean => viewed.has(dataId);

/**
 * A tensor over a part of another's buffer, for kernels as well as for ops of TF.js, but not to be read back. The whole must
 * outlive it; it may be a view itself. @param start in elements, as `aligned` gives it
 */
export function viewOf(whole: Tensor, start: number, shape: readonly number[]): Tensor {
  const backend = webgpuBackend();
  const info = backend.makeTensorInfo([...shape], whole.dtype);
  const size = bytesOf(shape);
  const { offset = 0 } = bindingOf(whole);
  // The whole's buffer as it is when the view is bound: it may be another after one could not be had.
  const resource = {
    get buffer() {
      return bindingOf(whole).buffer;
    },
    offset: offset + 4 * start,
    size,
  };
  // TF.js binds a resource that is no buffer as it is, and never releases an external one.
  Object.assign(backend.tensorMap.get(info.dataId), { resource, external: true });
  viewed.set(info.dataId, viewed.get(whole.dataId) ?? whole.dataId);
  return tf.engine().makeTensorFromTensorInfo(info);
}

/** To be called of a tensor that a kernel has written in place: TF.js would give out the values it read last. */
export function forgetRead(tensor: Tensor): void {
  Object.assign(webgpuBackend().tensorMap.get(tensor.dataId), { values: null });
}

/** A tensor whose contents are whatever its buffer held, which comes into being when it is first used. */
export function emptyTensor(shape: readonly number[], dtype: "float32" | "int32"): Tensor {
  return tf.engine().makeTensorFromTensorInfo(webgpuBackend().makeTensorInfo([...shape], dtype));
}

/** Bytes of live tensors, of all buffers held, pooled ones included, and the most held at once. */
export function gpuMemory(): { gpuBytes: number; gpuAllocatedBytes: number; gpuPeakBytes: number; tensors: number } {
  const { numBytesInGPU, numBytesAllocatedInGPU } = webgpuBackend().memory();
  const gpuPeakBytes = meterOf(webgpuBackend().device)?.read().peakBytes ?? numBytesAllocatedInGPU;
  return { gpuBytes: numBytesInGPU, gpuAllocatedBytes: numBytesAllocatedInGPU, gpuPeakBytes, tensors: tf.memory().numTensors };
}

/** Makes something of tensors that stay; where that ends half way, none of them does. */
export const building = <T>(build: (keep: <X extends Tensor>(tensor: X) => X) => T): T =>
  assemble((own) => build((tensor) => own(tf.keep(tensor)))).made;

/** Reads a float tensor back. Always asynchronous: a synchronous read is wrong or fatal on WebGPU. */
export async function readFloats(tensor: Tensor): Promise<Float32Array> {
  const data = await tensor.data();
  if (data instanceof Float32Array) return data;
  throw new EngineError("bad-shape", `Read a ${tensor.dtype} tensor as floats.`, "Use a float32 tensor here.");
}
