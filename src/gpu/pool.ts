import { webgpuBackend } from "./tensors.ts";

/** The pool of TF.js's buffers: free ones wait, by exact size, and are never given back of themselves. */
interface Pool {
  readonly freeBuffers: Map<unknown, GPUBuffer[]>;
  numFreeBuffers: number;
  numBytesUsed: number;
  numBytesAllocated: number;
}

/** Gives every free buffer back. Work that was submitted with them goes on. */
export function emptyPool(): void {
  // Members that its types call private.
  const pool = webgpuBackend().bufferManager as unknown as Pool;
  for (const buffers of pool.freeBuffers.values()) {
    for (const buffer of buffers.splice(0)) {
      pool.numFreeBuffers -= 1;
      pool.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
  }
}

/** Gives free buffers back once they are more than `most` bytes: texts of every length leave buffers of their own sizes. */
export function trimPool(most: number): void {
  const { numBytesUsed, numBytesAllocated } = webgpuBackend().bufferManager;
  if (numBytesAllocated - numBytesUsed > most) emptyPool();
}
