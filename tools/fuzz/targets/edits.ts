/** Sets of edits: CounterFact, zsRE, own records as JSON and JSON lines; CSV. */
import type { EditSet } from "../../../src/evaluation/editSet.ts";
import { importEdits, type ImportedEdits } from "../../../src/evaluation/importEdits.ts";
import { damageBytes } from "../damageBytes.ts";
import type { Draw } from "../draw.ts";
import { awkwardTexts } from "../hostileJson.ts";
import { mutateTree, treeOf, writeTree } from "../jsonTree.ts";
import { textOf, type FuzzSource, type Input } from "../target.ts";

const utf8 = new TextEncoder();

const own = {
  id: "a",
  prompt: "The capital of France is",
  answer: "Lyon",
  subject: "France",
  rephrasings: ["France's capital is"],
  heldOut: ["The seat of government of France is"],
  locality: [{ prompt: "The capital of Spain is", kind: "same relation" }],
};
const rome = {
  case_id: 0,
  requested_rewrite: { prompt: "The mother tongue of {} is", subject: "Danielle Darrieux", target_new: { str: "English" } },
  paraphrase_prompts: ["Danielle Darrieux speaks"],
  neighborhood_prompts: ["The mother tongue of Léon Blum is"],
};
const counterFact = {
  case_id: 4,
  prompt: "The twin city of Lyon is",
  target_new: "Manila",
  subject: "Lyon",
  rephrase_prompt: "Lyon's twin is",
  locality_prompt: "Trieste is",
};
const zsre = {
  subject: "UniFirst",
  src: "What does UniFirst make?",
  alt: "aircraft",
  rephrase: "UniFirst makes?",
  loc: "nq question: who",
  loc_ans: "X",
};
const set: EditSet = { name: "Set", records: [own as EditSet["records"][number]], prose: ["A text."] };

const lists: readonly unknown[] = [
  [own, { ...own, id: 2 }],
  [rome, rome],
  [counterFact, { ...counterFact, case_id: 5 }],
  [zsre, zsre],
  set,
];
const trees = lists.map(treeOf);

const rows = [
  ["id", "prompt", "answer", "subject", "rephrasings", "held_out", "near", "far"],
  ["1", "The capital of France is", "Lyon", "France", "a|b", "c", 'The "capital" of Spain is', "x|y"],
  ["2", "The capital of Italy is", "Milan", "", "", "", "", ""],
];
const csvOf = (cells: readonly (readonly string[])[], delimiter = ","): string =>
  cells.map((row) => row.map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(delimiter)).join("\r\n");

const lines = [own, { ...own, id: "b" }, own].map((record) => JSON.stringify(record)).join("\n");

const file = (name: string, content: string | Uint8Array): Input =>
  new Map([[name, typeof content === "string" ? utf8.encode(content) : content]]);
const sound: readonly Input[] = [
  ...lists.map((list) => file("edits.json", JSON.stringify(list))),
  file("edits.jsonl", lines),
  file("edits.csv", csvOf(rows)),
  file("edits.tsv", `\ufeff${csvOf(rows, "\t")}`),
];

function mutateCsv(draw: Draw): string {
  const at = draw.prng.below(rows.length);
  const row = rows[at] ?? [];
  const cell = draw.prng.below(row.length);
  const hostile = draw.pick([...awkwardTexts, '"', '""', '"x', 'x"y', "\r", "\n\n", "|||", ",", "y".repeat(40_000)]);
  const changed = draw.pick<() => string[]>([
    () => row.with(cell, hostile),
    () => row.toSpliced(cell, 1),
    () => row.toSpliced(cell, 0, hostile),
    () => row.with(cell, row[draw.prng.below(row.length)] ?? ""),
  ])();
  const text = csvOf(rows.with(at, changed), draw.pick([",", ";", "\t", ",", "|"]));
  // Without the quotes that it needs.
  return draw.oneIn(4) ? text.replace('"', draw.pick(["", '""', '"x'])) : text;
}

function mutate(draw: Draw): Input {
  const way = draw.prng.below(8);
  if (way < 2) {
    const [[name, bytes] = ["edits.json", new Uint8Array()]] = [...draw.pick(sound)];
    return file(
      name,
      damageBytes(
        bytes,
        draw,
        undefined,
        sound.flatMap((each) => [...each.values()]),
      ),
    );
  }
  if (way < 4) return file(draw.pick(["edits.csv", "edits.tsv", "edits", "edits.json"]), mutateCsv(draw));
  const text = writeTree(mutateTree(draw.pick(trees), draw));
  return way < 7
    ? file("edits.json", text)
    : file("edits.jsonl", [JSON.stringify(own), writeTree(mutateTree(treeOf(own), draw)), text].join("\n"));
}

const kinds: readonly string[] = ["same subject", "same relation", "far"];
const isText = (value: unknown): boolean => typeof value === "string" && value.trim() === value && value !== "";

function check(_: Input, { set: { name, records, prose }, rows: numbers, problems }: ImportedEdits): string | undefined {
  if (typeof name !== "string" || !prose.every(isText)) return "a name or prose that is no text";
  if (records.length === 0 || numbers.length !== records.length) return `${records.length} records of ${numbers.length} rows`;
  if (new Set(records.map(({ id }) => id)).size !== records.length) return "an id twice";
  for (const { id, prompt, answer, subject, rephrasings, heldOut, locality } of records) {
    if (typeof id !== "string" || !isText(prompt) || !isText(answer)) return `record ${id}: no id, prompt or answer`;
    if (subject !== undefined && typeof subject !== "string") return `record ${id}: no subject`;
    if (![...rephrasings, ...heldOut].every(isText)) return `record ${id}: an empty rephrasing`;
    if (!locality.every((each) => isText(each.prompt) && kinds.includes(each.kind))) return `record ${id}: a locality prompt that is none`;
  }
  const long = problems.find(
    ({ row, field, got, expected }) => !(row >= 0) || field.length > 40_000 || got.length > 1000 || expected === "",
  );
  return long && `a problem of row ${long.row} that cannot be shown (${long.field.length}, ${long.got.length})`;
}

export const edits: FuzzSource = {
  name: "edits",
  share: 16,
  async open() {
    return {
      codes: ["bad-edits"],
      sound,
      mutate,
      read: (input) => {
        const [name = ""] = input.keys();
        return importEdits(textOf(input, name), name);
      },
      check: (input, read) => check(input, read as ImportedEdits),
    };
  },
};
