import { beforeAll, expect, test } from "vitest";
import { emptyPool, trimPool } from "./pool.ts";
import { meterOf } from "./meter.ts";
import { installTestGpu } from "./testing/testGpu.ts";
import { gpuMemory, tf, webgpuBackend } from "./tensors.ts";

beforeAll(() => installTestGpu());

async function makeAndDrop(size: number): Promise<void> {
  const tensor = tf.tidy(() => tf.add(tf.ones([size]), 1));
  await tensor.data();
  tensor.dispose();
}

test("free buffers go past the limit, and not before", async () => {
  emptyPool();
  const start = gpuMemory();
  const live = (): number => meterOf(webgpuBackend().device)?.read().liveBytes ?? NaN;
  const liveAtStart = live();
  for (const size of [1001, 2003, 3001]) await makeAndDrop(size);
  const waiting = gpuMemory().gpuAllocatedBytes - start.gpuAllocatedBytes;
  expect(waiting).toBeGreaterThan(4 * 6005);
  trimPool(waiting * 4);
  expect(gpuMemory().gpuAllocatedBytes - start.gpuAllocatedBytes).toBe(waiting);
  trimPool(1000);
  const end = gpuMemory();
  expect(end.gpuAllocatedBytes).toBeLessThanOrEqual(start.gpuAllocatedBytes + (end.gpuBytes - start.gpuBytes));
  expect(live()).toBeLessThanOrEqual(liveAtStart + (end.gpuBytes - start.gpuBytes));
  expect(webgpuBackend().bufferManager.getNumFreeBuffers()).toBe(0);
});
