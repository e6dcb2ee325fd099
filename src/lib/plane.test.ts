import { describe, expect, test } from "vitest";
import { convexHull, fitInto, laidOver, pointsOf } from "./plane.ts";

describe("plane", () => {
  const square = pointsOf([0, 0, 2, 0, 2, 1, 0, 1]);

  test.each([
    ["turned", (x: number, y: number) => ({ x: -y + 3, y: x - 1 })],
    ["mirrored", (x: number, y: number) => ({ x: -x, y: y + 5 })],
    ["both", (x: number, y: number) => ({ x: y, y: x })],
  ])("a map that is %s is laid back over the last", (_, change) => {
    const moved = square.map(({ x, y }) => change(x, y));
    const laid = laidOver(
      moved,
      moved.map((now, i) => ({ now, before: square[i] ?? { x: 0, y: 0 } })),
    );
    for (const [i, { x, y }] of laid.entries()) {
      expect(x).toBeCloseTo(square[i]?.x ?? NaN, 6);
      expect(y).toBeCloseTo(square[i]?.y ?? NaN, 6);
    }
  });

  test("a hull has its corners only", () => {
    expect(convexHull([...square, { x: 1, y: 0.5 }, { x: 1, y: 0 }])).toHaveLength(4);
    expect(convexHull(square.slice(0, 2))).toHaveLength(2);
    expect(
      convexHull([
        { x: 0, y: 0 },
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ]),
    ).toHaveLength(2);
  });

  test("both axes have one scale, and up is up", () => {
    const into = fitInto(square, 220, 120, 10);
    expect(into({ x: 0, y: 0 })).toEqual({ x: 10, y: 110 });
    expect(into({ x: 2, y: 1 })).toEqual({ x: 210, y: 10 });
    expect(fitInto([{ x: 3, y: 3 }], 100, 50, 10)({ x: 3, y: 3 })).toEqual({ x: 50, y: 25 });
  });
});
