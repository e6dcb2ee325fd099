/** Results on disk: one run as it is, several in a list with all runs that belong to it. */
import { readFile, rename, writeFile } from "node:fs/promises";
import type { EvaluationResult, RunFacts } from "../../src/evaluation/results.ts";
import { EngineError } from "../../src/lib/errors.ts";
import type { TimingFile } from "./timing.ts";

export interface ResultList {
  readonly format: "elder-lab evaluations";
  readonly version: 1;
  /** Every run of the sweep, in order; shards hold some of them. */
  readonly planned: readonly RunFacts[];
  readonly results: readonly EvaluationResult[];
}

/** @param planned one run, of which this may be a shard, or all runs of a sweep */
export function writeResults(path: string, planned: readonly RunFacts[], results: readonly EvaluationResult[]): Promise<void> {
  const list: ResultList = { format: "elder-lab evaluations", version: 1, planned, results };
  return writeWhole(path, `${JSON.stringify(planned.length === 1 ? results[0] : list)}\n`);
}

/** Written beside the path and renamed: never half a file. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

/** @throws EngineError `unknown-files` when there is no such file, `bad-state` when it is no result */
export async function readResults(path: string): Promise<Pick<ResultList, "planned" | "results">> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  const hint = "Give files that npm run evaluate wrote.";
  if (text === undefined) throw new EngineError("unknown-files", `${path}: got no file that can be read, expected a result.`, hint);
  const value = parsed(text);
  if (value?.version === 1 && value.format === "elder-lab evaluation") return { planned: [value.run], results: [value] };
  if (value?.version === 1 && value.format === "elder-lab evaluations") return value;
  throw new EngineError("bad-state", `${path}: got a file of another kind, expected a result.`, hint);
}

/** Where what a result cost is kept. */
export const timingPath = (out: string): string => out.replace(/(?:\.json)?$/, ".timing.json");

/** What the results of these files cost, as far as it was kept. */
export async function readTimings(paths: readonly string[]): Promise<TimingFile[]> {
  const texts = await Promise.all(paths.map((path) => readFile(timingPath(path), "utf8").catch(() => undefined)));
  return texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as TimingFile]));
}

function parsed(text: string): EvaluationResult | ResultList | undefined {
  try {
    return (JSON.parse(text) ?? undefined) as EvaluationResult | ResultList | undefined;
  } catch {
    return undefined;
  }
}
