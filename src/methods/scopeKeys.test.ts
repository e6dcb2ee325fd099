import { describe, expect, test } from "vitest";
import { createScopeIndex, distance, scopeKeys, unit } from "./scopeKeys.ts";

const SETTINGS = { radius: 0.1, namelessRadius: 0.05 };
const of = (...values: number[]): Float32Array => Float32Array.from(values);

describe("an edit's keys, worked by hand", () => {
  test("the mean of its phrasings' directions, whatever their lengths", () => {
    // (1, 0) and (0, 1) have the mean direction (1, 1) / √2, at cosine distance 1 − 1/√2 from both.
    const [only, ...more] = scopeKeys(["France is", "In France,"], [of(5, 0), of(0, 0.5)], "France", SETTINGS);
    expect(more).toEqual([]);
    expect(only?.name).toEqual(["France"]);
    expect(only?.key[0]).toBeCloseTo(Math.SQRT1_2, 6);
    expect(only?.key[1]).toBeCloseTo(Math.SQRT1_2, 6);
    // Its own phrasings lie outside the common radius: it reaches as far as they do.
    expect(only?.radius).toBeCloseTo(1 - Math.SQRT1_2 + 1e-4, 6);
  });

  test("the common radius where its phrasings lie inside it", () =>
    expect(scopeKeys(["France is"], [of(3, 4)], "France", SETTINGS)).toEqual([{ name: ["France"], key: of(0.6, 0.8), radius: 0.1 }]));

  test("a phrasing without the name has a narrow key of its own", () => {
    const keys = scopeKeys(["France is", "Gaul is"], [of(1, 0), of(0, 2)], "France", SETTINGS);
    expect(keys).toEqual([
      { name: ["France"], key: of(1, 0), radius: 0.1 },
      { name: [], key: of(0, 1), radius: 0.05 },
    ]);
  });

  test("an edit that names nothing", () =>
    expect(scopeKeys(["The sky is"], [of(0, 1)], undefined, SETTINGS)).toEqual([{ name: [], key: of(0, 1), radius: 0.05 }]));

  test("a query that is no direction is refused", () => {
    expect(() => unit(of(0, 0))).toThrow(/length 0/);
    expect(() => unit(of(Number.NaN, 1))).toThrow(/NaN/);
  });
});

describe("the decision", () => {
  const index = createScopeIndex();
  index.add(1, [{ name: ["France"], key: of(1, 0), radius: 0.1 }]);
  index.add(2, [{ name: ["France"], key: of(0, 1), radius: 0.3 }]);

  test("no name, no edit", () =>
    expect(index.decide("Spain is", of(1, 0))).toEqual({ deferred: true, edit: null, distance: null, bound: null }));
  test("the edit whose key is nearest by the measure of its radius", () => {
    // (0.8, 0.6): 0.2 from edit 1, twice its radius; 0.4 from edit 2, 4/3 of its.
    const { deferred, edit, distance: far, bound } = index.decide("France is", of(4, 3));
    expect({ deferred, edit, bound }).toEqual({ deferred: true, edit: 2, bound: 0.3 });
    expect(far).toBeCloseTo(0.4, 6);
    expect(index.decide("France is", of(0.6, 0.8))).toMatchObject({ deferred: false, edit: 2 });
    expect(index.decide("France is", of(2, 0.1))).toMatchObject({ deferred: false, edit: 1 });
  });
  test("of equals the later, until it is gone", () => {
    index.add(3, [{ name: ["France"], key: of(1, 0), radius: 0.1 }]);
    expect(index.decide("France is", of(1, 0)).edit).toBe(3);
    index.remove(3);
    expect(index.decide("France is", of(1, 0)).edit).toBe(1);
  });
});

test("the cosine distance of directions", () => {
  expect(distance(of(1, 0), of(0, 1))).toBe(1);
  expect(distance(of(0.6, 0.8), of(0.6, 0.8))).toBeCloseTo(0, 6);
  expect(distance(of(1, 0), of(-1, 0))).toBe(2);
});
