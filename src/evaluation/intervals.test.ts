import { expect, test } from "vitest";
import { estimate, estimateMetric } from "./intervals.ts";
import { madeEdit, madeResult, outcome } from "./testing/outcomes.ts";

const counts = (...hits: number[]) => hits.map((hit) => ({ hits: hit, of: 1 }));

test("what never varies has no width", () => {
  expect(estimate([counts(1, 1, 1)])).toEqual({ mean: 1, low: 1, high: 1, least: 1, greatest: 1, runs: 1 });
});

test("two edits, one hit: draws are 0, 1/2, 1 with chances 1/4, 1/2, 1/4, so that 95 % reach from 0 to 1", () => {
  expect(estimate([counts(1, 0)])).toMatchObject({ mean: 0.5, low: 0, high: 1, least: 0.5, greatest: 0.5 });
});

test("100 edits, 90 hits: a binomial of mean 90 and deviation 3, whose 2.5 % and 97.5 % quantiles are 84 and 95", () => {
  const own = estimate([counts(...Array.from({ length: 100 }, (_, i) => Number(i < 90)))]);
  expect(own?.mean).toBe(0.9);
  expect(Math.abs((own?.low ?? 0) - 0.84)).toBeLessThanOrEqual(0.0101);
  expect(Math.abs((own?.high ?? 0) - 0.95)).toBeLessThanOrEqual(0.0101);
});

test("an edit brings all its prompts", () => {
  // One edit of ten prompts, all hit, and one of one, missed: a draw of the first alone is 1, of both 10/11, of the second 0.
  expect(
    estimate([
      [
        { hits: 10, of: 10 },
        { hits: 0, of: 1 },
      ],
    ]),
  ).toMatchObject({ mean: 10 / 11, low: 0, high: 1 });
});

test("seeds are drawn before edits: their difference shows, though no run varies in itself", () => {
  const own = estimate([counts(1, 1, 1, 1), counts(0, 0, 0, 0)]);
  expect(own).toEqual({ mean: 0.5, low: 0, high: 1, least: 0, greatest: 1, runs: 2 });
});

test("edits without a prompt count nothing, and none at all gives no estimate", () => {
  expect(
    estimate([
      [
        { hits: 0, of: 0 },
        { hits: 1, of: 1 },
      ],
    ]),
  ).toMatchObject({ mean: 1, low: 1 });
  expect(estimate([[{ hits: 0, of: 0 }]])).toBeUndefined();
});

test("a metric is estimated from the final outcomes of the edits", () => {
  const edit = madeEdit(1, {
    own: outcome(true, 2, 2),
    heldOut: [outcome(true, 2, 2), outcome(false, 1, 2)],
    locality: [
      { ...outcome(false, 0, 840), kind: "same subject" },
      { ...outcome(true, 840, 840), kind: "far" },
    ],
  });
  const mean = (...asked: ["reliability" | "generalization" | "localityNear" | "localityFar", "free" | "teacherForced"]) =>
    estimateMetric([madeResult([edit])], ...asked)?.mean;
  expect(mean("reliability", "free")).toBe(1);
  expect(mean("generalization", "free")).toBe(0.5);
  expect(mean("generalization", "teacherForced")).toBe(0.75);
  expect(mean("localityNear", "free")).toBe(0);
  expect(mean("localityFar", "teacherForced")).toBe(1);
});
