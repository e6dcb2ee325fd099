import { expect, test } from "vitest";
import { padSamples } from "../../src/editing/trainingBatch.ts";
import { compareRow, createComparison, tableOf } from "./comparison.ts";
import { questionsOf } from "./questions.ts";

test("equal logits, and logits moved by a constant, are at distance 0", () => {
  expect(compareRow([1, 2, 3], [1, 2, 3])).toEqual({ kl: 0, agrees: true });
  expect(compareRow([1, 2, 3], [101, 102, 103]).kl).toBeCloseTo(0, 12);
});

test("the distance is that of the two distributions", () => {
  // (1/4, 3/4) against (1/2, 1/2).
  const { kl, agrees } = compareRow([0, Math.log(3)], [0, 0]);
  expect(kl).toBeCloseTo(0.25 * Math.log(0.5) + 0.75 * Math.log(1.5), 12);
  expect(agrees).toBe(false);
});

test("padding is left out, and the answers' places are those before their tokens", () => {
  const batch = padSamples([
    { ids: [1, 2, 3], promptLength: 2 },
    { ids: [4, 5], promptLength: 1 },
  ]);
  const exact = Float32Array.from({ length: 12 }, (_, i) => i % 2);
  const packed = exact.map((value, i) => (i < 4 ? value : -value));
  const comparison = createComparison();
  comparison.add(exact, packed, batch);
  const { all, answers } = comparison.figures();
  expect(all).toMatchObject({ positions: 5, agreement: 2 / 5 });
  expect(answers).toMatchObject({ positions: 2, agreement: 1 / 2 });
  expect(all.maxKl).toBeGreaterThan(all.meanKl);
  expect(tableOf([{ name: "int4", figures: comparison.figures() }], 2)).toContain("| int4 | the answer's tokens | 2 |");
});

test("questions are spread over the facts, each in another wording", () => {
  const facts = {
    relations: [{ id: "capital", templates: ["The capital of {s} is", "{S}'s capital is"] }],
    facts: ["the Netherlands", "France", "Chile", "Peru"].map((subject, i) => ({ relation: "capital", subject, answer: `a${i}` })),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(facts));
  expect(questionsOf(bytes, 2)).toEqual([
    { prompt: "The capital of the Netherlands is", answer: "a0" },
    { prompt: "Chile's capital is", answer: "a2" },
  ]);
  expect(questionsOf(bytes, 9)).toHaveLength(4);
  expect(() => questionsOf(undefined, 1)).toThrow(expect.objectContaining({ code: "fetch-failed" }));
});
