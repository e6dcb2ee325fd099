// The built-in edit set, as the import reads it.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { EditRecord, LocalityKind } from "./editSet.ts";
import { importEdits } from "./importEdits.ts";

const text = readFileSync(new URL("../../public/edits/atlas.json", import.meta.url), "utf8");
const { set, problems } = importEdits(text, "atlas.json");
const { records, prose } = set;
const editPrompts = records.flatMap((record) => [record.prompt, ...record.rephrasings, ...record.heldOut]);
const localityPrompts = records.flatMap(({ locality }) => locality.map(({ prompt }) => prompt));
const countOf = (record: EditRecord, kind: LocalityKind): number => record.locality.filter((prompt) => prompt.kind === kind).length;
const relationOf = ({ id }: EditRecord): string => id.slice(0, id.indexOf("/"));

test("is read as it stands, within its size", () => {
  expect(problems).toEqual([]);
  expect(set).toEqual(JSON.parse(text));
  expect(text.length).toBeLessThan(900_000);
});

test("1,200 edits of 23 relations, spread and mixed", () => {
  expect(records.length).toBe(1200);
  expect(new Set(records.map(({ id }) => id)).size).toBe(1200);
  const counts = new Map<string, number>();
  for (const relation of records.map(relationOf)) counts.set(relation, (counts.get(relation) ?? 0) + 1);
  // Two thirds of the facts of the small ones.
  const small = { spelling_word: 17, state_capital: 33, state_code: 33, http_status: 36 };
  for (const [relation, count] of Object.entries(small)) expect(counts.get(relation), relation).toBe(count);
  const others = [...counts].filter(([relation]) => !(relation in small));
  expect(others.length).toBe(19);
  expect(others.filter(([, count]) => count !== 56 && count !== 57)).toEqual([]);
  expect(new Set(records.slice(0, 60).map(relationOf)).size).toBeGreaterThan(15);
});

describe("each edit", () => {
  test("has two rephrasings to learn from and three to be measured by", () => {
    expect(records.filter(({ rephrasings, heldOut }) => rephrasings.length !== 2 || heldOut.length !== 3)).toEqual([]);
  });

  test("names its subject in every prompt of its own", () => {
    const misses = records.filter(({ subject = "", prompt, rephrasings, heldOut }) =>
      [prompt, ...rephrasings, ...heldOut].some((own) => subject === "" || !own.toLowerCase().includes(subject.toLowerCase())),
    );
    expect(misses).toEqual([]);
  });

  test("has at most two prompts of its subject, two of its relation, two far ones", () => {
    const odd = records.filter(
      (record) => countOf(record, "same subject") > 2 || countOf(record, "same relation") !== 2 || countOf(record, "far") !== 2,
    );
    expect(odd).toEqual([]);
    expect(records.filter((record) => countOf(record, "same subject") > 0).length).toBeGreaterThan(600);
  });

  test("asks for an answer of one line and one sentence", () => {
    expect(records.filter(({ answer }) => !/^\S/.test(answer) || /\.\s|\n/.test(answer))).toEqual([]);
  });
});

test("no prompt is asked twice, and none that should keep its answer is edited", () => {
  expect(new Set([...editPrompts, ...localityPrompts]).size).toBe(editPrompts.length + localityPrompts.length);
});

test("40 passages of prose, of which no far prompt is the beginning", () => {
  expect(new Set(prose).size).toBe(40);
  expect(prose.filter((passage) => (passage.match(/[.?!]"?(?= |$)/g) ?? []).length < 2)).toEqual([]);
  expect(localityPrompts.filter((prompt) => prose.some((passage) => passage.startsWith(prompt)))).toEqual([]);
});
