import { describe, expect, test } from "vitest";
import { principalPlane } from "./queryMap.ts";

const row = (...values: number[]): Float32Array => Float32Array.from(values);

describe("the plane of the two principal components", () => {
  test("of points on a rectangle in it are those points, and its sides are the axes", () => {
    // A rectangle 4 by 2, turned into another plane of five dimensions: u = (0, 0.6, 0, 0.8, 0), v = (1, 0, 0, 0, 0).
    const corners = [
      [2, 1],
      [2, -1],
      [-2, 1],
      [-2, -1],
    ] as const;
    const { points, explained } = principalPlane(corners.map(([along, across]) => row(7 + across, 0.6 * along, 3, 0.8 * along, -1)));
    // The signs of the axes are free; the first point's are positive.
    corners.forEach(([along, across], i) => {
      expect(points[2 * i]).toBeCloseTo(along, 4);
      expect(points[2 * i + 1]).toBeCloseTo(across, 4);
    });
    expect(explained[0]).toBeCloseTo(0.8, 5);
    expect(explained[1]).toBeCloseTo(0.2, 5);
  });

  test("of one point, of none, and of equal points is the origin", () => {
    expect(principalPlane([])).toEqual({ points: new Float32Array(), explained: [0, 0] });
    expect(principalPlane([row(1, 2)])).toEqual({ points: row(0, 0), explained: [0, 0] });
    expect(principalPlane([row(1, 2), row(1, 2)]).points).toEqual(row(0, 0, 0, 0));
  });

  test("of points on a line has no second axis", () => {
    const { points, explained } = principalPlane([row(0, 0), row(3, 4), row(6, 8)]);
    expect(explained[0]).toBeCloseTo(1, 6);
    expect(Math.abs((points[4] ?? 0) - (points[0] ?? 0))).toBeCloseTo(10, 4);
    for (const at of [1, 3, 5]) expect(points[at]).toBeCloseTo(0, 4);
  });
});
