import type { Spread } from "./results.ts";

/** Below this many values no order statistics enclose the median with 95 % confidence. */
const LEAST_FOR_INTERVAL = 6;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? NaN) + upper) / 2 : upper;
}

/**
 * The median between two order statistics that enclose it with at least 95 % confidence, whatever the distribution: the k-th
 * smallest and k-th largest, with k the largest for which P(Binomial(n, 1/2) < k) ≤ 2.5 %. Few values: their range.
 */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = sorted.length < LEAST_FOR_INTERVAL ? 1 : rankOfBound(sorted.length);
  return { median: median(values), low: sorted[rank - 1] ?? NaN, high: sorted[sorted.length - rank] ?? NaN };
}

function rankOfBound(n: number): number {
  let rank = 0;
  let probability = 0.5 ** n;
  let below = probability;
  while (below <= 0.025) {
    rank += 1;
    probability *= (n - rank + 1) / rank;
    below += probability;
  }
  return Math.max(1, rank);
}
