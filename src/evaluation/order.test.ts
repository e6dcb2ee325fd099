import { expect, test } from "vitest";
import { editOrder, groupsOf, isOfShard, sampledGroups } from "./order.ts";

test("the order is a shuffle by the seed, and a limit takes its beginning", () => {
  const whole = editOrder(100, 100, 7);
  expect([...whole].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(whole).not.toEqual([...whole].sort((a, b) => a - b));
  expect(editOrder(100, 30, 7)).toEqual(whole.slice(0, 30));
  expect(editOrder(100, 100, 7)).toEqual(whole);
  expect(editOrder(100, 100, 8)).not.toEqual(whole);
  expect(editOrder(3, 10, 1)).toHaveLength(3);
});

test("groups cover all, shards part them, and a sample is of whole groups", () => {
  const groups = groupsOf(37);
  expect(groups.flat()).toEqual(Array.from({ length: 37 }, (_, i) => i));
  expect(groups.map(({ length }) => length)).toEqual([8, 8, 8, 8, 5]);
  const shards = [1, 2, 3].map((index) => groups.filter((_, n) => isOfShard(n, { index, of: 3 })));
  expect(shards.map((own) => own.length)).toEqual([2, 2, 1]);
  expect(shards.flat(2).sort((a, b) => a - b)).toEqual(groups.flat());
  expect([...sampledGroups(groups, 16)]).toEqual([0, 2]);
  expect([...sampledGroups(groups, 3)]).toEqual([0]);
  expect(sampledGroups(groups, Infinity).size).toBe(5);
  expect(sampledGroups([], 16).size).toBe(0);
});
