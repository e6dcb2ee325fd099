/** Runs as the charts and tables want them. Pure. */
import type { Curve, CurveStyle } from "../../charts/CurvesChart.tsx";
import type { MatrixData } from "../../charts/matrixGeometry.ts";
import type { Checkpoint, Count, Metric, Metrics } from "../../evaluation/results.ts";
import type { EvaluationRun } from "../../store/evaluationSlice.ts";
import { formatFixed } from "../../ui/format.ts";

export type Way = keyof Metric;
export type MetricName = keyof Metrics;
export const ways: readonly Way[] = ["free", "teacherForced"];
export const metricNames: readonly MetricName[] = ["reliability", "generalization", "localityNear", "localityFar"];

const COLOURS = 6;
const DASHES = ["", "7 3", "2 3", "9 3 2 3"];

/** A run keeps its look while others come and go. */
export const styleOf = ({ id }: Pick<EvaluationRun, "id">): CurveStyle => ({
  colour: `var(--series-${((id - 1) % COLOURS) + 1})`,
  dash: DASHES[(id - 1) % DASHES.length] ?? "",
});

export const nameOf = ({ id, method }: Pick<EvaluationRun, "id" | "method">): string => `${id}. ${method}`;

/** A value at each checkpoint where there is one. */
export function curvesOf(runs: readonly EvaluationRun[], read: (checkpoint: Checkpoint) => number | null): Curve[] {
  return runs.map((run) => ({
    ...styleOf(run),
    name: nameOf(run),
    points: run.checkpoints.flatMap((checkpoint) => {
      const y = read(checkpoint);
      return y === null ? [] : [{ x: checkpoint.afterEdits, y }];
    }),
  }));
}

/** Null of nothing. */
export const shareOf = ({ hits, of }: Count): number | null => (of === 0 ? null : hits / of);

/** A blank at which no line ends. */
const NO_BREAK = "\u00A0";

/** 0.9833 → "98.3 %". All and nothing are said for just that. */
export function percent(share: number): string {
  const shown = share === 1 || share === 0 ? String(100 * share) : formatFixed(Math.min(99.9, Math.max(0.1, 100 * share)), 1);
  return `${shown}${NO_BREAK}%`;
}

/** For axes, at round shares. */
export const roughPercent = (share: number): string => `${Math.round(100 * share)}${NO_BREAK}%`;

/** The last edit of all runs, for axes that stand still: what a run under way is going to reach counts. */
export function lastEditOf(runs: readonly EvaluationRun[]): number {
  const reached = runs.map(({ status, of, ids, refused }) => (status === "running" ? (of ?? 0) - refused.length : ids.length));
  return Math.max(1, ...reached);
}

/** The edits × time matrix: a row a checkpoint, a column an edit. */
export function matrixOf({ checkpoints }: Pick<EvaluationRun, "checkpoints">): MatrixData {
  const columns = checkpoints.at(-1)?.holds.length ?? 0;
  const states = new Uint8Array(columns * checkpoints.length);
  for (const [row, { holds }] of checkpoints.entries()) {
    for (const [column, held] of holds.entries()) states[row * columns + column] = held === null ? 0 : held ? 1 : 2;
  }
  return { columns, rows: checkpoints.length, states, rowLabels: checkpoints.map(({ afterEdits }) => String(afterEdits)) };
}

export interface EditHistory {
  /** 1-based. */
  readonly edit: number;
  readonly id: string;
  readonly holds: boolean;
  /** Each time it was found to be other than before, the first time included. */
  readonly changes: readonly { readonly holds: boolean; readonly after: number }[];
}

/** What became of each edit; those that do not hold come first. */
export function historiesOf({ ids, checkpoints }: Pick<EvaluationRun, "ids" | "checkpoints">): EditHistory[] {
  const measured = checkpoints.at(-1)?.holds ?? [];
  const histories = measured.map((last, index) => {
    const changes: { holds: boolean; after: number }[] = [];
    for (const { holds, afterEdits } of checkpoints) {
      const held = holds[index] ?? null;
      if (held !== null && held !== changes.at(-1)?.holds) changes.push({ holds: held, after: afterEdits });
    }
    return { edit: index + 1, id: ids[index] ?? "", holds: last === true, changes };
  });
  return [...histories.filter(({ holds }) => !holds), ...histories.filter(({ holds }) => holds)];
}
