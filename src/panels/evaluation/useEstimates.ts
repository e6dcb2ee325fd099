import { useEffect, useState } from "react";
import { estimateMetric } from "../../evaluation/intervals.ts";
import type { Estimate } from "../../evaluation/intervals.ts";
import type { EvaluationResult } from "../../evaluation/results.ts";
import type { EvaluationRun } from "../../store/evaluationSlice.ts";
import { useActions } from "../../store/lab.ts";
import { metricNames } from "./resultData.ts";
import type { MetricName, Way } from "./resultData.ts";

/** The interval of a run's metric; null while it is not known, and for runs that did not come to their end. */
export type EstimateOf = (run: number, metric: MetricName) => Estimate | null;

/** Thousands of draws each: made once a result, metric and way. */
const made = new WeakMap<EvaluationResult, Map<string, Estimate | null>>();

function estimated(result: EvaluationResult, metric: MetricName, way: Way): Estimate | null | undefined {
  return made.get(result)?.get(`${metric} ${way}`);
}

function makeEstimate(result: EvaluationResult, metric: MetricName, way: Way): void {
  const own = made.get(result) ?? new Map<string, Estimate | null>();
  made.set(result, own.set(`${metric} ${way}`, estimateMetric([result], metric, way) ?? null));
}

/** Bootstrap intervals of the runs that are done, as docs/results.md has them; made one by one, with the page going on in between. */
export function useEstimates(runs: readonly EvaluationRun[], way: Way): EstimateOf {
  const { resultOf } = useActions();
  const [, redraw] = useState(0);
  useEffect(() => {
    let gone = false;
    const wanted = runs.flatMap(({ id }) => {
      const result = resultOf(id);
      return result
        ? metricNames.filter((metric) => estimated(result, metric, way) === undefined).map((metric) => ({ result, metric }))
        : [];
    });
    const makeNext = (): void => {
      const next = wanted.shift();
      if (!next || gone) return;
      makeEstimate(next.result, next.metric, way);
      redraw((count) => count + 1);
      setTimeout(makeNext);
    };
    const begin = setTimeout(makeNext);
    return () => {
      gone = true;
      clearTimeout(begin);
    };
  }, [runs, way, resultOf]);
  return (run, metric) => {
    const result = resultOf(run);
    return (result && estimated(result, metric, way)) ?? null;
  };
}
