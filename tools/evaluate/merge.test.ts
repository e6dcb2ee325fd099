import { expect, test } from "vitest";
import type { EvaluationResult, RunFacts } from "../../src/evaluation/results.ts";
import { checkpointOf, madeEdit, madeResult, outcome, run } from "../../src/evaluation/testing/outcomes.ts";
import { mergeRuns } from "./merge.ts";

const edits = [1, 2, 3, 4].map((edit) => madeEdit(edit, { own: outcome(edit !== 2, edit === 2 ? 1 : 2, 2) }));
const passages = [
  { base: 3, edited: 3.5, tokens: 4 },
  { base: 2, edited: 2, tokens: 3 },
];
const whole: EvaluationResult = {
  ...madeResult(edits),
  checkpoints: [checkpointOf(edits, { passages, retention: Math.exp(0.5 / 7) })],
  refused: [{ id: "long", message: "Too long." }],
};

/** What a shard that measures every other edit and text would write. */
function shardOf(index: number): EvaluationResult {
  const own = edits.filter((_, i) => i % 2 === index - 1);
  const kept = passages.map((passage, i) => (i % 2 === index - 1 ? passage : null));
  const holds = edits.map((edit, i) => (i % 2 === index - 1 ? edit.own.right : null));
  const checkpoint = checkpointOf(own, { afterEdits: 4, sampled: 4, passages: kept, holds, retention: 0 });
  return { ...whole, run: { ...run, shard: { index, of: 2 } }, checkpoints: [checkpoint], edits: own };
}
const fileOf = (result: EvaluationResult) => ({ planned: [result.run], results: [result] });

test("shards are joined to what one run would have written, in any order", () => {
  expect(mergeRuns([fileOf(shardOf(2)), fileOf(shardOf(1))])).toEqual({ planned: [run], results: [whole] });
});

test.each([
  ["a shard is missing", [shardOf(1)], "expected each of 1/2 to 2/2 once"],
  ["a shard is there twice", [shardOf(1), shardOf(2), shardOf(2)], "1/2, 2/2, 2/2"],
  ["a run is there twice", [whole, whole], "1/1, 1/1"],
  ["a shard is of another division", [shardOf(1), { ...shardOf(2), run: { ...run, shard: { index: 2, of: 3 } } }], "1/2, 2/3"],
  ["a shard refused other records", [shardOf(1), { ...shardOf(2), refused: [] }], "refused others"],
])("it is refused when %s", (_what, results, message) => {
  expect(() => mergeRuns(results.map(fileOf))).toThrow(message);
});

test("runs come in the order in which they were planned, and none may be missing", () => {
  const seeds: RunFacts[] = [1, 2, 3].map((seed) => ({ ...run, seed }));
  const results = seeds.map(({ seed }) => madeResult(edits, { seed }));
  const parts = [[results[1]], [results[2], results[0]]].map((own) => ({ planned: seeds, results: own.flatMap((one) => one ?? []) }));
  expect(mergeRuns(parts)).toEqual({ planned: seeds, results });
  expect(() => mergeRuns(parts.slice(1))).toThrow("no result of improved with seed 2");
});
