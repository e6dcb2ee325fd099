import { describe, expect, test } from "vitest";
import { judge, roofMs } from "./results.ts";
import { median, spread } from "./statistics.ts";

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => n - i);

test("the median of few and many", () => {
  expect(median([3])).toBe(3);
  expect(median([4, 1])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
});

describe("an interval", () => {
  test("is the range of few values", () => {
    expect(spread([2, 8, 5])).toEqual({ median: 5, low: 2, high: 8 });
  });
  // Ranks of the sign test's table at 95 %.
  test.each([
    [6, 1],
    [10, 2],
    [20, 6],
    [30, 10],
    [100, 40],
  ])("of %i values leaves out what is below rank %i at either end", (n, rank) => {
    expect(spread(upTo(n))).toEqual({ median: (n + 1) / 2, low: rank, high: n + 1 - rank });
  });
});

test("bars are judged on GPUs alone", () => {
  expect(judge(3.1, { kind: "at least", value: 3 }, false)).toBe("met");
  expect(judge(1.2, { kind: "at most", value: 1.15 }, false)).toBe("not met");
  expect(judge(9, { kind: "at least", value: 3 }, true)).toBe("not judged on a software adapter");
});

test("a roof is bytes or dispatches, whichever takes longer", () => {
  const roofs = { copyGBs: 100, dispatchUs: 10, matvec: [] };
  expect(roofMs({ dispatches: 2, boundBytes: 1e9 }, roofs)).toBe(10);
  expect(roofMs({ dispatches: 2000, boundBytes: 1e6 }, roofs)).toBe(20);
});
