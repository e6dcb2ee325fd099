import { expect, test } from "vitest";
import { countMetrics, joinMetrics, lossOf, retentionOf } from "./metrics.ts";
import { checkpointOf, madeEdit, outcome } from "./testing/outcomes.ts";

const one = madeEdit(1, {
  own: outcome(true, 3, 3),
  heldOut: [outcome(false, 1, 3), outcome(true, 3, 3)],
  locality: [
    { ...outcome(true, 840, 840), kind: "same subject" },
    { ...outcome(false, 420, 840), kind: "same relation" },
    { ...outcome(true, 840, 840), kind: "far" },
  ],
});
const other = madeEdit(2, { own: outcome(false, 1, 2) });

test("prompts are counted free, tokens teacher-forced, and both kinds of near locality as one", () => {
  expect(countMetrics([one, other])).toEqual({
    reliability: { free: { hits: 1, of: 2 }, teacherForced: { hits: 4, of: 5 } },
    generalization: { free: { hits: 1, of: 2 }, teacherForced: { hits: 4, of: 6 } },
    localityNear: { free: { hits: 1, of: 2 }, teacherForced: { hits: 1260, of: 1680 } },
    localityFar: { free: { hits: 1, of: 1 }, teacherForced: { hits: 840, of: 840 } },
  });
  expect(joinMetrics(countMetrics([one]), countMetrics([other]))).toEqual(countMetrics([one, other]));
});

test("retention is the ratio of perplexities over all tokens", () => {
  const passages = [{ base: 10, edited: 10 + 3 * Math.log(2), tokens: 3 }, null, { base: 4, edited: 4 + Math.log(2), tokens: 1 }];
  expect(retentionOf(passages)).toBeCloseTo(2, 12);
  expect(retentionOf([{ base: 7.25, edited: 7.25, tokens: 5 }])).toBe(1);
  expect(retentionOf([null])).toBeNull();
});

test("an edit is lost since the first checkpoint after which it was never found to hold", () => {
  const rows: readonly (readonly [number, readonly boolean[]])[] = [
    [2, [true, false]],
    [4, [false, false, true, true]],
    [6, [true, false, false, true, true, false]],
    [8, [false, false, false, true, true, true, true, true]],
  ];
  const checkpoints = rows.map(([afterEdits, holds]) => checkpointOf([], { afterEdits, holds }));
  expect(lossOf(0, checkpoints)).toEqual({ heldAfter: 6, lostAfter: 8 });
  // Never found to hold: since it was written, for all that is known.
  expect(lossOf(1, checkpoints)).toEqual({ heldAfter: 2, lostAfter: 2 });
  expect(lossOf(2, checkpoints)).toEqual({ heldAfter: 4, lostAfter: 6 });
  expect(lossOf(3, checkpoints)).toBeNull();
  // Found lost, and later to hold again.
  expect(lossOf(5, checkpoints)).toBeNull();
});
