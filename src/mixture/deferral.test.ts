import { describe, expect, test } from "vitest";
import { hammingDistance } from "../lib/hamming.ts";
import { decideScope, type StoredCode } from "./deferral.ts";

const code = (bits: string): number[] => Array.from(bits, Number);
const stored = (...codes: readonly (readonly [edit: number, bits: string])[]): StoredCode[] =>
  codes.map(([edit, bits]) => ({ edit, code: code(bits) }));

test("the distance of two codes is the number of bits that differ", () => {
  expect(hammingDistance(code("11001010"), code("11001010"))).toBe(0);
  expect(hammingDistance(code("11001010"), code("11000101"))).toBe(4);
  expect(hammingDistance(code("1100"), code("0011"))).toBe(4);
  expect(hammingDistance([], [])).toBe(0);
});

describe("the deferral rule", () => {
  const edits = stored([1, "11001100"], [2, "11000011"], [2, "00110011"], [3, "11001010"]);

  test("is in scope only below the threshold", () => {
    // 11001001 is 2 away from edits 1, 2 and 3.
    const query = code("11001001");
    expect(decideScope(query, edits, 2)).toMatchObject({ inScope: false, distance: 2 });
    expect(decideScope(query, edits, 3)).toMatchObject({ inScope: true, distance: 2 });
    expect(decideScope(code("11001010"), edits, 0)).toMatchObject({ inScope: false, distance: 0 });
    expect(decideScope(code("11001010"), edits, 1)).toMatchObject({ inScope: true, distance: 0 });
  });

  test("names the earliest of the nearest edits", () => {
    expect(decideScope(code("11001001"), edits, 3).nearestEdit).toBe(1);
    expect(decideScope(code("11001010"), edits, 3).nearestEdit).toBe(3);
    expect(decideScope(code("11000011"), edits, 3).nearestEdit).toBe(2);
  });

  test("takes the nearest of an edit's own codes", () => {
    expect(decideScope(code("00110010"), edits, 3)).toEqual({
      inScope: true,
      distance: 1,
      nearestEdit: 2,
      threshold: 3,
      measure: "bits",
      bits: 8,
      code: code("00110010"),
      distances: [
        { edit: 1, distance: 7 },
        { edit: 2, distance: 1 },
        { edit: 3, distance: 5 },
      ],
    });
  });

  test("defers everything while there are no edits", () => {
    expect(decideScope(code("1010"), [], 100)).toEqual({
      inScope: false,
      distance: null,
      nearestEdit: null,
      threshold: 100,
      measure: "bits",
      bits: 4,
      code: code("1010"),
      distances: [],
    });
  });
});
