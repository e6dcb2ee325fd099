import { describe, expect, test } from "vitest";
import { errorFacts } from "../lib/errors.ts";
import { createPrng } from "../lib/prng.ts";
import { allocationKey, allocationMask, drawAllocation, type Allocation } from "./allocation.ts";

interface Shape {
  readonly layers: number;
  readonly experts: number;
  readonly topK: number;
}

/** Allocations of `count` pieces of knowledge, one after another. */
function drawMany(seed: number, count: number, { layers, experts, topK }: Shape): Allocation[] {
  const prng = createPrng(seed);
  const taken = new Set<string>();
  return Array.from({ length: count }, () => {
    const allocation = drawAllocation(prng, layers, experts, topK, taken);
    taken.add(allocationKey(allocation));
    return allocation;
  });
}

describe("allocations", () => {
  const paper: Shape = { layers: 6, experts: 4, topK: 2 };

  test("give each layer k different experts of N, ascending", () => {
    for (const allocation of drawMany(1, 200, { layers: 3, experts: 7, topK: 3 })) {
      expect(allocation).toHaveLength(3);
      for (const experts of allocation) {
        expect(experts).toHaveLength(3);
        expect(experts.every((expert, i) => Number.isInteger(expert) && expert > (experts[i - 1] ?? -1) && expert < 7)).toBe(true);
      }
    }
  });

  test("are never given twice", () => {
    expect(new Set(drawMany(2, 1000, paper).map(allocationKey)).size).toBe(1000);
  });

  test("are the seed's own", () => {
    expect(drawMany(3, 20, paper)).toEqual(drawMany(3, 20, paper));
    expect(drawMany(4, 20, paper)).not.toEqual(drawMany(3, 20, paper));
  });

  test("give each subset alike often", () => {
    const prng = createPrng(5);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const key = allocationKey(drawAllocation(prng, 1, 4, 2, new Set()));
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(["0,1", "0,2", "0,3", "1,2", "1,3", "2,3"]);
    // 1,000 of each expected; five standard deviations are 144.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(144);
  });

  test.each([
    [{ layers: 1, experts: 4, topK: 2 }, 6],
    [{ layers: 2, experts: 3, topK: 1 }, 9],
    [{ layers: 3, experts: 3, topK: 3 }, 1],
  ] as const)("run out after all of them: %j has %i", (shape, all) => {
    expect(drawMany(6, all, shape)).toHaveLength(all);
    try {
      drawMany(6, all + 1, shape);
    } catch (thrown) {
      const { code, message } = errorFacts(thrown);
      expect(code).toBe("allocations-exhausted");
      expect(message).toContain(`All ${all} allocations`);
      return;
    }
    throw new Error("one more than all was drawn");
  });

  test("do not run out where there are more than numbers can count", () => {
    expect(drawAllocation(createPrng(7), 48, 64, 32, new Set())).toHaveLength(48);
  });
});

test("the key of an allocation tells layers and experts apart", () => {
  expect(allocationKey([[0, 1], [12]])).toBe("0,1;12");
  expect(allocationKey([[0], [1, 12]])).not.toBe(allocationKey([[0, 1], [12]]));
});

test("the mask has a 1 at each assigned expert of each layer", () => {
  expect(
    allocationMask(
      [
        [0, 2],
        [1, 3],
      ],
      4,
    ),
  ).toEqual([1, 0, 1, 0, 0, 1, 0, 1]);
  expect(allocationMask([[2]], 3)).toEqual([0, 0, 1]);
});
