/** Results as a section of a Markdown file, with its plots beside it. */
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { estimateMetric } from "../../src/evaluation/intervals.ts";
import type { EvaluationResult, Metric, RunFacts } from "../../src/evaluation/results.ts";
import { groupedBy } from "./merge.ts";
import { drawCurves, drawRetention } from "./plots.ts";
import { metricNames } from "./progress.ts";
import { writeWhole } from "./resultFile.ts";
import { groupRuns, metricTexts, retentionText, wayNames, type Group } from "./summary.ts";
import { median, type TimingFile } from "./timing.ts";

/**
 * Replaces the sections of these results in the file, one for each set of edits and model, between `<!-- results: NAME -->` and
 * `<!-- end of results: NAME -->`; a section that is not there yet is added at the end.
 */
export async function writeDocs(path: string, results: readonly EvaluationResult[], timings: readonly TimingFile[]): Promise<void> {
  let text = await readFile(path, "utf8").catch(() => "");
  for (const [subject, own] of groupedBy(results, ({ run }) => subjectOf(run))) {
    const name = subject.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    const groups = groupRuns(own);
    const [curves, retention] = ["curves", "retention"].map((kind) => `${plotName(path, own)}-${kind}.svg`) as [string, string];
    await writeWhole(join(dirname(path), curves), drawCurves(groups, `${subject}: metrics while edits pile up`));
    await writeWhole(join(dirname(path), retention), drawRetention(groups, `${subject}: edits × time`));
    text = replaceSection(text, name, sectionText(subject, groups, timings, { curves, retention }));
  }
  await writeWhole(path, text);
}

/** Short: edits and model, without how its weights are kept. */
function plotName(path: string, [result]: readonly EvaluationResult[]): string {
  const words = [basename(path, ".md"), result?.run.edits.name ?? "", result?.run.model.split(" ").slice(0, 2).join(" ") ?? ""];
  return words
    .join("-")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
}

const subjectOf = ({ edits, model, weights }: RunFacts): string => `${edits.name} on ${model} (${weights})`;

export function replaceSection(text: string, name: string, section: string): string {
  const [open, close] = [`<!-- results: ${name} -->`, `<!-- end of results: ${name} -->`];
  const whole = `${open}\n${section}\n${close}`;
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from === -1 || to < from) return `${text.trimEnd()}\n\n${whole}\n`.trimStart();
  return text.slice(0, from) + whole + text.slice(to + close.length);
}

export function sectionText(
  subject: string,
  groups: readonly Group[],
  timings: readonly TimingFile[],
  plots: { readonly curves: string; readonly retention: string },
): string {
  return [
    `## ${subject}`,
    ...wayNames.map(([way, title]) => `### ${title}\n\n${metricTable(groups, way)}`),
    `![Reliability, generalization and locality of each method while edits pile up](${plots.curves})`,
    `![Whether each edit holds after so many edits, method by method](${plots.retention})`,
    `### Cost\n\n${costTable(groups, timings)}`,
    `### Runs\n\n${runList(groups)}`,
  ].join("\n\n");
}

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");

const EXPLAINED =
  "Percent: mean over seeds (95 % bootstrap interval over seeds and edits; least and greatest seed). Mean: of reliability, generalization and locality, near and far counting half each.";

function metricTable(groups: readonly Group[], way: keyof Metric): string {
  const head = ["method", "edits", "seeds", ...metricNames.map(([, name]) => name), "mean", "perplexity, edited / base"];
  const rows = groups.map((group) => {
    const facts = [group.method, String(group.edits), String(group.results.length)];
    return [...facts, ...metricTexts(group, way), meanText(group, way), retentionText(group)];
  });
  return `${EXPLAINED}\n\n${table(head, rows)}`;
}

/** Of reliability, generalization and locality, as far as they were measured. */
function meanText({ results }: Group, way: keyof Metric): string {
  const rate = (metric: (typeof metricNames)[number][0]): number[] => {
    const own = estimateMetric(results, metric, way);
    return own ? [own.mean] : [];
  };
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const locality = [...rate("localityNear"), ...rate("localityFar")];
  const parts = [...rate("reliability"), ...rate("generalization"), ...(locality.length > 0 ? [mean(locality)] : [])];
  return (100 * mean(parts)).toFixed(1);
}

function costTable(groups: readonly Group[], timings: readonly TimingFile[]): string {
  const rows = groups.flatMap(({ method, results }) => {
    const own = timings.flatMap(({ device, runs }) => runs.map((one) => ({ ...one, device }))).filter((one) => one.method === method);
    const run = own.find(({ seed, edits }) => results.some((result) => result.run.seed === seed && result.edits.length === edits.length));
    if (!run) return [];
    const { growth } = run;
    const steps = median((results.find((result) => result.run.seed === run.seed)?.edits ?? []).map((edit) => edit.steps));
    const seconds = median(run.edits.map((edit) => edit.seconds)).toFixed(2);
    const grown = growth
      ? [`${growth.ratio.toFixed(3)} (${growth.late.join("–")} over ${growth.early.join("–")})`, `${Math.round(growth.gpuBytesPerEdit)}`]
      : ["–", "–"];
    return [[method, String(run.edits.length), String(steps), seconds, ...grown, run.device]];
  });
  if (rows.length === 0) return "Not kept.";
  return table(["method", "edits", "steps an edit", "seconds an edit", "late edits over early ones", "GPU bytes more an edit", "on"], rows);
}

function runList(groups: readonly Group[]): string {
  return groups
    .map(({ method, results }) => {
      const [first] = results as [EvaluationResult];
      const { limit, every, sample, settings, edits } = first.run;
      const seeds = results.map(({ run }) => run.seed).join(",");
      const refused = first.refused.length > 0 ? `, ${first.refused.length} records left out` : "";
      return `- \`--method ${method} --seed ${seeds} --limit ${limit} --every ${every} --sample ${sample}\`${refused}, edits ${edits.sha256.slice(0, 12)}: \`${JSON.stringify(settings)}\``;
    })
    .join("\n");
}
