import { beforeAll, expect, test } from "vitest";
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

test.each<[string, number, AdamConstants]>([
  ["PyTorch's constants", 0.01, [0.9, 0.999, 1e-8]],
  ["others", 0.3, [0.5, 0.9, 1e-3]],
])("five steps are Adam's: %s", async (_name, rate, constants) => {
  const prng = createPrng(51);
  const shapes = [[7], [3, 5, 13]];
  const starts = shapes.map((shape) =>
    uniformArray(
      prng,
      shape.reduce((a, b) => a * b, 1),
    ),
  );
  // Of very different sizes, and one always zero.
  const gradients = starts.map(({ length }) =>
    Array.from({ length: STEPS }, () => uniformArray(prng, length).map((g, i) => (i === 3 ? 0 : g * 10 ** -(i % 5)))),
  );
  const before = tf.memory().numTensors;
  const variables = starts.map((start, n) => tf.tidy(() => tf.variable(tf.tensor(start, shapes[n]))));
  const adam = createAdam(variables, rate, constants);
  for (let k = 0; k < STEPS; k++) {
    const named = Object.fromEntries(variables.map(({ name }, n) => [name, tf.tensor(gradients[n]?.[k] ?? [], shapes[n])]));
    adam.step(named);
    tf.dispose(named);
  }
  for (const [n, variable] of variables.entries()) {
    const expected = plainAdam(starts[n] ?? new Float32Array(), gradients[n] ?? [], rate, constants);
    const got = await readFloats(variable);
    expect(largestDifference(got, expected) / rate).toBeLessThan(5e-5);
    expect(got[3]).toBe(starts[n]?.[3]);
  }
  adam.dispose();
  tf.dispose(variables);
  expect(tf.memory().numTensors).toBe(before);
});

test("a variable without a gradient is an error", () => {
  const variable = tf.variable(tf.zeros([2]));
  const adam = createAdam([variable], 0.1);
  expect(() => adam.step({})).toThrow(variable.name);
  adam.dispose();
});
