/** Which edit a prompt is in scope of, in improved mode: a name that stands in the text, and a query near the edit's key. */
import { EngineError } from "../lib/errors.ts";
import type { MethodScope } from "./method.ts";
import { createNameIndex, findName, hasName, wordsOf } from "./names.ts";
import type { ImprovedSettings } from "./settings.ts";

/** One way into an edit's scope. */
export interface ScopeKey {
  /** Words that the prompt has to have; none asks for nothing but a near query. */
  readonly name: readonly string[];
  /** Mean of the phrasings' queries, each of length 1, (I); of length 1 itself. */
  readonly key: Float32Array;
  /** Greatest cosine distance. */
  readonly radius: number;
}

/** What an edit's phrasings and their queries give: one key for those that have its name, and one for each that has not. */
export function scopeKeys(
  phrasings: readonly string[],
  queries: readonly Float32Array[],
  subject: string | undefined,
  settings: Pick<ImprovedSettings, "radius" | "namelessRadius">,
): ScopeKey[] {
  const name = findName(phrasings, subject);
  const named = phrasings.map((text) => name.length > 0 && hasName(wordsOf(text), name));
  const units = queries.map(unit);
  const own = units.filter((_, i) => named[i]);
  const others = units.filter((_, i) => !named[i]);
  const key = unit(sum(own.length > 0 ? own : others));
  if (own.length === 0) return [{ name: [], key, radius: reach(others, key, settings.namelessRadius) }];
  return [
    { name, key, radius: reach(own, key, settings.radius) },
    ...others.map((alone) => ({ name: [], key: alone, radius: settings.namelessRadius })),
  ];
}

/** A radius of its own where the edit's own phrasings lie further out than the common one reaches. */
const reach = (units: readonly Float32Array[], key: Float32Array, common: number): number =>
  units.reduce((most, own) => Math.max(most, distance(own, key) + 1e-4), common);

function sum(vectors: readonly Float32Array[]): Float32Array {
  const total = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) vector.forEach((value, i) => (total[i] = (total[i] ?? 0) + value));
  return total;
}

/** @throws EngineError `internal` for a query of length 0 or with numbers that are none. */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((all, value) => all + value * value, 0));
  if (length > 0 && Number.isFinite(length)) return vector.map((value) => value / length);
  throw new EngineError("internal", `A query has length ${length}, expected a number above 0.`, "Report this with the model's name.");
}

/** Cosine distance of vectors of length 1. */
export const distance = (a: Float32Array, b: Float32Array): number => 1 - a.reduce((all, value, i) => all + value * (b[i] ?? 0), 0);

/** The keys of all edits. */
export interface ScopeIndex {
  add(edit: number, keys: readonly ScopeKey[]): void;
  remove(edit: number): void;
  /** Multiplies every radius; 1 at first. */
  setReach(factor: number): void;
  /** @param query of any length above 0 */
  decide(text: string, query: Float32Array): MethodScope;
  /** Edits whose name stands in the text, or that have none: each with its nearest key, ascending. */
  near(text: string, query: Float32Array): KeyDistance[];
}

export interface KeyDistance {
  readonly edit: number;
  /** Cosine distance to the key, and its radius. */
  readonly distance: number;
  readonly bound: number;
}

export function createScopeIndex(): ScopeIndex {
  const names = createNameIndex();
  // One number a key, so that an edit may have several names.
  const keys = new Map<number, { readonly edit: number; readonly own: ScopeKey }>();
  let count = 0;
  let factor = 1;
  const candidates = (text: string, query: Float32Array): KeyDistance[] => {
    const own = unit(query);
    return names.candidates(text).flatMap((id) => {
      const found = keys.get(id);
      return found ? [{ edit: found.edit, distance: distance(own, found.own.key), bound: found.own.radius * factor }] : [];
    });
  };
  return {
    add(edit, added) {
      for (const own of added) {
        keys.set(++count, { edit, own });
        names.add(count, own.name);
      }
    },
    remove(edit) {
      for (const [id, key] of keys) {
        if (key.edit !== edit) continue;
        keys.delete(id);
        names.remove(id);
      }
    },
    setReach: (next) => void (factor = next),
    decide(text, query) {
      let best: KeyDistance | undefined;
      // Of equals the later edit.
      for (const next of candidates(text, query)) if (!best || !isNearer(best, next)) best = next;
      if (!best) return { deferred: true, edit: null, distance: null, bound: null };
      return { deferred: best.distance > best.bound, ...best };
    },
    near(text, query) {
      const nearest = new Map<number, KeyDistance>();
      for (const next of candidates(text, query)) {
        const best = nearest.get(next.edit);
        if (!best || isNearer(next, best)) nearest.set(next.edit, next);
      }
      return [...nearest.values()].sort((a, b) => a.edit - b.edit);
    },
  };
}

const isNearer = (a: KeyDistance, b: KeyDistance): boolean => a.distance / a.bound < b.distance / b.bound;
