/** Which records are edited in which order, and which of them are measured where. */
import { createPrng } from "../lib/prng.ts";

/** What is measured together. Batches never reach across two groups, so that shards compute what one alone would, to the bit. */
const GROUP = 8;

/** The first `limit` of 0 … count−1 as the seed shuffles them (Fisher–Yates). */
export function editOrder(count: number, limit: number, seed: number): number[] {
  const prng = createPrng(seed);
  const order = Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const other = prng.below(last + 1);
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order.slice(0, limit);
}

/** 0 … count−1 in groups. */
export const groupsOf = (count: number): number[][] =>
  Array.from({ length: Math.ceil(count / GROUP) }, (_, group) =>
    Array.from({ length: Math.min(GROUP, count - group * GROUP) }, (_member, i) => group * GROUP + i),
  );

/** Whole groups, evenly spaced, of at most `most` members in all, but one at least. @returns their indices */
export function sampledGroups(groups: readonly (readonly unknown[])[], most: number): ReadonlySet<number> {
  const taken = Math.min(groups.length, Math.max(1, Math.floor(most / GROUP)));
  return new Set(Array.from({ length: taken }, (_, i) => Math.floor((i * groups.length) / taken)));
}

/** Whether a shard measures a group. */
export const isOfShard = (group: number, { index, of }: { readonly index: number; readonly of: number }): boolean =>
  group % of === index - 1;
