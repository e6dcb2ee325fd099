import { describe, expect, test } from "vitest";
import { createPrng, type Prng } from "../lib/prng.ts";
import { argMax, mostProbable, sampleToken, softmaxRow, type SamplingRule } from "./sampling.ts";

/** Logits of probabilities 0.1, 0.4, 0.2, 0.3. */
const logits = Float32Array.from([0.1, 0.4, 0.2, 0.3], Math.log);
const all: SamplingRule = { temperature: 1, topK: 0, topP: 1 };
const drawing = (value: number): Prng => ({ next: () => value, below: () => 0, uniform: () => value });

/** The token drawn at each of the given places of [0, 1). */
const drawnAt = (rule: SamplingRule, places: readonly number[]): number[] =>
  places.map((place) => sampleToken(logits, rule, drawing(place)));

test("softmax is exact in float64 and does not overflow", () => {
  expect(Array.from(softmaxRow(logits), (p) => p.toFixed(6))).toEqual(["0.100000", "0.400000", "0.200000", "0.300000"]);
  expect([...softmaxRow(Float32Array.of(3e38, 3e38, -3e38))]).toEqual([0.5, 0.5, 0]);
});

describe("greedy", () => {
  test("takes the largest, and the lowest id of equals", () => {
    expect(argMax(logits)).toBe(1);
    expect(argMax([1, 3, 3, 2, 3])).toBe(1);
    expect(argMax([-5, -5])).toBe(0);
    expect(argMax([-Infinity, -3])).toBe(1);
  });
  test("the most probable come first, equals by id", () => {
    expect(mostProbable([0.1, 0.4, 0.1, 0.4], 3)).toEqual([
      { id: 1, probability: 0.4 },
      { id: 3, probability: 0.4 },
      { id: 0, probability: 0.1 },
    ]);
    expect(mostProbable([1], 5)).toHaveLength(1);
  });
});

describe("sampling", () => {
  test("draws along the probabilities, most probable first", () => {
    expect(drawnAt(all, [0, 0.39, 0.41, 0.69, 0.71, 0.89, 0.91, 0.9999999])).toEqual([1, 1, 3, 3, 2, 2, 0, 0]);
  });
  test("top k keeps k and shares out their mass", () => {
    // 0.4 and 0.3 of 0.7: the first up to 0.5714.
    expect(drawnAt({ ...all, topK: 2 }, [0, 0.57, 0.572, 0.9999])).toEqual([1, 1, 3, 3]);
    expect(drawnAt({ ...all, topK: 1 }, [0, 0.5, 0.9999])).toEqual([1, 1, 1]);
    expect(drawnAt({ ...all, topK: 99 }, [0.9999])).toEqual([0]);
  });
  test("top p keeps the fewest that reach p", () => {
    expect(drawnAt({ ...all, topP: 0.35 }, [0, 0.9999])).toEqual([1, 1]);
    expect(drawnAt({ ...all, topP: 0.65 }, [0.57, 0.572, 0.9999])).toEqual([1, 3, 3]);
    // 0.4 + 0.3 of 0.7: three are needed for 0.75, of mass 0.9.
    expect(drawnAt({ ...all, topP: 0.75 }, [0.44, 0.45, 0.77, 0.78, 0.9999])).toEqual([1, 3, 3, 2, 2]);
  });
  test("top p of 0 keeps the most probable one", () => {
    expect(drawnAt({ ...all, topP: 0 }, [0, 0.9999])).toEqual([1, 1]);
  });
  test("top k and top p together keep what both keep", () => {
    expect(drawnAt({ ...all, topK: 3, topP: 0.65 }, [0.57, 0.572, 0.9999])).toEqual([1, 3, 3]);
  });
  test("temperature sharpens below 1 and flattens above", () => {
    // At 1/2 the probabilities go as squares: 1, 16, 4, 9 of 30.
    expect(drawnAt({ ...all, temperature: 0.5 }, [0.533, 0.534, 0.833, 0.834, 0.966, 0.967])).toEqual([1, 3, 3, 2, 2, 0]);
    expect(drawnAt({ ...all, temperature: 1e6 }, [0.24, 0.26, 0.51, 0.76])).toEqual([1, 3, 2, 0]);
  });
  test("the same seed draws the same tokens, in the shares asked for", () => {
    const draw = (seed: number): number[] => {
      const prng = createPrng(seed);
      return Array.from({ length: 4000 }, () => sampleToken(logits, all, prng));
    };
    const drawn = draw(3);
    expect(draw(3)).toEqual(drawn);
    expect(draw(4)).not.toEqual(drawn);
    // Four standard deviations of a share of 0.4 among 4,000.
    expect(Math.abs(drawn.filter((id) => id === 1).length / 4000 - 0.4)).toBeLessThan(0.031);
  });
});
