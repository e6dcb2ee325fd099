import { expect, test } from "vitest";
import type { Checkpoint, Metric } from "../../evaluation/results.ts";
import type { EvaluationRun } from "../../store/evaluationSlice.ts";
import { en } from "../../texts/en/index.ts";
import { curveRows, retentionRows, sideRows } from "./resultFiles.ts";

const metric = (hits: number, of: number): Metric => ({ free: { hits, of }, teacherForced: { hits: 2 * hits, of: 2 * of } });
const checkpoint = (afterEdits: number, holds: readonly (boolean | null)[]): Checkpoint => ({
  afterEdits,
  sampled: afterEdits,
  metrics: { reliability: metric(1, 2), generalization: metric(0, 0), localityNear: metric(2, 2), localityFar: metric(0, 2) },
  retention: 1.01,
  passages: [],
  holds,
});
const run: EvaluationRun = {
  id: 1,
  method: "Paper mode",
  model: "m",
  edits: "e",
  limit: 2,
  every: 1,
  seed: 1,
  status: "done",
  phase: { kind: "editing" },
  done: 2,
  of: 2,
  ids: ["a", "=b"],
  checkpoints: [checkpoint(1, [true]), checkpoint(2, [false, true])],
  refused: [],
  editSeconds: [],
  measureSeconds: 0,
  measured: 0,
};
const words = en.evaluation.results;

test("every point of every curve", () => {
  const curve = { name: "1. Paper mode", colour: "", dash: "", points: [{ x: 1, y: 0.5 }] };
  expect(curveRows([curve], words)).toEqual([
    ["Run", "After edit", "value"],
    ["1. Paper mode", 1, 0.5],
  ]);
});

test("the latest state with its interval; what is not known stays empty", () => {
  const known = { mean: 0.5, low: 0.25, high: 0.75, least: 0.5, greatest: 0.5, runs: 1 };
  const rows = sideRows([run], "free", (_, name) => (name === "reliability" ? known : null), words);
  expect(rows.map((row) => row.slice(1))).toEqual([
    ["metric", "measured by", "share", "95 % low", "95 % high", "hits", "of", "After edit"],
    ["Reliability", "Free decoding", 0.5, 0.25, 0.75, 1, 2, 2],
    ["Generalization", "Free decoding", "", "", "", 0, 0, 2],
    ["Locality, near", "Free decoding", 1, "", "", 2, 2, 2],
    ["Locality, far", "Free decoding", 0, "", "", 0, 2, 2],
  ]);
});

test("an edit a row, a checkpoint a column", () => {
  expect(retentionRows(run, en.evaluation.matrix)).toEqual([
    ["Edit", "Record", 1, 2],
    [1, "a", 1, 0],
    [2, "=b", "", 1],
  ]);
});
