import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EngineError } from "../lib/errors.ts";
import { apply, diff, type Json } from "./patch.ts";

const hasProto = (value: unknown): boolean => JSON.stringify(value).includes("__proto__");
const json = fc.jsonValue({ maxDepth: 5 }).filter((value) => !hasProto(value)) as fc.Arbitrary<Json>;
/** Alike enough that most of a pair is shared. */
const near = fc.record(
  { name: fc.string(), edits: fc.array(fc.record({ id: fc.nat(3), on: fc.boolean() }, { requiredKeys: [] })), more: json },
  { requiredKeys: [] },
);

describe("a patch", () => {
  test.each([
    ["any values", json],
    ["values alike", near as fc.Arbitrary<Json>],
  ])("makes the one of the other: %s", (_, values) => {
    fc.assert(
      fc.property(values, values, (before, after) => {
        const kept = JSON.stringify(before);
        const patch = JSON.parse(JSON.stringify(diff(before, after))) as unknown;
        expect(JSON.stringify(sorted(apply(before, patch)))).toBe(JSON.stringify(sorted(JSON.parse(JSON.stringify(after)))));
        expect(JSON.stringify(before)).toBe(kept);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  test("of any shape gives a value or a typed error, and changes no prototype", () => {
    const key = fc.oneof(fc.constantFrom("__proto__", "constructor", "prototype", "a", "length"), fc.nat(3));
    const step = fc.tuple(fc.constantFrom("set", "cut", "length", "x"), fc.array(key, { maxLength: 3 }), fc.jsonValue());
    const before = Object.getOwnPropertyNames(Object.prototype).join(" ");
    fc.assert(
      fc.property(json, fc.oneof(fc.array(step), fc.jsonValue()), (value, patch) => {
        try {
          apply(value, patch);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(EngineError);
        }
        expect(Object.getOwnPropertyNames(Object.prototype).join(" ")).toBe(before);
      }),
      { seed: 8, numRuns: 3000 },
    );
  });

  test("brings nothing that could not be kept again, and tells of it however deep it is nested", () => {
    const deep = (depth: number): Json => JSON.parse("[".repeat(depth) + "]".repeat(depth)) as Json;
    const kept = apply({}, [["set", ["a"], deep(60)]]);
    expect(diff(null, kept)).toHaveLength(1);
    const proto = JSON.parse('{"__proto__":1}') as Json;
    for (const value of [deep(70), deep(20_000), { b: proto }]) {
      expect(() => apply({}, [["set", ["a"], value]])).toThrow(EngineError);
      expect(() => apply({}, [["other", ["a"], value]])).toThrow(/does not fit the project: other at \["a"\]/);
    }
    expect(() => apply({}, [deep(20_000)])).toThrow(/does not fit the project: object at no place/);
  });

  test("costs what changed", () => {
    const edits = Array.from({ length: 1000 }, (_, id) => ({ id, curve: [1, 2, 3] }));
    expect(diff({ edits }, { edits: [...edits, { id: 1000 }] })).toEqual([["set", ["edits", 1000], { id: 1000 }]]);
  });

  test.each([Number.NaN, Infinity, () => 1, JSON.parse('{"__proto__": 1}') as unknown, 1n])("refuses what JSON cannot hold", (value) => {
    expect(() => diff({}, { value })).toThrow(EngineError);
  });
});

/** With the keys of objects in order. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
};
