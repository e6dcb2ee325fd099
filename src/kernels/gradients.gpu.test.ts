import { beforeAll, describe, expect, test } from "vitest";
import { readFloats, tf, withTraits, type GpuTraits, type Tensor } from "../gpu/tensors.ts";
import { dot, moved, uniformArray } from "../gpu/testing/arrays.ts";
import { randomDirection, slopeError } from "../gpu/testing/slopes.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { createPrng } from "../lib/prng.ts";
import { encodeFloat16 } from "../lib/float16.ts";
import { ACTIVATIONS, activation } from "./activation.ts";
import { batchAttention } from "./batchAttention.ts";
import { linearLayer } from "./linearLayer.ts";
import { norm } from "./norm.ts";
import { rope, ropeTable } from "./rope.ts";
import { PER_WORD, scaleWords, WEIGHT_FORMATS, type Weight, type WeightFormat } from "./weight.ts";

const TOLERANCE = 1e-3;
const DIRECTIONS = 3;

let gpuErrors: readonly string[] = [];
beforeAll(async () => {
  gpuErrors = await installTestGpu();
});

interface Point {
  readonly shape: number[];
  readonly data: Float32Array;
}

const prng = createPrng(11);
const point = (...shape: number[]): Point => ({
  shape,
  data: uniformArray(
    prng,
    shape.reduce((a, b) => a * b, 1),
  ),
});
const constant = ({ shape, data }: Point): Tensor => tf.tensor(data, shape, "float32");

/** Every gradient of `run` at the points against central differences of its own output, along random directions. */
async function checkGradients<Name extends string>(
  points: Readonly<Record<Name, Point>>,
  run: (tensors: Record<Name, Tensor>) => Tensor,
  step = 0.02,
  traits: Partial<GpuTraits> = {},
): Promise<void> {
  const names = Object.keys(points) as Name[];
  const tensorsAt = (at: Record<Name, Float32Array>) =>
    Object.fromEntries(names.map((name) => [name, tf.tensor(at[name], points[name].shape, "float32")])) as Record<Name, Tensor>;
  const origin = Object.fromEntries(names.map((name) => [name, points[name].data])) as Record<Name, Float32Array>;
  const outputAt = async (at: Record<Name, Float32Array>): Promise<Float32Array> => {
    const output = withTraits(traits, () => tf.tidy(() => run(tensorsAt(at))));
    const floats = await readFloats(output);
    output.dispose();
    return floats;
  };
  const weights = uniformArray(createPrng(5), (await outputAt(origin)).length);
  const weighted = (...tensors: Tensor[]): Tensor => {
    const output = run(Object.fromEntries(names.map((name, i) => [name, tensors[i]])) as Record<Name, Tensor>);
    return tf.sum(tf.mul(output, tf.tensor(weights, output.shape)));
  };
  const gradients = withTraits(traits, () => tf.tidy(() => tf.grads(weighted as never)(Object.values<Tensor>(tensorsAt(origin)))));
  const directions = createPrng(6);
  for (const [i, name] of names.entries()) {
    const gradient = await readFloats(gradients[i] as Tensor);
    for (let k = 0; k < DIRECTIONS; k++) {
      const direction = randomDirection(directions, gradient.length);
      const value = async (at: Float32Array): Promise<number> => dot(await outputAt({ ...origin, [name]: at }), weights);
      const error = await slopeError({ value, point: origin[name], gradient, direction, step });
      expect(error, `${name}, direction ${k}`).toBeLessThan(TOLERANCE);
    }
  }
  tf.dispose(gradients);
  expect(gpuErrors).toEqual([]);
}

function weightOf(format: WeightFormat, rows: number, columns: number): Weight {
  if (format === "f32") return { format, rows, columns, group: 1, w: constant(point(rows, columns)) };
  if (format === "f16") {
    const pairs = Int32Array.from({ length: (rows * columns) / 2 }, () => {
      const [low, high] = [0, 0].map(() => encodeFloat16(prng.uniform(-1, 1))) as [number, number];
      return low | (high << 16);
    });
    return { format, rows, columns, group: 1, w: tf.tensor(pairs, [rows, columns / 2], "int32") };
  }
  const half = (): number => encodeFloat16(prng.uniform(0.1, 1) / (format === "int8" ? 128 : 8));
  const upper = (): number => (format === "int4m" ? encodeFloat16(prng.uniform(-1, 0)) : half());
  // The smallest groups, which not every kernel takes.
  const group = format === "int4m" ? 8 : 32;
  const words = Int32Array.from({ length: (rows * columns) / PER_WORD[format] }, () => prng.below(2 ** 32) | 0);
  const scales = Int32Array.from({ length: scaleWords(format, (rows * columns) / group) }, () => half() | (upper() << 16));
  return {
    format,
    rows,
    columns,
    group,
    w: tf.tensor(words, [rows, words.length / rows], "int32"),
    scales: tf.tensor(scales, [scales.length], "int32"),
  };
}

describe("norm", () => {
  test.each([
    ["layer", 1],
    ["RMS", 0],
  ] as const)("%s norm in x", (_name, centred) => {
    const [weight, bias] = [constant(point(37)), constant(point(37))];
    return checkGradients({ x: point(5, 37) }, ({ x }) => norm.run({ x, weight, bias }, { eps: 1e-5, centred }));
  });
});

test.each(ACTIVATIONS)("activation %s in x", (name) => {
  const { shape, data } = point(6, 41);
  // ReLU has no slope at 0: keep away from it.
  const clear = data.map((v) => 2 * v + Math.sign(v) * 0.2);
  return checkGradients({ x: { shape, data: clear } }, ({ x }) => activation(x, name));
});

test("rope in x", () => {
  const table = tf.tensor(ropeTable([1, 0.3, 0.1, 0.03], 19), [19, 8]);
  const positions = tf.tensor1d([0, 3, 18, 7, 7], "int32");
  return checkGradients({ x: point(5, 24) }, ({ x }) => rope(x, positions, table));
});

describe.each(WEIGHT_FORMATS)("linear layer, %s", (format) => {
  test.each([
    ["16", 16],
    ["1", 1],
  ] as const)("in x of %s rows", (_label, rows) => {
    const weight = weightOf(format, 36, 64);
    const bias = constant(point(36));
    return checkGradients({ x: point(rows, 64) }, ({ x }) => linearLayer(x, weight, bias));
  });
  test("with a mixture, in x, a, b and gates", () => {
    const weight = weightOf(format, 36, 64);
    const bias = constant(point(36));
    const gates = { shape: [3, 4], data: Float32Array.of(0.4, 0, 0.3, 0, 0, 0.6, 0, 0.2, 0, 0, 0.5, 0.5) };
    const points = { x: point(15, 64), a: point(12, 64), b: point(12, 36), gates };
    return checkGradients(points, ({ x, a, b, gates: own }) => linearLayer(x, weight, bias, { a, b, gates: own, scale: 0.5 }));
  });
});

/** The kernels of a GPU, whatever computes here: by rows, wide tiles, square tiles. */
describe.each(["f32", "f16", "int8", "int4"] as const)("linear layer through workgroup memory, %s", (format) => {
  // Square tiles are slow without a GPU: one packed format stands for all.
  test.each(format === "int4" ? [3, 15, 72] : [3, 15])("with a mixture, in x, a, b and gates, %i rows", (rows) => {
    const weight = weightOf(format, 40, 64);
    const bias = constant(point(40));
    const gates = { shape: [3, 4], data: Float32Array.of(0.4, 0, 0.3, 0, 0, 0.6, 0, 0.2, 0, 0, 0.5, 0.5) };
    const points = { x: point(rows, 64), a: point(40, 64), b: point(40, 40), gates };
    const run = ({ x, a, b, gates: own }: Record<keyof typeof points, Tensor>): Tensor =>
      linearLayer(x, weight, bias, { a, b, gates: own, scale: 0.5 });
    return checkGradients(points, run, 0.02, { avoidsBarriers: false });
  });
});

test("linear layer of sizes no multiple of 4, with a mixture", () => {
  const weight = weightOf("f32", 33, 57);
  const bias = constant(point(33));
  const points = {
    x: point(9, 57),
    a: point(6, 57),
    b: point(6, 33),
    gates: { shape: [3, 2], data: Float32Array.of(0.4, 0, 0.3, 0.7, 0, 0.9) },
  };
  return checkGradients(points, ({ x, a, b, gates }) => linearLayer(x, weight, bias, { a, b, gates, scale: 1.5 }));
});

describe("batch attention in q, k and v", () => {
  const cases = [
    ["as many keys as queries", 4, 4],
    ["grouped queries", 4, 2],
    ["one key head", 3, 1],
  ] as const;
  test.each(cases)("%s, padded", (_name, heads, kvHeads) => {
    const [B, T, D] = [3, 6, 8];
    const lengths = [6, 3, 1];
    const mask = tf.tensor1d(lengths.flatMap((length) => Array.from({ length: T }, (_, t) => Number(t < length))));
    const points = { q: point(B * T, heads * D), k: point(B * T, kvHeads * D), v: point(B * T, kvHeads * D) };
    return checkGradients(points, ({ q, k, v }) => batchAttention(q, k, v, mask, { T, D, scale: 0.5 }));
  });
});

test("no gradient reaches keys and values of padding", async () => {
  const [T, D] = [5, 4];
  const mask = tf.tensor1d([1, 1, 1, 0, 0]);
  const [q, k, v] = [point(T, D), point(T, D), point(T, D)].map(constant) as [Tensor, Tensor, Tensor];
  const real = tf.tensor2d(Array.from({ length: T }, (_, t) => new Array<number>(D).fill(Number(t < 3))));
  const [dk, dv] = tf.grads((k1: Tensor, v1: Tensor) => tf.sum(tf.mul(batchAttention(q, k1, v1, mask, { T, D, scale: 1 }), real)))([k, v]);
  for (const slope of [dk, dv]) {
    const floats = await readFloats(slope as Tensor);
    expect([...floats.subarray(3 * D)]).toEqual(new Array(2 * D).fill(0));
    expect(floats.subarray(0, 3 * D).some((value) => value !== 0)).toBe(true);
  }
});

test("a wrong gradient is found", async () => {
  const x = Float32Array.of(0.3, -0.7, 0.2);
  const value = async (at: Float32Array): Promise<number> => at.reduce((sum, v) => sum + v ** 3, 0);
  const direction = randomDirection(createPrng(1), 3);
  const right = x.map((v) => 3 * v * v);
  expect(await slopeError({ value, point: x, gradient: right, direction, step: 0.02 })).toBeLessThan(1e-5);
  expect(await slopeError({ value, point: x, gradient: moved(right, right, 0.01), direction, step: 0.02 })).toBeGreaterThan(TOLERANCE);
});
