/** Shards of runs as whole runs. */
import { joinMetrics, retentionOf } from "../../src/evaluation/metrics.ts";
import type { Checkpoint, EvaluationResult, RunFacts } from "../../src/evaluation/results.ts";
import { EngineError } from "../../src/lib/errors.ts";
import type { ResultList } from "./resultFile.ts";

type Runs = Pick<ResultList, "planned" | "results">;

const WHOLE = { index: 1, of: 1 } as const;
const whole = (run: RunFacts): RunFacts => ({ ...run, shard: WHOLE });
const keyOf = (run: RunFacts): string => JSON.stringify(whole(run));
const nameOf = ({ method, seed }: RunFacts): string => `${method} with seed ${seed}`;

/**
 * @returns all runs of the files, in the order in which they were planned
 * @throws EngineError `bad-state` where a run or a shard is missing, there twice, or does not belong to the others
 */
export function mergeRuns(files: readonly Runs[]): Runs {
  const planned = new Map(files.flatMap((file) => file.planned).map((run) => [keyOf(run), whole(run)] as const));
  const parts = groupedBy(
    files.flatMap(({ results }) => results),
    ({ run }) => keyOf(run),
  );
  const missing = [...planned].filter(([key]) => !parts.has(key)).map(([, run]) => nameOf(run));
  if (missing.length > 0) throw wrong(`Got no result of ${missing.join(", ")}, expected one of each planned run.`);
  const results = [...planned.keys()].map((key) => joinShards(parts.get(key) ?? []));
  return { planned: [...planned.values()], results };
}

/** Values by a key of each, in the order in which the keys come first. */
export function groupedBy<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return groups;
}

const wrong = (message: string): EngineError => new EngineError("bad-state", message, "Give each file of the shards once, and no other.");

function joinShards(parts: readonly EvaluationResult[]): EvaluationResult {
  const sorted = [...parts].sort((a, b) => a.run.shard.index - b.run.shard.index);
  const [first, ...others] = sorted as [EvaluationResult, ...EvaluationResult[]];
  const { of } = first.run.shard;
  const got = sorted.map(({ run }) => `${run.shard.index}/${run.shard.of}`).join(", ");
  if (sorted.length !== of || sorted.some(({ run: { shard } }, i) => shard.index !== i + 1 || shard.of !== of))
    throw wrong(`Of ${nameOf(first.run)} got the shards ${got}, expected each of 1/${of} to ${of}/${of} once.`);
  if (others.some((other) => JSON.stringify(frame(other)) !== JSON.stringify(frame(first))))
    throw wrong(`Shards ${got} of ${nameOf(first.run)} were measured after other edits, or refused others.`);
  const checkpoints = first.checkpoints.map((checkpoint, i) =>
    others.reduce((joined, other) => joinCheckpoints(joined, other.checkpoints[i] as Checkpoint), checkpoint),
  );
  const edits = sorted.flatMap((part) => part.edits).sort((a, b) => a.edit - b.edit);
  return { ...first, run: whole(first.run), checkpoints, edits };
}

/** What all shards of a run have alike. */
const frame = ({ checkpoints, refused }: EvaluationResult) => [
  checkpoints.map(({ afterEdits, sampled, passages, holds }) => [afterEdits, sampled, passages.length, holds.length]),
  refused,
];

function joinCheckpoints(a: Checkpoint, b: Checkpoint): Checkpoint {
  const passages = a.passages.map((passage, i) => passage ?? b.passages[i] ?? null);
  const holds = a.holds.map((held, i) => held ?? b.holds[i] ?? null);
  return { ...a, metrics: joinMetrics(a.metrics, b.metrics), retention: retentionOf(passages), passages, holds };
}
