import { beforeAll, describe, expect, test } from "vitest";
import { readFloats, tf } from "../gpu/tensors.ts";
import { largestDifference, uniformArray } from "../gpu/testing/arrays.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { createPrng } from "../lib/prng.ts";
import { createAdam, type AdamConstants } from "./adam.ts";

beforeAll(() => installTestGpu());

const STEPS = 5;

/** Adam by the book, in float64. */
function plainAdam(
  start: Float32Array,
  gradients: readonly Float32Array[],
  rate: number,
  [beta1, beta2, epsilon]: AdamConstants,
): Float64Array {
  const parameters = Float64Array.from(start);
  const m = new Float64Array(start.length);
  const v = new Float64Array(start.length);
  gradients.forEach((gradient, k) => {
    for (let i = 0; i < start.length; i++) {
      const g = gradient[i] ?? 0;
      m[i] = beta1 * (m[i] ?? 0) + (1 - beta1) * g;
      v[i] = beta2 * (v[i] ?? 0) + (1 - beta2) * g * g;
      const corrected = Math.sqrt((v[i] ?? 0) / (1 - beta2 ** (k + 1))) + epsilon;
      parameters[i] = (parameters[i] ?? 0) - (rate * (m[i] ?? 0)) / (1 - beta1 ** (k + 1)) / corrected;
    }
  });
  return parameters;
}

/** Runs Adam on the GPU, a step for each gradient. @returns parameters, tallies summed, and tensors left over */
async function runAdam(
  start: Float32Array,
  gradients: readonly Float32Array[],
  rate: number,
  constants?: AdamConstants,
  faults = 0,
): Promise<{ parameters: Float32Array; squares: number; faults: number; leaked: number }> {
  const before = tf.memory().numTensors;
  const parameters = tf.tensor1d(start);
  const report = tf.tensor1d([0, 0, 0, faults]);
  const adam = createAdam(parameters, rate, constants);
  for (const gradient of gradients) {
    const g = tf.tensor1d(gradient);
    adam.step(g, report);
    g.dispose();
  }
  const tallies = await readFloats(adam.tallies);
  const sum = (odd: number): number => tallies.reduce((total, value, i) => (i % 2 === odd ? total + value : total), 0);
  const result = { parameters: await readFloats(parameters), squares: sum(0), faults: sum(1) };
  adam.dispose();
  tf.dispose([parameters, report]);
  return { ...result, leaked: tf.memory().numTensors - before };
}

test.each<[string, number, AdamConstants]>([
  ["PyTorch's constants", 0.01, [0.9, 0.999, 1e-8]],
  ["others", 0.3, [0.5, 0.9, 1e-3]],
])("five steps are Adam's: %s", async (_name, rate, constants) => {
  const prng = createPrng(51);
  const start = uniformArray(prng, 3 * 64 * 7);
  // Of very different sizes, and one always zero.
  const gradients = Array.from({ length: STEPS }, () => uniformArray(prng, start.length).map((g, i) => (i === 3 ? 0 : g * 10 ** -(i % 5))));
  const got = await runAdam(start, gradients, rate, constants);
  expect(largestDifference(got.parameters, plainAdam(start, gradients, rate, constants)) / rate).toBeLessThan(5e-5);
  expect(got.parameters[3]).toBe(start[3]);
  expect(got).toMatchObject({ faults: 0, leaked: 0 });
  const last = gradients.at(-1) ?? new Float32Array();
  expect(got.squares / last.reduce((sum, g) => sum + g * g, 0)).toBeCloseTo(1, 5);
});

test("more parameters than a dispatch has threads are all taken, with the same bits each time", async () => {
  const size = 4_300_800;
  const start = new Float32Array(size).fill(1);
  const gradient = Float32Array.from({ length: size }, (_, i) => (i % 2 === 0 ? 1 : -1));
  const first = await runAdam(start, [gradient], 0.25);
  expect(first.parameters.every((value, i) => Math.abs(value - (i % 2 === 0 ? 0.75 : 1.25)) < 1e-5)).toBe(true);
  expect(first.squares).toBe(size);
  const again = await runAdam(start, [gradient], 0.25);
  expect(again.parameters.every((value, i) => value === first.parameters[i])).toBe(true);
});

describe("faults", () => {
  const ones = new Float32Array(512).fill(1);
  const withOne = (value: number): Float32Array => ones.map((one, i) => (i === 301 ? value : one));

  test.each([NaN, Infinity, -Infinity])("a gradient of %s is counted and changes nothing", async (value) => {
    const { parameters, faults } = await runAdam(ones, [withOne(value)], 0.1);
    expect(faults).toBe(1);
    expect(parameters[301]).toBe(1);
    expect(parameters[0]).toBeCloseTo(0.9, 5);
  });

  test("a parameter that would leave all bounds stays", async () => {
    const { parameters, faults } = await runAdam(ones, [ones], 1e30);
    expect(faults).toBe(512);
    expect(parameters).toEqual(ones);
  });

  test("after a report of faults nothing changes", async () => {
    const { parameters, faults } = await runAdam(ones, [ones, ones], 0.1, undefined, 3);
    expect(faults).toBeGreaterThan(0);
    expect(parameters).toEqual(ones);
  });
});
