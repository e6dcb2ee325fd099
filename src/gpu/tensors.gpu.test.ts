import { beforeAll, expect, test } from "vitest";
import { copyRows } from "../kernels/attention.ts";
import { copyTensor } from "./dispatch.ts";
import { aligned, bindingLimit, bindingOf, emptyTensor, readFloats, tf, viewOf, webgpuBackend } from "./tensors.ts";
import { installTestGpu } from "./testing/testGpu.ts";

let gpuErrors: readonly string[] = [];
beforeAll(async () => {
  gpuErrors = await installTestGpu();
});

const whole = () => tf.tensor1d(Float32Array.from({ length: 192 }, (_, i) => i));

test("a view begins at a multiple of 256 bytes", () => {
  expect([0, 1, 64, 65].map(aligned)).toEqual([0, 64, 64, 128]);
});

test("kernels and ops of TF.js read a view, kernels write it, and it leaves no trace", async () => {
  const flat = whole();
  const before = tf.memory();
  const view = viewOf(flat, 64, [3, 5]);
  const doubled = tf.mul(view, 2);
  expect(Array.from(await readFloats(doubled))).toEqual(Array.from({ length: 15 }, (_, i) => 2 * (64 + i)));
  const rows = tf.fill([1, 5], -1);
  copyRows.runInto(view, { x: rows }, { S: 3, start: 1 });
  const expected = Float32Array.from({ length: 192 }, (_, i) => (i >= 69 && i < 74 ? -1 : i));
  expect(await readFloats(flat)).toEqual(expected);
  tf.dispose([view, doubled, rows]);
  expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
  flat.dispose();
  expect(gpuErrors).toEqual([]);
});

test("a view of a view begins where both say", async () => {
  const flat = whole();
  const outer = viewOf(flat, 64, [128]);
  const inner = viewOf(outer, 64, [7]);
  const doubled = tf.mul(inner, 2);
  expect(Array.from(await readFloats(doubled))).toEqual(Array.from({ length: 7 }, (_, i) => 2 * (128 + i)));
  tf.dispose([inner, outer, doubled, flat]);
});

test("what no binding can hold is refused before it is allocated", () => {
  const { limits } = webgpuBackend().device;
  expect(bindingLimit()).toBe(Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize));
  const beyond = emptyTensor([bindingLimit() / 4 + 1], "float32");
  expect(() => bindingOf(beyond)).toThrow(expect.objectContaining({ code: "device-limit" }));
  beyond.dispose();
  expect(gpuErrors).toEqual([]);
});

test("what was read before a write in place is not given out again", async () => {
  const target = tf.zeros([2, 3]);
  await readFloats(target);
  const rows = tf.ones([1, 3]);
  copyRows.runInto(target, { x: rows }, { S: 2, start: 1 });
  expect(Array.from(await readFloats(target))).toEqual([0, 0, 0, 1, 1, 1]);
  tf.dispose([target, rows]);
});

test("a copy is another buffer with the same bits", async () => {
  const source = whole();
  const copy = emptyTensor([192], "float32");
  copyTensor(source, copy);
  expect(await readFloats(copy)).toEqual(await readFloats(source));
  tf.dispose([source, copy]);
});
