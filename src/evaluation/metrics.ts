/** Counts and rates from how single prompts fared. Pure. */
import type { Checkpoint, Count, EditOutcome, Metric, Metrics, PassageLoss, PromptOutcome } from "./results.ts";

/** One edit's prompts as they were measured at one time; those that were not are absent. */
export type Measured = Pick<EditOutcome, "own" | "heldOut" | "locality">;

const NONE: Count = { hits: 0, of: 0 };
const add = (a: Count, b: Count): Count => ({ hits: a.hits + b.hits, of: a.of + b.of });

function metricOf(prompts: readonly PromptOutcome[]): Metric {
  const free = { hits: prompts.filter(({ right }) => right).length, of: prompts.length };
  return { free, teacherForced: prompts.map(({ teacherForced }) => teacherForced).reduce(add, NONE) };
}

export const isNear = (kind: string): boolean => kind !== "far";

export function countMetrics(measured: readonly Measured[]): Metrics {
  const locality = measured.flatMap((one) => one.locality);
  return {
    reliability: metricOf(measured.map(({ own }) => own)),
    generalization: metricOf(measured.flatMap(({ heldOut }) => heldOut)),
    localityNear: metricOf(locality.filter(({ kind }) => isNear(kind))),
    localityFar: metricOf(locality.filter(({ kind }) => !isNear(kind))),
  };
}

const addMetrics = (a: Metric, b: Metric): Metric => ({ free: add(a.free, b.free), teacherForced: add(a.teacherForced, b.teacherForced) });

/** The metrics of two shards together. */
export const joinMetrics = (a: Metrics, b: Metrics): Metrics => ({
  reliability: addMetrics(a.reliability, b.reliability),
  generalization: addMetrics(a.generalization, b.generalization),
  localityNear: addMetrics(a.localityNear, b.localityNear),
  localityFar: addMetrics(a.localityFar, b.localityFar),
});

/** Perplexity over all tokens, edited over base; null where there are none. */
export function retentionOf(passages: readonly (PassageLoss | null)[]): number | null {
  let [more, tokens] = [0, 0];
  for (const passage of passages) {
    more += passage ? passage.edited - passage.base : 0;
    tokens += passage?.tokens ?? 0;
  }
  return tokens === 0 ? null : Math.exp(more / tokens);
}

/**
 * Since which edit an edit does not hold: the first checkpoint at which it was found lost and after which it was never found to hold.
 * @param index 0-based, in the order of editing
 * @returns the last checkpoint at which it held (or the edit's own number) and that first one; null while it holds
 */
export function lossOf(index: number, checkpoints: readonly Checkpoint[]): { heldAfter: number; lostAfter: number } | null {
  const rows = checkpoints.filter(({ afterEdits }) => afterEdits > index);
  const lastHeld = rows.findLastIndex(({ holds }) => holds[index] === true);
  const lost = rows[lastHeld + 1];
  return lost ? { heldAfter: rows[lastHeld]?.afterEdits ?? index + 1, lostAfter: lost.afterEdits } : null;
}

/** Hits over all; NaN of nothing. */
export const rateOf = ({ hits, of }: Count): number => hits / of;
