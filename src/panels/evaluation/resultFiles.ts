/** What the evaluation's charts are made of, as rows of a table with their heads. */
import type { Curve } from "../../charts/CurvesChart.tsx";
import type { EvaluationRun } from "../../store/evaluationSlice.ts";
import type { Texts } from "../../texts/texts.ts";
import { metricNames, nameOf, shareOf } from "./resultData.ts";
import type { Way } from "./resultData.ts";
import type { EstimateOf } from "./useEstimates.ts";

type Words = Texts["evaluation"]["results"];
type Row = (string | number)[];

/** All checkpoints of all curves. */
export function curveRows(curves: readonly Curve[], words: Words): Row[] {
  return [
    [words.columns.run, words.after, words.csv.value],
    ...curves.flatMap(({ name, points }) => points.map(({ x, y }) => [name, x, y])),
  ];
}

/** The latest state of each run, metric by metric; ends of an interval that is not known are empty. */
export function sideRows(runs: readonly EvaluationRun[], way: Way, estimateOf: EstimateOf, words: Words): Row[] {
  const { csv, columns } = words;
  const rows: Row[] = [[columns.run, csv.metric, csv.way, csv.share, csv.low, csv.high, csv.hits, csv.of, words.after]];
  for (const run of runs) {
    const last = run.checkpoints.at(-1);
    for (const metric of metricNames) {
      const count = last?.metrics[metric][way] ?? { hits: 0, of: 0 };
      const found = estimateOf(run.id, metric);
      const share = shareOf(count) ?? "";
      const [name, label] = [nameOf(run), words.metrics[metric][0]];
      rows.push([name, label, words.ways[way][0], share, found?.low ?? "", found?.high ?? "", count.hits, count.of, last?.afterEdits ?? 0]);
    }
  }
  return rows;
}

/** A row an edit, a column a checkpoint: 1 holds, 0 does not, empty where it was not written yet. */
export function retentionRows(
  { ids, checkpoints }: Pick<EvaluationRun, "ids" | "checkpoints">,
  words: Texts["evaluation"]["matrix"],
): Row[] {
  const heads = [words.columns.edit, words.columns.id, ...checkpoints.map(({ afterEdits }) => afterEdits)];
  const edits = checkpoints.at(-1)?.holds.length ?? 0;
  const held = (value: boolean | null | undefined): string | number => (value === null || value === undefined ? "" : Number(value));
  return [heads, ...Array.from({ length: edits }, (_, i) => [i + 1, ids[i] ?? "", ...checkpoints.map(({ holds }) => held(holds[i]))])];
}
