import { afterEach, beforeEach, expect, test } from "vitest";
import { requestGpu, type GpuDevice } from "./device.ts";
import { readBack, settleAllocations } from "./allocations.ts";
import { flushDispatches } from "./dispatch.ts";
import { meterOf } from "./meter.ts";
import { emptyPool } from "./pool.ts";
import { emptyTensor, installBackend, readFloats, tf, viewOf } from "./tensors.ts";
import { createFailingGpu, type FailingGpu } from "./testing/failingGpu.ts";

let failing: FailingGpu;
let gpu: GpuDevice;
beforeEach(async () => {
  failing = createFailingGpu(navigator.gpu);
  gpu = await requestGpu(failing.gpu);
  gpu.device.addEventListener("uncapturederror", (event) => event.preventDefault());
  await installBackend(gpu);
});
afterEach(() => failing.arm());

const live = (): number => {
  flushDispatches();
  emptyPool();
  return meterOf(gpu.device)?.read().liveBytes ?? NaN;
};
const outOfMemory = { code: "out-of-memory", hint: expect.stringContaining("Nothing was changed") };

test("a buffer that could not be had is said once", async () => {
  failing.arm({ at: 1, how: "scope" });
  gpu.device.createBuffer({ size: 64, usage: GPUBufferUsage.STORAGE });
  await expect(settleAllocations(gpu.device)).rejects.toMatchObject(outOfMemory);
  await expect(settleAllocations(gpu.device)).resolves.toBeUndefined();
  expect(failing.unowned).toBe(0);
});

test("one that throws is typed at once", () => {
  failing.arm({ at: 1, how: "throws" });
  const make = (): GPUBuffer => gpu.device.createBuffer({ size: 64, usage: GPUBufferUsage.COPY_SRC, mappedAtCreation: true });
  expect(make).toThrow(expect.objectContaining(outOfMemory));
});

test.each(["scope", "throws"] as const)("values outlive a buffer that they do not get (%s), and so do views of them", async (how) => {
  const before = live();
  const whole = tf.keep(tf.tensor1d(Float32Array.from({ length: 128 }, (_, i) => i)));
  failing.arm({ at: 1, how });
  const sum = async (): Promise<Float32Array> => {
    const result = tf.tidy(() => {
      const view = viewOf(whole, 64, [64]);
      return tf.add(view, view);
    });
    return readFloats(result).finally(() => result.dispose());
  };
  await expect(sum()).rejects.toMatchObject(outOfMemory);
  const expected = Float32Array.from({ length: 64 }, (_, i) => 2 * (64 + i));
  expect(await sum()).toEqual(expected);
  whole.dispose();
  expect(live()).toBe(before);
});

test("a result and the buffer that it is read through are given back", async () => {
  const before = live();
  // The result, its uniforms, and where it is read through.
  for (const at of [1, 2, 3]) {
    const x = tf.keep(emptyTensor([256], "float32"));
    failing.arm({ at, how: "scope" });
    const result = tf.tidy(() => tf.zerosLike(x));
    await expect(readFloats(result), String(at)).rejects.toMatchObject(outOfMemory);
    tf.dispose([x, result]);
    failing.arm();
    expect(live(), String(at)).toBe(before);
  }
});

test("a kernel that fails half way gives back what it had looked at in another shape, and what it looked at stays whole", async () => {
  const before = live();
  const rows = tf.keep(
    tf.tensor2d(
      Float32Array.from({ length: 12 }, (_, i) => i),
      [4, 3],
    ),
  );
  const pick = (): tf.Tensor => tf.gather(rows, tf.tensor1d([2, 0], "int32"));
  // After the result's comes the rows' own buffer, then the one of the row numbers.
  for (const at of [2, 3]) {
    live();
    failing.arm({ at, how: "throws" });
    expect(() => tf.tidy(pick), String(at)).toThrow(expect.objectContaining(outOfMemory));
  }
  failing.arm();
  const picked = tf.tidy(pick);
  expect(await readFloats(picked)).toEqual(Float32Array.of(6, 7, 8, 0, 1, 2));
  tf.dispose([rows, picked]);
  expect(live()).toBe(before);
});

test("a gradient that fails anywhere on its way leaves nothing behind, and comes out right afterwards", async () => {
  const gradient = (): tf.Tensor => {
    const slope = tf.grad((x) =>
      tf.sum(tf.mul(tf.gather(tf.reshape(x, [3, 2]), tf.tensor1d([2, 0], "int32")), tf.exp(tf.tensor1d([0, 0])))),
    );
    return tf.tidy(() => slope(tf.tensor1d([1, 2, 3, 4, 5, 6])));
  };
  const before = live();
  const attempt = async (at: number): Promise<unknown> => {
    failing.arm({ at, how: "throws" });
    try {
      gradient().dispose();
      await settleAllocations(gpu.device);
      return undefined;
    } catch (thrown) {
      return thrown;
    } finally {
      failing.arm();
    }
  };
  let failed = 0;
  for (let thrown = await attempt(1); thrown !== undefined; thrown = await attempt(failed + 1)) {
    expect(thrown).toMatchObject(outOfMemory);
    failed += 1;
    expect(live(), String(failed)).toBe(before);
  }
  expect(failed).toBeGreaterThan(8);
  const found = gradient();
  expect(await readFloats(found)).toEqual(Float32Array.of(1, 1, 0, 0, 1, 1));
  found.dispose();
});

test("a pooled buffer whose values find no way into it is given back", async () => {
  const before = live();
  const sum = (): tf.Tensor => tf.tidy(() => tf.add(tf.tensor1d([1, 2, 3]), 1));
  const first = sum();
  await readFloats(first);
  first.dispose();
  // The buffers for [1, 2, 3] and for 1 are there from before; the way into the first is not.
  failing.arm({ at: 1, how: "throws" });
  expect(sum).toThrow(expect.objectContaining(outOfMemory));
  failing.arm();
  const second = sum();
  expect(await readFloats(second)).toEqual(Float32Array.of(2, 3, 4));
  second.dispose();
  expect(live()).toBe(before);
});

test("a device that is lost while it is read from is said to be", async () => {
  const { device } = gpu;
  const buffer = device.createBuffer({ size: 64, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const reading = readBack(device, buffer.mapAsync(GPUMapMode.READ));
  device.destroy();
  await expect(reading).rejects.toMatchObject({ code: "device-lost" });
});
