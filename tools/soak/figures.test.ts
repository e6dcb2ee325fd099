import { expect, test } from "vitest";
import { changesOf, p95, slopeOf, slowdownOf } from "./figures.ts";

test("changes are named with both values", () => {
  const held = { buffers: 3, bytes: 12, used: 8, tensors: 2, data: 2 };
  expect(changesOf(held, held)).toEqual([]);
  expect(changesOf(held, { ...held, buffers: 4, bytes: 16 })).toEqual(["buffers 3 → 4", "bytes 12 → 16"]);
});

test("a slope is that of the line nearest to the points", () => {
  expect(slopeOf([])).toBe(0);
  expect(slopeOf([[5, 7]])).toBe(0);
  expect(slopeOf([0, 1, 2, 3].map((x) => [x, 4 + 2.5 * x] as const))).toBeCloseTo(2.5);
  expect(slopeOf([0, 1, 2, 3].map((x) => [x, x % 2] as const))).toBeCloseTo(0.2);
});

test("the 95th percentile of a hundred is the 95th", () => {
  expect(p95(Array.from({ length: 100 }, (_, i) => 100 - i))).toBe(95);
  expect(p95([3])).toBe(3);
});

test("the last third is held against the first", () => {
  const times = Array.from({ length: 60 }, (_, i) => (i < 40 ? 10 : 12));
  expect(slowdownOf(times)).toBeCloseTo(1.2);
});
