import { expect, test } from "vitest";
import { waitingColumn } from "../../store/compareSlice.ts";
import type { CompareColumn } from "../../store/compareSlice.ts";
import { en } from "../../texts/en/index.ts";
import { askedAnswers, compareRows } from "./compareFiles.ts";

const asked = { prompt: "p", old: "Paris", next: "" };
const base: CompareColumn = {
  method: "base",
  status: "done",
  written: null,
  error: null,
  answer: {
    text: " Paris",
    tokens: [{ id: 1, text: " Paris", probability: 0.9, candidates: [{ id: 1, text: " Paris", probability: 0.9 }] }],
    deferred: true,
    edit: null,
    odds: [{ deferred: true, holds: true, probability: 0.9, tokens: [{ text: " Paris", probability: 0.9 }] }],
  },
};

test("answers that were not asked about are left out, in the order of their odds", () => {
  expect(askedAnswers(asked)).toEqual([{ kind: "old", answer: "Paris" }]);
  expect(askedAnswers({ ...asked, next: "Lyon" }).map(({ kind }) => kind)).toEqual(["old", "next"]);
});

test("tokens, candidates and answers of the columns that answered", () => {
  expect(compareRows(asked, [base, waitingColumn("grace")], String, en.compare)).toEqual([
    ["method", "kind", "place", "token", "probability", "text"],
    ["base", "text", 1, " Paris", 0.9, "p"],
    ["base", "candidate", 1, " Paris", 0.9, "p"],
    ["base", "old answer", 1, " Paris", 0.9, "Paris"],
  ]);
});
