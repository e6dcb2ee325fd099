import { describe, expect, test } from "vitest";
import { de } from "./de/index.ts";
import { en } from "./en/index.ts";

type Word = string | ((...args: unknown[]) => unknown);

/** Every word and every function that makes one, by its path: "scope.codes.0". */
function wordsOf(part: object, path = ""): [string, Word][] {
  return Object.entries(part).flatMap(([key, value]: [string, unknown]): [string, Word][] => {
    const here = path === "" ? key : `${path}.${key}`;
    return typeof value === "object" && value !== null ? wordsOf(value, here) : [[here, value as Word]];
  });
}

const english = new Map(wordsOf(en));
const german = new Map(wordsOf(de));
const decision = { inScope: true, measure: "bits", distance: 2, nearestEdit: 3, threshold: 6, bits: 16, code: [], distances: [] };

/** What functions are tried with where texts and numbers will not do. */
const samples: Readonly<Record<string, readonly unknown[]>> = {
  "scope.verdict": [decision],
  "scope.reason": [decision],
  "scope.cosineReason": [decision],
  "edits.allocationCells": [[[1, 2]]],
  "problems.lead": ["no-model"],
  "evaluation.results.curve": ["A", "B", ["C"]],
};

/** A sample of what it says. */
function said(path: string, word: Word): unknown {
  if (typeof word === "string") return word;
  const numbers = [2, 3, 4, 5, 6];
  try {
    return word(...(samples[path] ?? numbers));
  } catch {
    // It wants texts.
    return word(...numbers.map(String));
  }
}

/** The same in both, and meant to be. */
const shared = new Set([
  // Names, signs, addresses.
  "app.name",
  "common.none",
  "gated.tokenAddress",
  "choice.repository.0",
  "choice.revisionPlaceholder",
  "choice.endpointPlaceholder",
  "prompt.topK.0",
  "prompt.topP.0",
  "model.commit.0",
  "settings.fields.alpha.0",
  "device.adapter.0",
  "method.names.paper",
  "method.names.improved",
  // The example model reads English.
  "edit.promptPlaceholder",
  "edit.answerPlaceholder",
  // The same word in German.
  "prompt.field",
  "regions.prompt",
  "regions.routing",
  "scope.ownCode",
  "scope.codes.0",
  "routing.tokenHead",
  "answers.card.id",
  "model.name.0",
  "choice.columns.download",
  "check.download.0",
  "loading.pause",
  "evaluation.form.pause",
  "learn.answers.heads.name",
  "share.link",
  "microscope.prompt",
  "microscope.views.codes",
  "microscope.heatmap.other.0",
  "microscope.heatmap.exportName",
  "microscope.codes.prompt",
  "microscope.codes.columns.text",
  "microscope.map.columns.text",
  "microscope.dial.columns.text",
  "compare.prompt",
  "compare.text",
  // Put together from signs and numbers alone.
  "microscope.heatmap.shown.b",
  "microscope.heatmap.shown.difference",
  "edits.allocationCells",
  "scope.thresholdShort",
  "loading.rate",
  "choice.memoryText",
  "check.fileText",
  "evaluation.edits.from",
  "evaluation.results.count",
  "bench.milliseconds",
  "bench.both",
]);

describe("German", () => {
  test("has every word that English has, and no other", () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [path, word] of english) expect(typeof german.get(path), path).toBe(typeof word);
  });

  test("is not English", () => {
    const same = [...english].filter(([path, word]) => said(path, word) === said(path, german.get(path) ?? "")).map(([path]) => path);
    expect(same.filter((path) => !shared.has(path))).toEqual([]);
    expect(
      [...shared].filter((path) => !same.includes(path)),
      "listed as the same in both, but not so",
    ).toEqual([]);
  });

  test("says something everywhere", () => {
    for (const [path, word] of german) expect(said(path, word), path).toMatch(/\S/);
  });
});
