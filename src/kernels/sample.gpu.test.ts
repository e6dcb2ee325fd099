import { beforeAll, expect, test } from "vitest";
import { emptyTensor, readFloats, tf } from "../gpu/tensors.ts";
import { uniformArray } from "../gpu/testing/arrays.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { createPrng } from "../lib/prng.ts";
import { keptTokens, sampleKernel } from "./sample.ts";

let gpuErrors: readonly string[] = [];
beforeAll(async () => {
  gpuErrors = await installTestGpu();
});

const V = 300;
const logits = uniformArray(createPrng(3), V, -4, 4);
const rule = { topK: 0, topP: 1, temperature: 1, seed: 5 };

/** Tokens drawn at the first `count` steps, and the figures of the last. */
async function draw(values: Float32Array, sampling: typeof rule, count: number) {
  const state = tf.tensor1d([0, 0, 0], "int32");
  const tensor = tf.tensor1d(values);
  const record = emptyTensor([12], "float32");
  const tokens: number[] = [];
  let figures = new Float32Array();
  for (let step = 0; step < count; step++) {
    sampleKernel.runInto(record, { logits: tensor, state }, { ...sampling, R: 12, F: 5 });
    figures = (await readFloats(record)).slice();
    tokens.push(figures[0] ?? NaN);
  }
  const after = Array.from(await state.data());
  tf.dispose([state, tensor, record]);
  return { tokens, figures, after };
}

test("probabilities are those of the whole softmax, whatever the temperature, and the state moves on", async () => {
  const { figures, after, tokens } = await draw(logits, { ...rule, temperature: 0.5, topK: 9 }, 3);
  const weights = Array.from(logits, Math.exp);
  const total = weights.reduce((a, b) => a + b, 0);
  const best = Array.from(weights.keys()).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0));
  expect(Array.from(figures.subarray(1, 6))).toEqual(best.slice(0, 5));
  best.slice(0, 5).forEach((id, f) => expect(figures[7 + f]).toBeCloseTo((weights[id] ?? 0) / total, 6));
  expect(figures[6]).toBeCloseTo((weights[tokens[2] ?? 0] ?? 0) / total, 6);
  expect(after).toEqual([tokens[2], 3, 3]);
  expect(gpuErrors).toEqual([]);
});

test.each([
  ["top k", { ...rule, topK: 3 }],
  ["top p", { ...rule, topP: 0.3 }],
  ["both, at a temperature", { ...rule, topK: 20, topP: 0.5, temperature: 1.5 }],
  ["a top p that keeps only the first", { ...rule, topP: 1e-6 }],
])("%s keeps the same tokens as sorting does", async (_name, sampling) => {
  const kept = keptTokens(logits, sampling);
  const { tokens } = await draw(logits, sampling, 60);
  expect(tokens.filter((token) => !kept.includes(token))).toEqual([]);
  expect(new Set(tokens).size).toBeGreaterThan(Math.min(kept.length, 60) / 3);
});

test("draws follow the softmax, differ by seed and repeat with it", async () => {
  const three = Float32Array.of(Math.log(0.6), Math.log(0.3), Math.log(0.1), -60, -60);
  const { tokens } = await draw(three, rule, 600);
  const share = (id: number): number => tokens.filter((token) => token === id).length / tokens.length;
  // Four standard deviations of a share of 600 draws.
  [0.6, 0.3, 0.1].forEach((p, id) => expect(Math.abs(share(id) - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 600)));
  const again = await draw(three, rule, 50);
  const other = await draw(three, { ...rule, seed: 6 }, 50);
  expect(again.tokens).toEqual(tokens.slice(0, 50));
  expect(other.tokens).not.toEqual(again.tokens);
});

test("equals: the lowest is greedy's, and all of them stay at the edge of top k", async () => {
  const flat = new Float32Array(10).fill(2);
  expect((await draw(flat, { ...rule, temperature: 0 }, 1)).tokens).toEqual([0]);
  const { tokens } = await draw(flat, { ...rule, topK: 1 }, 40);
  expect(new Set(tokens).size).toBeGreaterThan(3);
});
