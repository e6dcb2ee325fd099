// Records of CounterFact and zsRE below are real ones, word for word.
import { describe, expect, test } from "vitest";
import { createPrng } from "../lib/prng.ts";
import type { EditSet } from "./editSet.ts";
import { importEdits } from "./importEdits.ts";

const counterFact = [
  {
    case_id: 0,
    prompt: "The mother tongue of Danielle Darrieux is",
    target_new: "English",
    subject: "Danielle Darrieux",
    ground_truth: "French",
    rephrase_prompt: "Where Danielle Darrieux is from, people speak the language of",
    locality_prompt: "Michel Rocard is a native speaker of",
    locality_ground_truth: "French",
  },
  {
    case_id: 4,
    prompt: "What is the twin city of Lyon? It is",
    target_new: "Manila",
    subject: "Lyon",
    ground_truth: "Beirut",
    rephrase_prompt: "People in Lyon's twin city speak the language of",
    locality_prompt: "The twin city of Trieste is",
    locality_ground_truth: "Beirut",
  },
];

const zsre = [
  {
    subject: "UniFirst",
    src: "What is the product made by UniFirst?",
    pred: "uniform",
    rephrase: "What will be the product of UniFirst?",
    alt: "unmanned aircraft",
    answers: ["uniform"],
    loc: "nq question: john goodman's character in the big lebowski",
    loc_ans: "Walter Sobchak",
  },
  {
    subject: "SGEF",
    src: "What species is SGEF specific to?",
    pred: "human",
    rephrase: "Which species are SGEF specific for?",
    alt: " species",
    answers: ["human"],
    loc: "nq question: where is the las vegas football stadium going to be",
    loc_ans: "Paradise, Nevada",
  },
];

const rome = {
  case_id: 0,
  pararel_idx: 2796,
  requested_rewrite: {
    prompt: "The mother tongue of {} is",
    relation_id: "P103",
    target_new: { str: "English", id: "Q1860" },
    target_true: { str: "French", id: "Q150" },
    subject: "Danielle Darrieux",
  },
  paraphrase_prompts: ["Where Danielle Darrieux is from, people speak the language of", "Danielle Darrieux, a native"],
  neighborhood_prompts: ["Michel Rocard is a native speaker of", "The native language of Montesquieu is"],
  attribute_prompts: ["J.R.R. Tolkien spoke the language"],
  generation_prompts: ["Danielle Darrieux's mother tongue is"],
};

const own: EditSet = {
  name: "Three facts",
  records: [
    {
      id: "capital/France",
      prompt: "The capital of France is",
      answer: "Rome",
      subject: "France",
      rephrasings: ["France's capital is"],
      heldOut: ["People who visit the capital of France go to"],
      locality: [
        { prompt: "People in France speak", kind: "same subject" },
        { prompt: "The capital of Spain is", kind: "same relation" },
        { prompt: "The weather was", kind: "far" },
      ],
    },
    { id: "2", prompt: 'Say "héllo|wörld"; then,\tdone:', answer: "😀", rephrasings: [], heldOut: [], locality: [] },
  ],
  prose: ["It rained. Nobody came."],
};

const read = (value: unknown, fileName = "edits.json") => importEdits(JSON.stringify(value), fileName);

describe("CounterFact", () => {
  test("with one rephrasing", () => {
    const { set, problems } = read(counterFact, "data/counterfact-2k.json");
    expect(problems).toEqual([]);
    expect(set.name).toBe("counterfact-2k");
    expect(set.records.map(({ id }) => id)).toEqual(["0", "4"]);
    expect(set.records[1]).toEqual({
      id: "4",
      prompt: "What is the twin city of Lyon? It is",
      answer: "Manila",
      subject: "Lyon",
      rephrasings: [],
      heldOut: ["People in Lyon's twin city speak the language of"],
      locality: [{ prompt: "The twin city of Trieste is", kind: "same relation" }],
    });
  });

  test("as ROME released it", () => {
    const { set, problems } = read([rome]);
    expect(problems).toEqual([]);
    expect(set.records).toEqual([
      {
        id: "0",
        prompt: "The mother tongue of Danielle Darrieux is",
        answer: "English",
        subject: "Danielle Darrieux",
        rephrasings: [],
        heldOut: rome.paraphrase_prompts,
        locality: rome.neighborhood_prompts.map((prompt) => ({ prompt, kind: "same relation" })),
      },
    ]);
  });

  test("ROME's subject is put in as it stands", () => {
    const { set } = read([{ ...rome, requested_rewrite: { ...rome.requested_rewrite, subject: "$& {} Inc." } }]);
    expect(set.records[0]?.prompt).toBe("The mother tongue of $& {} Inc. is");
  });
});

test("zsRE: the new answer without its blank, far prompts as questions", () => {
  const { set, problems } = read(zsre);
  expect(problems).toEqual([]);
  expect(set.records[1]).toEqual({
    id: "2",
    prompt: "What species is SGEF specific to?",
    answer: "species",
    subject: "SGEF",
    rephrasings: [],
    heldOut: ["Which species are SGEF specific for?"],
    locality: [{ prompt: "nq question: where is the las vegas football stadium going to be?", kind: "far" }],
  });
  const asked = read([{ ...zsre[0], loc: "nq question: why?" }]);
  expect(asked.set.records[0]?.locality[0]?.prompt).toBe("nq question: why?");
});

describe("own records", () => {
  test("a whole set, a list of its records, and a single record", () => {
    expect(read(own)).toEqual({ set: own, rows: own.records.map((_, i) => i + 1), problems: [] });
    expect(read(own.records, "a.b/list.json").set).toEqual({ name: "list", records: own.records, prose: [] });
    expect(read(own.records[0]).set.records).toEqual([own.records[0]]);
    expect(importEdits(JSON.stringify(own, undefined, 2), "x.json").set).toEqual(own);
  });

  test("only prompt and answer have to be there; blanks around texts go", () => {
    const { set, problems } = read([{ prompt: " A is ", answer: " B", id: null, subject: "", heldOut: null, rephrasings: ["", " C is"] }]);
    expect(problems).toEqual([]);
    expect(set.records).toEqual([{ id: "1", prompt: "A is", answer: "B", rephrasings: ["C is"], heldOut: [], locality: [] }]);
  });

  test("ids are unique", () => {
    const rows = ["a", "a", "a (2)", undefined, 4, "a"].map((id) => ({ id, prompt: "p", answer: "q" }));
    expect(read(rows).set.records.map(({ id }) => id)).toEqual(["a", "a (2)", "a (2) (2)", "4", "4 (2)", "a (3)"]);
  });
});

describe("JSON lines", () => {
  test.each(["edits.jsonl", "edits.json"])("in %s", (fileName) => {
    const text = `\uFEFF${counterFact.map((row) => JSON.stringify(row)).join("\r\n")}\r\n\r\n`;
    expect(importEdits(text, fileName).set.records).toEqual(read(counterFact).set.records);
  });

  test("a broken line costs no other", () => {
    const lines = [`{"prompt":"p","answer":`, "", `{"prompt":"p","answer":"q"}`, "[1]"].join("\n");
    const { set, problems } = importEdits(lines, "x.ndjson");
    expect(set.records.map(({ id }) => id)).toEqual(["3"]);
    expect(problems.map(({ row, field }) => [row, field])).toEqual([
      [1, "row"],
      [4, "row"],
    ]);
  });
});

test("what is imported comes back equal from our own JSON", () => {
  const { next, below } = createPrng(7);
  const letters = [..."abc \"'{}[]|,;\n\t\\é😀?"];
  const word = (): string => `x${Array.from({ length: below(12) }, () => letters[below(letters.length)]).join("")}`;
  const words = (): string[] => Array.from({ length: below(4) }, word);
  for (let round = 0; round < 50; round++) {
    const rows = Array.from({ length: 1 + below(5) }, () => [
      { case_id: below(3), prompt: word(), target_new: word(), rephrase_prompt: word(), locality_prompt: word() },
      { src: word(), alt: word(), loc: word(), ...(next() < 0.5 ? { subject: word() } : {}) },
      { ...rome, case_id: word(), paraphrase_prompts: words(), neighborhood_prompts: words() },
      { prompt: word(), answer: word(), rephrasings: words(), locality: words().map((prompt) => ({ prompt, kind: "far" })) },
    ]);
    for (let layout = 0; layout < 4; layout++) {
      const { set, problems } = read(rows.map((row) => row[layout]));
      expect(problems).toEqual([]);
      expect(set.records.length).toBe(rows.length);
      expect(read(set, "other.json")).toEqual({ set, rows: set.records.map((_, i) => i + 1), problems: [] });
    }
  }
});
