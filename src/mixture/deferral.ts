import { hammingDistance } from "../lib/hamming.ts";

/** The experts picked in all layers, as L * N bits. */
export type AllocationCode = readonly number[];

export interface StoredCode {
  readonly edit: number;
  readonly code: AllocationCode;
}

/** Where an input stands against the edits: the deferral rule, said in numbers. */
export interface ScopeDecision {
  /** True: the mixtures answer. False: deferred to the base model. */
  readonly inScope: boolean;
  /** What distance and threshold count: bits of the allocation code, or cosine distance of the query to an edit's key. */
  readonly measure: "bits" | "cosine";
  /** min_i Hamming(code, code_i), or the least distance to a key; null when there is no edit. */
  readonly distance: number | null;
  /** The edit with the nearest stored code, the earliest of equals; null when there is no edit, or none that an imported mixture answers for. */
  readonly nearestEdit: number | null;
  /** ε, or the radius of the nearest key. */
  readonly threshold: number;
  /** L·N, the length of a code; 0 where there are none. */
  readonly bits: number;
  /** The input's own allocation code, as 0 and 1; length L·N. */
  readonly code: AllocationCode;
  /** Each edit's distance (the least over its stored codes), in the order of the edits. */
  readonly distances: readonly { readonly edit: number; readonly distance: number }[];
}

/** In scope when min_i Hamming(code, code_i) < threshold; one decision for all layers. */
export function decideScope(code: AllocationCode, stored: readonly StoredCode[], threshold: number, everywhere = false): ScopeDecision {
  return scopeAt(
    code,
    stored,
    stored.map((own) => hammingDistance(code, own.code)),
    threshold,
    everywhere,
  );
}

/**
 * The same from the distances to the stored codes, in their order, as the GPU gives them.
 * @param everywhere the mixture answers whatever the distance: then no edit in particular does where none is near
 */
export function scopeAt(
  code: AllocationCode,
  stored: readonly StoredCode[],
  toStored: ArrayLike<number>,
  threshold: number,
  everywhere = false,
): ScopeDecision {
  const nearest = new Map<number, number>();
  stored.forEach(({ edit }, i) => nearest.set(edit, Math.min(nearest.get(edit) ?? Infinity, toStored[i] ?? Infinity)));
  const distances = [...nearest].map(([edit, distance]) => ({ edit, distance }));
  const best = distances.reduce<{ edit: number; distance: number } | undefined>(
    (least, next) => (least && least.distance <= next.distance ? least : next),
    undefined,
  );
  const isNear = best !== undefined && best.distance < threshold;
  return {
    inScope: isNear || everywhere,
    distance: best?.distance ?? null,
    nearestEdit: best && (isNear || !everywhere) ? best.edit : null,
    threshold,
    measure: "bits",
    bits: code.length,
    code,
    distances,
  };
}
