/** The final metrics of some runs, the seeds of a method together, as rows. */
import { estimateMetric, type Estimate } from "../../src/evaluation/intervals.ts";
import type { EvaluationResult, Metric } from "../../src/evaluation/results.ts";
import { groupedBy } from "./merge.ts";
import { metricNames } from "./progress.ts";

/** Runs that differ in their seed alone. */
export interface Group {
  readonly method: string;
  readonly edits: number;
  readonly results: readonly EvaluationResult[];
}

/** In the order of the results. */
export function groupRuns(results: readonly EvaluationResult[]): Group[] {
  const groups = groupedBy(results, ({ run }) => JSON.stringify({ ...run, seed: 0, settings: { ...(run.settings as object), seed: 0 } }));
  return [...groups.values()].map((own) => ({
    method: own[0]?.run.method ?? "",
    edits: own[0]?.checkpoints.at(-1)?.afterEdits ?? 0,
    results: own,
  }));
}

export const wayNames: readonly (readonly [keyof Metric, string])[] = [
  ["free", "Greedy free decoding, final state"],
  ["teacherForced", "Teacher-forced, over tokens, final state"],
];

/** "98.2 (97.1–99.0; seeds 98.0–98.5)" in percent: mean, 95 % interval, least and greatest of several seeds. */
function estimateText(own: Estimate | undefined): string {
  if (!own) return "–";
  const figure = (rate: number): string => (100 * rate).toFixed(1);
  const seeds = own.runs > 1 ? `; seeds ${figure(own.least)}–${figure(own.greatest)}` : "";
  return `${figure(own.mean)} (${figure(own.low)}–${figure(own.high)}${seeds})`;
}

export const metricTexts = ({ results }: Group, way: keyof Metric): string[] =>
  metricNames.map(([metric]) => estimateText(estimateMetric(results, metric, way)));

export function retentionText({ results }: Group): string {
  const ratios = results.flatMap(({ checkpoints }) => checkpoints.at(-1)?.retention ?? []);
  if (ratios.length === 0) return "–";
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  const seeds = ratios.length > 1 ? ` (seeds ${Math.min(...ratios).toFixed(4)}–${Math.max(...ratios).toFixed(4)})` : "";
  return `${mean.toFixed(4)}${seeds}`;
}

/** Two tables, free and teacher-forced apart. */
export function summaryText(results: readonly EvaluationResult[]): string {
  const groups = groupRuns(results);
  const tables = wayNames.map(([way, title]) => {
    const head = ["method", "edits", "seeds", ...metricNames.map(([, name]) => name), "perplexity ×"];
    const rows = groups.map((group) => [
      group.method,
      String(group.edits),
      String(group.results.length),
      ...metricTexts(group, way),
      retentionText(group),
    ]);
    return `${title}; percent, with 95 % intervals\n${aligned([head, ...rows])}`;
  });
  return tables.join("\n\n");
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
