/** Arithmetic on host arrays for tests, in float64. */
import type { Prng } from "../../lib/prng.ts";

export const uniformArray = (prng: Prng, length: number, low = -1, high = 1): Float32Array =>
  Float32Array.from({ length }, () => prng.uniform(low, high));

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] ?? 0) * (b[i] ?? 0);
  return total;
}

export const lengthOf = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

/** x + step * direction, rounded to float32 once. */
export const moved = (x: ArrayLike<number>, direction: ArrayLike<number>, step: number): Float32Array =>
  Float32Array.from(x, (value, i) => value + step * (direction[i] ?? 0));

/** The largest difference; NaN where a number is none or the lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return NaN;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] ?? NaN) - (b[i] ?? NaN));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** The largest index; the lowest of equals. */
export const argMax = (row: ArrayLike<number>): number =>
  Array.from(row).reduce((best, value, i) => (value > (row[best] ?? -Infinity) ? i : best), 0);

/** Softmax of a row of logits. */
export function softmaxRow(logits: ArrayLike<number>): number[] {
  const highest = logits[argMax(logits)] ?? 0;
  const weights = Array.from(logits, (logit) => Math.exp(logit - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
