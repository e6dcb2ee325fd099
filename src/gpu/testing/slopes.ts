import type { Prng } from "../../lib/prng.ts";
import { dot, lengthOf, moved } from "./arrays.ts";

/** How far from 0 the slope is looked for, in steps. */
export const REACH = 3;

/** The derivative at 0 of a smooth function by six central values: the error falls with the sixth power of the step. */
async function slopeAtZero(value: (step: number) => Promise<number>, step: number): Promise<number> {
  const difference = async (distance: number): Promise<number> => (await value(distance)) - (await value(-distance));
  return (45 * (await difference(step)) - 9 * (await difference(2 * step)) + (await difference(3 * step))) / (60 * step);
}

/** A direction of normal-like entries (the sum of three uniform ones, variance 1) at the given places, else 0. */
export function randomDirection(prng: Prng, length: number, places?: readonly number[]): Float64Array {
  const draw = (): number => prng.uniform(-1, 1) + prng.uniform(-1, 1) + prng.uniform(-1, 1);
  const direction = new Float64Array(length);
  if (!places) return direction.map(draw);
  for (const place of places) direction[place] = draw();
  return direction;
}

/** `count` different places of those where `gradient` is not 0. */
export function livePlaces(prng: Prng, gradient: ArrayLike<number>, count: number): number[] {
  const live = Array.from(gradient, (value, place) => ({ value, place })).filter(({ value }) => value !== 0);
  const places = new Set<number>();
  while (places.size < Math.min(count, live.length)) places.add(live[prng.below(live.length)]?.place ?? 0);
  return [...places];
}

export interface SlopeCheck {
  /** The function at the whole point; the other variables stay. */
  readonly value: (point: Float32Array) => Promise<number>;
  readonly point: Float32Array;
  readonly gradient: ArrayLike<number>;
  readonly direction: Float64Array;
  readonly step: number;
}

/**
 * How far the slope along the direction is from what the gradient says, over the gradient's length at the places of the
 * direction: the slope along a random direction is as large as that on average.
 */
export async function slopeError({ value, point, gradient, direction, step }: SlopeCheck): Promise<number> {
  const measured = await slopeAtZero((t) => value(moved(point, direction, t)), step);
  const seen = Array.from(gradient, (slope, i) => (direction[i] === 0 ? 0 : slope));
  return Math.abs(measured - dot(gradient, direction)) / lengthOf(seen);
}
