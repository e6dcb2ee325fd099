/** Which records are edited in which order, and which of them are measured where. */
import { createPrng } from "../lib/prng.ts";

/** Records measured together. Batches never reach across two such groups, so that shards compute what one alone would, to the bit. */
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

/** At most `most` of 0 … count−1, evenly spaced. */
export function evenlySpaced(count: number, most: number): number[] {
  const taken = Math.min(count, most);
  return Array.from({ length: taken }, (_, i) => Math.floor((i * count) / taken));
}

/** The groups of 0 … count−1 that a shard measures: every `of`-th, from the one of its number. */
export function shardGroups(count: number, { index, of }: { readonly index: number; readonly of: number }): number[][] {
  const groups: number[][] = [];
  for (let from = (index - 1) * GROUP; from < count; from += of * GROUP)
    groups.push(Array.from({ length: Math.min(GROUP, count - from) }, (_, i) => from + i));
  return groups;
}
