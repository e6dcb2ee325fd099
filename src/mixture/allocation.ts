import { EngineError } from "../lib/errors.ts";
import type { Prng } from "../lib/prng.ts";

/** The experts an edit is assigned, (L, k), ascending in each layer. */
export type Allocation = readonly (readonly number[])[];

export const allocationKey = (allocation: Allocation): string => allocation.map((experts) => experts.join(",")).join(";");

/** Ways to pick k of N, exact up to 2^53. */
function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) ways = (ways * (n - i + 1)) / i;
  return Math.round(ways);
}

/**
 * A random k of N experts a layer that no earlier piece of knowledge has.
 * @param taken keys of the allocations in use
 * @throws EngineError `allocations-exhausted` when every one is taken
 */
export function drawAllocation(prng: Prng, layers: number, experts: number, topK: number, taken: ReadonlySet<string>): Allocation {
  const all = choose(experts, topK) ** layers;
  if (taken.size >= all) {
    throw new EngineError(
      "allocations-exhausted",
      `All ${all} allocations of ${topK} of ${experts} experts on ${layers} layers are taken.`,
      "Set more experts or layers, which starts a fresh mixture.",
    );
  }
  for (;;) {
    const allocation = Array.from({ length: layers }, () => drawExperts(prng, experts, topK));
    if (!taken.has(allocationKey(allocation))) return allocation;
  }
}

/** A uniform k-subset of 0 … N−1 (Floyd), ascending. */
function drawExperts(prng: Prng, experts: number, topK: number): number[] {
  const drawn = new Set<number>();
  for (let last = experts - topK; last < experts; last++) {
    const candidate = prng.below(last + 1);
    drawn.add(drawn.has(candidate) ? last : candidate);
  }
  return [...drawn].sort((a, b) => a - b);
}

/** 1 at each assigned expert: one row of L * N for the guided loss. */
export function allocationMask(allocation: Allocation, experts: number): number[] {
  const mask = new Array<number>(allocation.length * experts).fill(0);
  allocation.forEach((picked, layer) => picked.forEach((expert) => (mask[layer * experts + expert] = 1)));
  return mask;
}
