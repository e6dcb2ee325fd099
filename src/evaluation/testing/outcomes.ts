/** Results made by hand. */
import { countMetrics } from "../metrics.ts";
import type { Checkpoint, EditOutcome, EvaluationResult, PromptOutcome, RunFacts } from "../results.ts";

/** @param hits of the target's tokens, teacher-forced */
export const outcome = (right: boolean, hits: number, of: number): PromptOutcome => ({
  prompt: "…",
  right,
  teacherForced: { hits, of },
  deferred: false,
  edit: null,
});

export function madeEdit(edit: number, more: Partial<EditOutcome> = {}): EditOutcome {
  const plain = { id: `record ${edit}`, edit, steps: 5, own: outcome(true, 2, 2), heldOut: [], locality: [] };
  return { ...plain, lostSince: null, place: null, ...more };
}

export const run: RunFacts = {
  method: "improved",
  settings: { rank: 8 },
  model: "tiny",
  weights: "int8",
  edits: { name: "Made up", sha256: "0".repeat(64) },
  seed: 1,
  limit: 4,
  every: 2,
  sample: 100,
  shard: { index: 1, of: 1 },
};

/** The checkpoint after some edits as their own outcomes say. */
export const checkpointOf = (edits: readonly EditOutcome[], more: Partial<Checkpoint> = {}): Checkpoint => ({
  afterEdits: edits.length,
  sampled: edits.length,
  metrics: countMetrics(edits),
  retention: null,
  passages: [],
  holds: edits.map(({ own }) => own.right),
  ...more,
});

export const madeResult = (edits: readonly EditOutcome[], facts: Partial<RunFacts> = {}): EvaluationResult => ({
  format: "elder-lab evaluation",
  version: 1,
  run: { ...run, ...facts },
  checkpoints: [checkpointOf(edits)],
  edits,
  refused: [],
});
