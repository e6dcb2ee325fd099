import { expect, test } from "vitest";
import { createRoutingFrames } from "../store/routingFrames.ts";
import { fakePieces, fakeRows, fakeSettings, fakeTrace } from "../store/testing/fakeModel.ts";
import { cellFacts, heatmapDataOf } from "./routing/frameData.ts";
import { en } from "../texts/en/index.ts";
import { issueText } from "./useNumberInput.ts";

test("appended rows keep their place beside the prompt's", () => {
  const frames = createRoutingFrames();
  const text = "The capital of France is";
  const trace = fakeTrace(text, fakeSettings, []);
  frames.show(trace);
  const generated = fakePieces(" Paris . And so on it goes");
  for (const [at, piece] of generated.entries())
    frames.append(piece, fakeRows([...trace.pieces, ...generated.slice(0, at + 1)], 5 + at, fakeSettings));
  const frame = frames.read();
  if (!frame) throw new Error("no frame");
  const whole = fakeRows([...trace.pieces, ...generated], 0, fakeSettings);
  const width = 16;
  expect(frame.probabilities.slice(0, 5 * width)).toEqual(whole.probabilities.slice(0, 5 * width));
  expect(heatmapDataOf(frame, en.routing.layer)).toMatchObject({ columns: 12, groups: 4, rowsPerGroup: 4, emphasis: 4 });
  expect(cellFacts(frame, { column: 4, group: 1, row: 2 })).toMatchObject({ token: " is", layer: 5, expert: 2, place: "decides" });
  expect(cellFacts(frame, { column: 6, group: 0, row: 0 })).toMatchObject({ token: " .", place: "generated" });
  expect(cellFacts(frame, { column: 99, group: 0, row: 0 })).toBeNull();
});

test("the verdict is said in words", () => {
  const scope = { inScope: true, measure: "bits", distance: 2, nearestEdit: 3, threshold: 6, bits: 16, code: [], distances: [] } as const;
  expect(en.scope.verdict(scope)).toBe("Answered by edit 3's mixture");
  expect(en.scope.verdict({ ...scope, inScope: false })).toBe("Deferred to the base model");
  expect(en.scope.verdict({ ...scope, inScope: false, nearestEdit: null })).toBe("No edits yet");
  expect(en.scope.reason({ ...scope, inScope: false, distance: 7 })).toContain("7 of 16 bits away: not below the threshold ε = 6");
});

test("number issues name their limit", () => {
  expect(issueText({ kind: "too-large", limit: 4 }, en.issues)).toContain("4");
  expect(issueText({ kind: "missing" }, en.issues)).not.toBe("");
});
