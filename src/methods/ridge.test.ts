import { describe, expect, test } from "vitest";
import { addRows, noMoments, normalize, solveRidge, target } from "./ridge.ts";

/** HᵀC. */
const delta = (h: readonly number[][], c: readonly Float64Array[]): number[][] =>
  (h[0] ?? []).map((_, i) => Array.from(c[0] ?? [], (__, o) => h.reduce((sum, row, n) => sum + (row[i] ?? 0) * (c[n]?.[o] ?? 0), 0)));

describe("the closed form, worked by hand", () => {
  test("one row: h = (1, 2), v = (6, 12) gives C = v / 6 and Δ = hᵀ v / 6", () => {
    const c = solveRidge([[1, 2]], [[6, 12]]);
    expect(c).toEqual([Float64Array.of(1, 2)]);
    expect(delta([[1, 2]], c)).toEqual([
      [1, 2],
      [2, 4],
    ]);
  });
  test("two rows of two: (HᵀH + 1) Δ = HᵀV", () => {
    // H = [[1, 1], [0, 2]]: HᵀH + 1 = [[2, 1], [1, 6]], of determinant 11; V = [[11, 0], [0, 22]]: HᵀV = [[11, 0], [11, 44]].
    // Δ = 1/11 [[6, −1], [−1, 2]] HᵀV = [[5, −4], [1, 8]].
    const h = [
      [1, 1],
      [0, 2],
    ];
    const found = delta(
      h,
      solveRidge(h, [
        [11, 0],
        [0, 22],
      ]),
    );
    const expected = [
      [5, -4],
      [1, 8],
    ];
    found.forEach((row, i) => row.forEach((value, o) => expect(value).toBeCloseTo(expected[i]?.[o] ?? NaN, 12)));
  });
  test("numbers that are none are refused", () => {
    expect(() => solveRidge([[NaN]], [[1]])).toThrow(/expected finite/);
  });
});

describe("the running normalization", () => {
  const rows = [
    [1, 4],
    [3, 4],
    [5, 4],
  ];
  test("mean and deviation of all rows, whatever parts they come in", () => {
    const whole = addRows(noMoments(2), rows);
    expect(whole.count).toBe(3);
    expect(Array.from(whole.mean)).toEqual([3, 4]);
    expect(Array.from(whole.squares)).toEqual([8, 0]);
    expect(addRows(addRows(noMoments(2), rows.slice(0, 1)), rows.slice(1))).toEqual(whole);
  });
  test("takes the mean off and divides by the deviation, √(8 / 2) = 2", () => {
    const moments = addRows(noMoments(2), rows);
    expect(normalize(moments, [7], 0)[0]).toBeCloseTo(2, 6);
    // A column that never changed says nothing at its mean.
    expect(normalize(moments, [4], 1)[0]).toBe(0);
  });
  test("a target is the slope against the rate times the input's squared length", () => {
    expect(Array.from(target(Float64Array.of(3, 4), Float64Array.of(1, -2), 0.1))).toEqual([-2.5, 5]);
  });
});
