import { useRef } from "react";
import type { ReactNode } from "react";
import { elementSvg } from "../../charts/exportChart.ts";
import { IntervalChart } from "../../charts/IntervalChart.tsx";
import type { EvaluationRun } from "../../store/evaluationSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Term } from "../../ui/Term.tsx";
import { ChartExport } from "../ChartExport.tsx";
import { metricNames, nameOf, percent, roughPercent, shareOf, styleOf } from "./resultData.ts";
import type { Way } from "./resultData.ts";
import { sideRows } from "./resultFiles.ts";
import type { EstimateOf } from "./useEstimates.ts";

export interface SideBySideProps {
  readonly runs: readonly EvaluationRun[];
  readonly way: Way;
  readonly estimateOf: EstimateOf;
}

/** The latest state of all runs, metric by metric, with intervals. */
export function SideBySide({ runs, way, estimateOf }: SideBySideProps): ReactNode {
  const texts = useTexts();
  const words = texts.evaluation.results;
  const root = useRef<HTMLDivElement>(null);
  const groups = metricNames.map((metric) => ({
    label: words.metrics[metric][0],
    rows: runs.map((run) => {
      const count = run.checkpoints.at(-1)?.metrics[metric][way];
      const value = count ? shareOf(count) : null;
      const found = estimateOf(run.id, metric);
      const interval = found && ([found.low, found.high] as const);
      return {
        ...styleOf(run),
        key: String(run.id),
        name: nameOf(run),
        value,
        interval,
        text: value === null ? texts.common.none : percent(value),
      };
    }),
  }));
  const title = `${words.side[0]}, ${words.ways[way][0]}`;
  const summary = groups.flatMap(({ label, rows }) =>
    rows.map(({ name, text, interval }) => {
      const ends = interval ? [words.interval(percent(interval[0]), percent(interval[1]))] : [];
      return `${label}, ${name}: ${[text, ...ends].join(", ")}`;
    }),
  );
  return (
    <section className="evaluation-side" aria-label={title}>
      <div className="evaluation-line">
        <h3>
          <Term hint={words.side[1]}>{words.side[0]}</Term>
        </h3>
        <ChartExport name={title} svg={() => elementSvg(root.current, title)} rows={() => sideRows(runs, way, estimateOf, words)} />
      </div>
      <div ref={root}>
        <IntervalChart groups={groups} format={roughPercent} summary={`${title}. ${summary.join(". ")}`} />
      </div>
    </section>
  );
}
