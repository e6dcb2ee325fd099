import { expect, test } from "vitest";
import { arcPath, dialAngle, keyedValue, onArc, stepped, valueUnder } from "./dialGeometry.ts";

const scale = { min: 0, max: 12, step: 1 };

test("the range lies along three quarters of a circle", () => {
  expect([0, 6, 12, -5, 99].map((value) => dialAngle(scale, value))).toEqual([-135, 0, 135, -135, 135]);
  expect(dialAngle({ min: 3, max: 3, step: 1 }, 3)).toBe(-135);
});

test("the value under its own place on the arc is that value", () => {
  for (let value = 0; value <= 12; value++) {
    const { x, y } = onArc(dialAngle(scale, value), 50);
    expect(valueUnder(scale, x, y)).toBe(value);
  }
  expect([valueUnder(scale, -1, 40), valueUnder(scale, 1, 40)]).toEqual([0, 12]);
});

test("values stay on their steps and in their range", () => {
  const fine = { min: 0.05, max: 3, step: 0.05 };
  expect([0.9999, -4, 7].map((value) => stepped(fine, value))).toEqual([1, 0.05, 3]);
  expect(
    [
      ["ArrowUp", 1],
      ["ArrowLeft", 1],
      ["PageUp", 1],
      ["Home", 1],
      ["End", 1],
      ["a", 1],
    ].map(([key, value]) => keyedValue(fine, Number(value), String(key))),
  ).toEqual([1.05, 0.95, 1.3, 0.05, 3, null]);
  expect([keyedValue(scale, 12, "ArrowUp"), keyedValue(scale, 0, "PageDown"), keyedValue(scale, 4, "PageUp")]).toEqual([12, 0, 5]);
});

test("an arc that is longer than half a circle says so", () => {
  expect(arcPath(-135, 135, 10)).toBe("M -7.07 7.07 A 10 10 0 1 1 7.07 7.07");
  expect(arcPath(-135, -90, 10)).toContain("A 10 10 0 0 1");
});
