import { memo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { CurvesChart } from "../../charts/CurvesChart.tsx";
import type { Curve, CurvesChartProps } from "../../charts/CurvesChart.tsx";
import { elementSvg } from "../../charts/exportChart.ts";
import { measuredRuns } from "../../store/evaluationSlice.ts";
import type { EvaluationRun } from "../../store/evaluationSlice.ts";
import { useLab } from "../../store/lab.ts";
import type { Texts } from "../../texts/texts.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { SelectField } from "../../ui/Field.tsx";
import { formatFew } from "../../ui/format.ts";
import { Term } from "../../ui/Term.tsx";
import { ChartExport } from "../ChartExport.tsx";
import { curvesOf, lastEditOf, metricNames, percent, roughPercent, shareOf, ways } from "./resultData.ts";
import type { Way } from "./resultData.ts";
import { curveRows } from "./resultFiles.ts";
import { ResultTable } from "./ResultTable.tsx";
import { RetentionMatrix } from "./RetentionMatrix.tsx";
import { SideBySide } from "./SideBySide.tsx";
import { useEstimates } from "./useEstimates.ts";

const CHART_HEIGHT = 132;

/** What was measured so far: curves of all runs, their latest state, and edit by edit. Without props, so that it is drawn when that changes alone. */
export const EvaluationResults = memo(function Results(): ReactNode {
  const words = useTexts().evaluation.results;
  const [select] = useState(measuredRuns);
  const runs = useLab((state) => select(state.evaluation));
  const [way, setWay] = useState<Way>("free");
  const estimateOf = useEstimates(runs, way);
  return (
    <div className="evaluation-results quiet-menus">
      <div className="evaluation-line">
        <h3>{words.title}</h3>
        <div className="evaluation-way">
          <SelectField
            label={words.way[0]}
            hint={words.way[1]}
            value={way}
            options={ways.map((value) => ({ value, label: words.ways[value][0] }))}
            onChange={setWay}
          />
        </div>
      </div>
      <p className="faint">{words.ways[way][1]}</p>
      <Curves runs={runs} way={way} />
      <SideBySide runs={runs} way={way} estimateOf={estimateOf} />
      <ResultTable runs={runs} way={way} estimateOf={estimateOf} />
      <RetentionMatrix runs={runs} />
    </div>
  );
});

function Curves({ runs, way }: { readonly runs: readonly EvaluationRun[]; readonly way: Way }): ReactNode {
  const words = useTexts().evaluation.results;
  const frame = { xMax: lastEditOf(runs), xLabel: words.after, height: CHART_HEIGHT };
  const [wayName] = words.ways[way];
  const retention = curvesOf(runs, (checkpoint) => checkpoint.retention);
  const [ratio, ratioHint] = words.retention;
  return (
    <div className="evaluation-curves">
      {metricNames.map((metric) => {
        const [name, hint] = words.metrics[metric];
        const curves = curvesOf(runs, ({ metrics }) => shareOf(metrics[metric][way]));
        return (
          <CurvesFigure
            key={metric}
            {...frame}
            name={`${name}, ${wayName}`}
            title={<Term hint={hint}>{name}</Term>}
            summary={words.curve(name, wayName, endsOf(curves, percent, words))}
            curves={curves}
            yRange={[0, 1]}
            format={percent}
            formatTick={roughPercent}
          />
        );
      })}
      {retention.some(({ points }) => points.length > 0) && (
        <CurvesFigure
          {...frame}
          name={ratio}
          title={<Term hint={ratioHint}>{ratio}</Term>}
          summary={words.curve(ratio, "", endsOf(retention, formatFew, words))}
          curves={retention}
          yRange={ratioRange(retention)}
          format={formatFew}
          formatTick={formatFew}
        />
      )}
    </div>
  );
}

/** A chart that can be taken away as a file. */
function CurvesFigure({ name, title, ...chart }: CurvesChartProps & { readonly name: string }): ReactNode {
  const words = useTexts().evaluation.results;
  const root = useRef<HTMLDivElement>(null);
  const titled = (
    <>
      {title}
      <ChartExport name={name} svg={() => elementSvg(root.current, name)} rows={() => curveRows(chart.curves, words)} />
    </>
  );
  return (
    <div ref={root}>
      <CurvesChart {...chart} title={titled} />
    </div>
  );
}

/** Wide enough that a ratio that hardly moves does not look as if it did. */
function ratioRange(curves: readonly Curve[]): [number, number] {
  const ratios = curves.flatMap(({ points }) => points.map(({ y }) => y));
  return [Math.min(0.9, ...ratios), Math.max(1.1, ...ratios)];
}

const endsOf = (curves: readonly Curve[], format: (y: number) => string, words: Texts["evaluation"]["results"]): string[] =>
  curves.flatMap(({ name, points }) => {
    const last = points.at(-1);
    return last ? [words.curveEnd(name, format(last.y), last.x)] : [];
  });
