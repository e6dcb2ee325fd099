/** Where a mutant's damage comes from: numbers by its own seed, so that any one can be made again alone. */
import * as fc from "fast-check";
import { createPrng, type Prng } from "../../src/lib/prng.ts";
import { hostileTree } from "./hostileJson.ts";
import type { Tree } from "./jsonTree.ts";

export interface Draw {
  readonly prng: Prng;
  /** A value that its reader hardly expects. */
  hostile(): Tree;
  pick<T>(list: readonly T[]): T;
  oneIn(count: number): boolean;
}

/** Mutants that share a pool of hostile values: drawing them takes longer than a mutant does. */
const BLOCK = 512;
const POOL = 96;

/** FNV-1a, then a last mix, of the run's seed, the target and a number. */
function seedOf(seed: number, name: string, number: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const character of `${name} ${number}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) | 0;
}

/** @returns the draw of each mutant of a target by its index */
export function drawsOf(seed: number, name: string): (index: number) => Draw {
  let [block, pool]: [number, readonly Tree[]] = [-1, []];
  return (index) => {
    const wanted = Math.floor(index / BLOCK);
    if (wanted !== block) [block, pool] = [wanted, fc.sample(hostileTree, { seed: seedOf(seed, `pool ${name}`, wanted), numRuns: POOL })];
    const prng = createPrng(seedOf(seed, name, index));
    const own = pool;
    const pick = <T>(list: readonly T[]): T => list[prng.below(list.length)] as T;
    return { prng, pick, hostile: () => pick(own), oneIn: (count) => prng.below(count) === 0 };
  };
}
