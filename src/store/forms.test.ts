import { expect, test } from "vitest";
import { draftOf, rephrasingLines } from "./editSlice.ts";
import { parseExamples } from "./examples.ts";
import { readNumber } from "./numberText.ts";
import { hammingDistance } from "../lib/hamming.ts";
import { largestDistance, nearestCode } from "./selectors.ts";
import { onlyThresholdDiffers, readSettings, settingsForm } from "./settingsForm.ts";
import { fakeModelFacts, fakeSettings } from "./testing/fakeModel.ts";
import { thinSeries } from "./thinSeries.ts";

test("rephrasings come one a line, trimmed, without empty lines and repeats", () => {
  expect(rephrasingLines(" a \r\n\n b\na\n")).toEqual(["a", "b"]);
  expect(draftOf({ prompt: " p ", answer: " x ", rephrasings: "p\nq" })).toEqual({ prompt: "p", answer: "x", rephrasings: ["q"] });
});

test.each([
  ["", "not-a-number"],
  ["ten", "not-a-number"],
  ["1e999", "not-a-number"],
  ["1.5", "not-an-integer"],
  ["0", "too-small"],
  ["11", "too-large"],
])("%j is refused as %s", (text, kind) => {
  expect(readNumber(text, { min: 1, max: 10, integer: true })).toMatchObject({ issue: { kind } });
});

test("numbers may carry spaces, exponents and a decimal comma", () => {
  const limits = { min: 0, max: 10, integer: false };
  expect(["1e-4", " 2,5 ", "10"].map((text) => readNumber(text, limits))).toEqual([{ value: 1e-4 }, { value: 2.5 }, { value: 10 }]);
});

test("settings survive the form", () => {
  expect(readSettings(settingsForm(fakeSettings), fakeModelFacts(fakeSettings))).toEqual({ settings: fakeSettings });
});

test("each bad setting is named", () => {
  const form = { ...settingsForm(fakeSettings), layers: [99], module: "nowhere", topK: "5", rank: "x", learningRate: "0" };
  expect(readSettings(form, fakeModelFacts(fakeSettings))).toEqual({
    issues: {
      layers: { kind: "missing" },
      module: { kind: "missing" },
      topK: { kind: "too-large", limit: 4 },
      rank: { kind: "not-a-number" },
      learningRate: { kind: "too-small", limit: 1e-7 },
      hammingThreshold: { kind: "too-large", limit: 1 },
    },
  });
});

test("only ε can change without a fresh mixture", () => {
  expect(onlyThresholdDiffers(fakeSettings, { ...fakeSettings, hammingThreshold: 1 })).toBe(true);
  expect(onlyThresholdDiffers(fakeSettings, { ...fakeSettings, seed: 2 })).toBe(false);
  expect(onlyThresholdDiffers(fakeSettings, { ...fakeSettings, layers: [4, 5, 6] })).toBe(false);
});

test("examples are read where they can be and left out where not", () => {
  const edit = {
    prompt: "p",
    answer: "a",
    rephrasings: ["r", 3],
    tests: [{ prompt: "t" }, "u", {}],
    unrelated: [{ prompt: "v", answer: "w" }],
  };
  const read = parseExamples({ prompts: [{ prompt: "p", answer: "a" }, { answer: "b" }, 7], edits: [edit, { prompt: "p" }, null] });
  expect(read.prompts).toEqual([{ prompt: "p", answer: "a" }]);
  expect(read.edits).toEqual([
    { prompt: "p", answer: "a", rephrasings: ["r"], tests: ["t", "u"], unrelated: [{ prompt: "v", answer: "w" }] },
  ]);
  for (const odd of [null, 3, "x", {}, { prompts: 3, edits: {} }]) expect(parseExamples(odd)).toEqual({ prompts: [], edits: [] });
});

test("the nearest code is the one that differs in the fewest bits", () => {
  expect(hammingDistance([0, 1, 1], [1, 1, 0])).toBe(2);
  expect(
    nearestCode(
      [
        [1, 1, 1],
        [0, 1, 0],
      ],
      [0, 1, 1],
    ),
  ).toEqual([1, 1, 1]);
  expect(nearestCode([], [0])).toBeNull();
});

test("the largest distance is reached by codes that share no expert, or as few as they can", () => {
  expect(largestDistance(fakeSettings)).toBe(16);
  expect(largestDistance({ ...fakeSettings, experts: 32, topK: 4, layers: [3, 4, 5] })).toBe(24);
  expect(largestDistance({ ...fakeSettings, topK: 3 })).toBe(8);
});

test("a thinned series keeps its ends", () => {
  const series = Array.from({ length: 1001 }, (_, index) => index);
  const thin = thinSeries(series, 100);
  expect(thin.length).toBeLessThanOrEqual(102);
  expect([thin[0], thin.at(-1)]).toEqual([0, 1000]);
  expect(thinSeries([1, 2], 100)).toEqual([1, 2]);
});
