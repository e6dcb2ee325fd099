/** How sure a rate is: percentile bootstrap over edits and, with several seeds, over seeds first. Pure. */
import { createPrng, type Prng } from "../lib/prng.ts";
import { isNear, rateOf } from "./metrics.ts";
import type { Count, EditOutcome, EvaluationResult, Metric, Metrics, PromptOutcome } from "./results.ts";

const DRAWS = 2000;
/** What lies outside of the interval at each end. */
const TAIL = 0.025;

/** A rate over some runs that differ in their seed. */
export interface Estimate {
  /** Over the runs, each one's hits over all. */
  readonly mean: number;
  /** 95 % of draws lie between. */
  readonly low: number;
  readonly high: number;
  /** The runs' least and greatest. */
  readonly least: number;
  readonly greatest: number;
  readonly runs: number;
}

/**
 * Each draw takes as many runs as there are, with replacement, and of each as many edits; an edit brings all its prompts, which are not
 * independent of each other. With one run the draws are of its edits alone.
 * @param runs counts of each edit, run by run; edits without a prompt count nothing
 * @returns undefined where no run has a prompt
 */
export function estimate(runs: readonly (readonly Count[])[], seed = 1): Estimate | undefined {
  const counted = runs.map((counts) => counts.filter(({ of }) => of > 0)).filter((counts) => counts.length > 0);
  if (counted.length === 0) return undefined;
  const prng = createPrng(seed);
  const drawn = Array.from({ length: DRAWS }, () => mean(counted.map(() => drawRate(prng, pick(prng, counted))))).sort((a, b) => a - b);
  const rates = counted.map((counts) => rateOf(total(counts)));
  return {
    mean: mean(rates),
    low: drawn[Math.ceil(TAIL * DRAWS) - 1] ?? NaN,
    high: drawn[Math.ceil((1 - TAIL) * DRAWS) - 1] ?? NaN,
    least: Math.min(...rates),
    greatest: Math.max(...rates),
    runs: counted.length,
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const pick = <T>(prng: Prng, values: readonly T[]): T => (values.length === 1 ? values[0] : values[prng.below(values.length)]) as T;

function total(counts: readonly Count[]): Count {
  let [hits, of] = [0, 0];
  for (const count of counts) {
    hits += count.hits;
    of += count.of;
  }
  return { hits, of };
}

function drawRate(prng: Prng, counts: readonly Count[]): number {
  let [hits, of] = [0, 0];
  for (let i = 0; i < counts.length; i++) {
    const count = counts[prng.below(counts.length)] as Count;
    hits += count.hits;
    of += count.of;
  }
  return hits / of;
}

/** A metric's prompts of one edit at the end. */
const promptsOf: Readonly<Record<keyof Metrics, (edit: EditOutcome) => readonly PromptOutcome[]>> = {
  reliability: ({ own }) => [own],
  generalization: ({ heldOut }) => heldOut,
  localityNear: ({ locality }) => locality.filter(({ kind }) => isNear(kind)),
  localityFar: ({ locality }) => locality.filter(({ kind }) => !isNear(kind)),
};

/** A metric of the final state over runs that differ in their seed. */
export function estimateMetric(results: readonly EvaluationResult[], metric: keyof Metrics, way: keyof Metric): Estimate | undefined {
  const count = (edit: EditOutcome): Count => {
    const prompts = promptsOf[metric](edit);
    if (way === "teacherForced") return total(prompts.map(({ teacherForced }) => teacherForced));
    return { hits: prompts.filter(({ right }) => right).length, of: prompts.length };
  };
  return estimate(results.map(({ edits }) => edits.map(count)));
}
