import { useId } from "react";
import type { ReactNode } from "react";
import { CurveSwatch } from "../../charts/CurvesChart.tsx";
import type { Count } from "../../evaluation/results.ts";
import type { EvaluationRun } from "../../store/evaluationSlice.ts";
import { useActions } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { downloadText } from "../../ui/downloadText.ts";
import { formatFew } from "../../ui/format.ts";
import { Term } from "../../ui/Term.tsx";
import { ChartExport } from "../ChartExport.tsx";
import { metricNames, nameOf, percent, shareOf, styleOf } from "./resultData.ts";
import type { Way } from "./resultData.ts";
import { sideRows } from "./resultFiles.ts";
import type { EstimateOf } from "./useEstimates.ts";

export interface ResultTableProps {
  readonly runs: readonly EvaluationRun[];
  readonly way: Way;
  readonly estimateOf: EstimateOf;
}

/** The latest state of each run, measured in one way; it is the legend of the curves as well. */
export function ResultTable({ runs, way, estimateOf }: ResultTableProps): ReactNode {
  const texts = useTexts();
  const words = texts.evaluation.results;
  const id = useId();
  const heads = [...metricNames.map((metric) => words.metrics[metric]), words.retention];
  return (
    <>
      <div className="evaluation-line">
        <p className="evaluation-caption" id={id}>
          {words.table(words.ways[way][0])}
        </p>
        <ChartExport name={words.runs} rows={() => sideRows(runs, way, estimateOf, words)} />
      </div>
      <div className="evaluation-scroll" tabIndex={0} role="group" aria-label={words.runs}>
        <table className="evaluation-table evaluation-runs" aria-labelledby={id}>
          <thead>
            <tr>
              <th scope="col">{words.columns.run}</th>
              {[words.columns.edits, ...heads].map(([name, hint]) => (
                <th key={name} scope="col">
                  <Term hint={hint}>{name}</Term>
                </th>
              ))}
              <th scope="col">
                <span className="unseen">{texts.storage.columns.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <RunRow key={run.id} run={run} way={way} estimateOf={estimateOf} />
            ))}
          </tbody>
        </table>
      </div>
      {runs.map((run) => run.refused.length > 0 && <Refused key={run.id} run={run} />)}
    </>
  );
}

interface RunRowProps extends Pick<ResultTableProps, "way" | "estimateOf"> {
  readonly run: EvaluationRun;
}

function RunRow({ run, way, estimateOf }: RunRowProps): ReactNode {
  const words = useTexts().evaluation.results;
  const last = run.checkpoints.at(-1);
  return (
    <tr>
      <th scope="row">
        <CurveSwatch {...styleOf(run)} /> {nameOf(run)}{" "}
        <span className="faint-text">
          {run.status !== "done" && `${words.status[run.status]}, `}
          {words.runFacts(run.edits, run.seed, run.model)}
        </span>
      </th>
      <td>{words.editsText(last?.afterEdits ?? 0, run.refused.length)}</td>
      {metricNames.map((metric) => (
        <CountCell key={metric} count={last?.metrics[metric][way] ?? { hits: 0, of: 0 }} estimate={estimateOf(run.id, metric)} />
      ))}
      <td>{formatFew(last?.retention ?? Number.NaN)}</td>
      <td>
        <RunButtons run={run} />
      </td>
    </tr>
  );
}

function CountCell({ count, estimate }: { readonly count: Count; readonly estimate: ReturnType<EstimateOf> }): ReactNode {
  const texts = useTexts();
  const words = texts.evaluation.results;
  const share = shareOf(count);
  if (share === null) return <td title={words.nothing}>{texts.common.none}</td>;
  return (
    <td>
      {percent(share)} <span className="faint-text">{words.count(count.hits, count.of)}</span>
      {estimate && (
        <>
          <br />
          <span className="faint-text" title={words.intervalHint}>
            {words.interval(percent(estimate.low), percent(estimate.high))}
          </span>
        </>
      )}
    </td>
  );
}

function RunButtons({ run }: { readonly run: EvaluationRun }): ReactNode {
  const words = useTexts().evaluation.results;
  const { resultOf, removeRun } = useActions();
  const download = (): void => {
    const result = resultOf(run.id);
    if (result) downloadText(`${JSON.stringify(result)}\n`, words.file(run.method, run.edits, run.seed));
  };
  return (
    <span className="evaluation-line">
      <Button
        tone="quiet"
        aria-label={words.downloadOne(nameOf(run))}
        title={run.status === "done" ? words.downloadHint : words.downloadLater}
        disabled={run.status !== "done"}
        onClick={download}
      >
        {words.download}
      </Button>
      <Button tone="quiet" aria-label={words.removeOne(nameOf(run))} disabled={run.status === "running"} onClick={() => removeRun(run.id)}>
        {words.remove}
      </Button>
    </span>
  );
}

function Refused({ run }: { readonly run: EvaluationRun }): ReactNode {
  const words = useTexts().evaluation.results;
  return (
    <details>
      <summary>
        {nameOf(run)}: {words.refusedTitle(run.refused.length)}
      </summary>
      <ul className="evaluation-refused">
        {run.refused.map(({ id, message }) => (
          <li key={id}>
            {id}: <span className="faint-text">{message}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
