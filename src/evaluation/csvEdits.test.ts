import { describe, expect, test } from "vitest";
import { createPrng } from "../lib/prng.ts";
import { csvRows } from "./csvRows.ts";
import { importEdits } from "./importEdits.ts";

const read = (text: string) => importEdits(text, "edits.csv");
const cellsOf = (text: string, delimiter = ",") => Array.from(csvRows(text, delimiter), ({ cells }) => cells);

describe("cells", () => {
  const cases: readonly [string, string, string[][]][] = [
    [
      "line ends of all kinds",
      "a,b\r\nc,d\ne,f\rg,h",
      [
        ["a", "b"],
        ["c", "d"],
        ["e", "f"],
        ["g", "h"],
      ],
    ],
    ["quotes around delimiters and line ends", '"a,b","c\r\nd"\n', [["a,b", "c\r\nd"]]],
    ["doubled quotes", '"say ""hi""",""""', [['say "hi"', '"']]],
    ["empty cells", ',"",\n', [["", "", ""]]],
    [
      "blank lines left out",
      "a,b\n\n \nc,d\n\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["a quote inside a plain cell", '5" pipe,b', [['5" pipe', "b"]]],
  ];
  test.each(cases)("%s", (_, text, cells) => expect(cellsOf(text)).toEqual(cells));

  test("any cells come back, quoted, with each delimiter", () => {
    const { below } = createPrng(3);
    const letters = [...'ab",;\t\r\n é😀'];
    const cell = (): string => Array.from({ length: below(8) }, () => letters[below(letters.length)]).join("");
    for (const delimiter of [",", ";", "\t"]) {
      const rows = Array.from({ length: 200 }, () => ["x", cell(), cell()]);
      const text = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(delimiter)).join("\r\n");
      expect(cellsOf(text, delimiter)).toEqual(rows);
    }
  });
});

describe("edits", () => {
  test("every column, several texts in a cell", () => {
    const header = "id,prompt,answer,subject,rephrasings,held_out,same_subject,near,far";
    const row = 'c1,The capital of France is,Rome,France,France\'s capital is| It sits in |,"A|B, C",,The capital of Spain is,"Hi|""So"""';
    const { set, problems } = read(`\uFEFF${header}\r\n${row}\r\n`);
    expect(problems).toEqual([]);
    expect(set).toEqual({
      name: "edits",
      prose: [],
      records: [
        {
          id: "c1",
          prompt: "The capital of France is",
          answer: "Rome",
          subject: "France",
          rephrasings: ["France's capital is", "It sits in"],
          heldOut: ["A", "B, C"],
          locality: [
            { prompt: "The capital of Spain is", kind: "same relation" },
            { prompt: "Hi", kind: "far" },
            { prompt: '"So"', kind: "far" },
          ],
        },
      ],
    });
  });

  test.each([",", ";", "\t"])("delimiter %j, header in other spellings", (delimiter) => {
    const lines = [["Prompt", " ANSWER ", "Held-Out", "same relation"], ["p, q; r", "a", "h", "n"].map((text) => `"${text}"`)];
    const { set, problems } = read(`\n${lines.map((line) => line.join(delimiter)).join("\n")}`);
    expect(problems).toEqual([]);
    expect(set.records).toEqual([
      { id: "3", prompt: "p, q; r", answer: "a", rephrasings: [], heldOut: ["h"], locality: [{ prompt: "n", kind: "same relation" }] },
    ]);
  });

  test("unknown and doubled columns are named, the rest read", () => {
    const { set, problems } = read("prompt,answer,rephrased,answer\np,a,x,b\n");
    expect(set.records).toEqual([{ id: "2", prompt: "p", answer: "a", rephrasings: [], heldOut: [], locality: [] }]);
    expect(problems.map(({ row, field, got }) => [row, field, got])).toEqual([
      [1, "rephrased", "an unknown column"],
      [1, "answer", "the column twice"],
    ]);
  });

  test("a bad row costs no other", () => {
    const lines = ["prompt,answer", "p1,a1", "p2", "p3,a,b", ",a4", '"p5"x,a5', '"p6,a6', "p7,a7", '"p8,a8'];
    const { set, problems } = read(lines.join("\n"));
    expect(set.records.map(({ prompt }) => prompt)).toEqual(["p1", "p7"]);
    expect(problems.map(({ row, field }) => [row, field])).toEqual([
      [3, "row"],
      [4, "row"],
      [5, "prompt"],
      [6, "row"],
      [7, "row"],
      [9, "row"],
    ]);
  });

  test("100,000 rows, and as many quotes that are never closed", () => {
    const rows = (line: string): string => `prompt,answer\np,a\n${`${line}\n`.repeat(100_000)}`;
    expect(read(rows("p,a")).set.records.length).toBe(100_001);
    const open = read(`prompt,answer\np,a\n${'"x\n'.repeat(99_999)}`);
    expect(open.set.records.length).toBe(1);
    expect(open.problems.length).toBeGreaterThan(1000);
  });
});
