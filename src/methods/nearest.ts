/** Distances between keys, and the rules on radii that GRACE and MELO share. */
import { EngineError } from "../lib/errors.ts";

/** @throws EngineError `bad-settings` */
export function checkRadius(radius: number): void {
  if (Number.isFinite(radius) && radius > 0) return;
  throw new EngineError("bad-settings", `Setting radius: got ${radius}, expected a number above 0.`, "Correct this setting.");
}

/** Euclidean distance. */
export function euclidean(a: Float32Array, b: Float32Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return Math.sqrt(total);
}

/** A ball of keys. */
export interface Ball {
  readonly centre: Float32Array;
  readonly radius: number;
}

/** The ball whose centre is nearest, of equals the first; undefined where there is none. */
export function nearestBall(balls: readonly Ball[], key: Float32Array): { readonly at: number; readonly distance: number } | undefined {
  let best: { at: number; distance: number } | undefined;
  balls.forEach(({ centre }, at) => {
    const distance = euclidean(centre, key);
    if (!best || distance < best.distance) best = { at, distance };
  });
  return best;
}

/** The published code takes this from the earlier ball's radius where two are split, so that they do not touch. */
const GAP = 1e-5;
/** Share of the initial radius under which a ball is empty: the same prompt gives the same key but for rounding. */
const EMPTY = 1e-3;

/** Radii where two balls of different answers are too near: both half the distance. Null: the earlier one is taken over whole. */
export function splitRadii(distance: number, initial: number): { readonly earlier: number | null; readonly later: number } {
  if (distance / 2 - GAP < EMPTY * initial) return { earlier: null, later: initial };
  return { earlier: distance / 2 - GAP, later: distance / 2 };
}
