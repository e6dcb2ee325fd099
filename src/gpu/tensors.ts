/** TF.js as the engine knows it: one import, one backend, on our own device. */
import * as tf from "@tensorflow/tfjs";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { GpuDevice } from "./device.ts";
import { EngineError } from "../lib/errors.ts";

export type Tensor = tf.Tensor;
export { tf };

let software = false;

/** Whether kernels should avoid shared memory and barriers: true on software adapters, where a barrier costs more than a load. */
export const avoidsBarriers = (): boolean => software;

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
  software = gpu.software;
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
