// Rows and files that are not as they should be.
import { describe, expect, test } from "vitest";
import { EngineError } from "../lib/errors.ts";
import { importEdits } from "./importEdits.ts";

const good = { prompt: "The capital of France is", answer: "Rome" };
const read = (rows: readonly unknown[]) => importEdits(JSON.stringify(rows), "edits.json");

function refusal(text: string, fileName = "edits.json"): EngineError {
  try {
    importEdits(text, fileName);
  } catch (thrown) {
    if (thrown instanceof EngineError) return thrown;
    throw thrown;
  }
  throw new Error("the text was imported");
}

describe("bad rows are reported and left out, good ones kept", () => {
  const bad: readonly [string, unknown, string, string][] = [
    ["no object", 3, "row", "3"],
    ["null", null, "row", "null"],
    ["no prompt", { answer: "Rome" }, "prompt", "nothing"],
    ["an empty answer", { ...good, answer: " \n" }, "answer", '" \\n"'],
    ["a number for a text", { ...good, prompt: 5 }, "prompt", "5"],
    ["an object for a text", { ...good, subject: {} }, "subject", "{}"],
    ["a fraction for an id", { ...good, id: 1.5 }, "id", "1.5"],
    ["a text for a list", { ...good, heldOut: "x" }, "heldOut", '"x"'],
    ["a number in a list", { ...good, rephrasings: ["x", 1] }, "rephrasings[1]", "1"],
    ["an unknown kind", { ...good, locality: [{ prompt: "x", kind: "near" }] }, "locality[0].kind", '"near"'],
    ["a locality prompt without its kind", { ...good, locality: ["x"] }, "locality[0].kind", "nothing"],
    ["an empty locality prompt", { ...good, locality: [{ prompt: "", kind: "far" }] }, "locality[0].prompt", '""'],
    ["an inherited name", { ...good, prompt: undefined, toString: "x" }, "prompt", "nothing"],
  ];
  test.each(bad)("%s", (_, row, field, got) => {
    const { set, problems } = read([good, row, { ...good, id: "last" }]);
    expect(set.records.map(({ id }) => id)).toEqual(["1", "last"]);
    expect(problems[0]).toMatchObject({ row: 2, field, got });
    expect(problems.every(({ expected }) => expected.length > 5)).toBe(true);
  });

  test("fields of ROME's records by their paths", () => {
    const rewrite = { prompt: "The capital of {} is", subject: "France", target_new: { str: "Rome" } };
    const rows = [
      { requested_rewrite: rewrite },
      { requested_rewrite: { ...rewrite, prompt: "The capital is" } },
      { requested_rewrite: { ...rewrite, target_new: "Rome" } },
      { requested_rewrite: "France" },
      { requested_rewrite: rewrite, paraphrase_prompts: [["x"]] },
    ];
    const { set, problems } = read(rows);
    expect(set.records.length).toBe(1);
    expect(problems.map(({ row, field }) => `${row} ${field}`)).toEqual([
      "2 requested_rewrite.prompt",
      "3 requested_rewrite.target_new.str",
      "4 requested_rewrite.prompt",
      "4 requested_rewrite.subject",
      "4 requested_rewrite.target_new.str",
      "5 paraphrase_prompts[0]",
    ]);
  });

  test("prose that is no list of texts", () => {
    const { set, problems } = importEdits(JSON.stringify({ records: [good], prose: ["One. Two.", 5] }), "x.json");
    expect(set.prose).toEqual(["One. Two."]);
    expect(problems).toEqual([{ row: 0, field: "prose[1]", got: "5", expected: "a text" }]);
  });
});

describe("files that give nothing are refused", () => {
  const refused: readonly [string, string, RegExp][] = [
    ["an empty file", "", /got a text that begins with ""/],
    ["blanks", " \n\n", /begins with ""/],
    ["plain words", "Hello, there\nprompt,answer\n", /begins with "Hello, there/],
    ["a web page", "<!doctype html><p>404", /got an HTML page/],
    ["a pointer", "version https://git-lfs.github.com/spec/v1\n", /got a Git LFS pointer/],
    ["a spreadsheet", "PK\u0003\u0004\u0014\0", /got a zip archive/],
    ["UTF-16", "p\0r\0o\0m\0p\0t\0", /NUL/],
    ["an empty list", "[]", /0 rows of no known layout, the first with nothing/],
    ["numbers", "[1,2]", /2 rows of no known layout, the first with 1/],
    ["unknown fields", '[{"question":"a","reply":"b"}]', /fields \["question","reply"\]/],
    ["records that are no list", '{"records":5}', /0 rows/],
    ["only bad rows", '[{"prompt":"p","answer":""}]', /no row that can be used among 1.*Row 1, answer: got "", expected a text/],
    ["a header alone", "prompt,answer\n", /0 rows|no row/],
    ["cut JSON", '[{"prompt":"p","answer":"q"}', /broken JSON at character 28/],
    ["a key twice", '[{"prompt":"p","prompt":"r","answer":"q"}]', /duplicate JSON key "prompt"/],
    ["a prototype", '[{"__proto__":{"prompt":"p"},"answer":"q"}]', /forbidden JSON key/],
    ["a huge number", '[{"id":99999999999999999999,"prompt":"p","answer":"q"}]', /cannot be held exactly/],
    ["an endless number", `[${"9".repeat(100_000)}]`, /cannot be held exactly/],
    ["deep lists", "[".repeat(200_000), /nested too deep/],
    ["deep objects", '{"a":'.repeat(200_000), /nested too deep/],
  ];
  test.each(refused)("%s", (_, text, message) => {
    const { code, message: said, hint } = refusal(text);
    expect(code).toBe("bad-edits");
    expect(said).toMatch(message);
    expect(said).toContain("edits.json");
    expect(said.length).toBeLessThan(500);
    expect(hint.length).toBeGreaterThan(20);
  });
});

describe("100,000 rows", () => {
  const count = 100_000;

  test("good ones", () => {
    expect(read(Array.from({ length: count }, () => good)).set.records.length).toBe(count);
  });

  test("all of one id", () => {
    const { records } = read(Array.from({ length: count }, () => ({ ...good, id: "x" }))).set;
    expect(new Set(records.map(({ id }) => id)).size).toBe(count);
  });

  test("bad ones in one field, and one after the other", () => {
    const long = read([good, { ...good, heldOut: Array.from({ length: count }, () => 1) }]);
    expect([long.set.records.length, long.problems.length]).toEqual([1, count]);
    const many = read([good, ...Array.from({ length: count }, () => null)]);
    expect([many.set.records.length, many.problems.length]).toEqual([1, count]);
  });
});
