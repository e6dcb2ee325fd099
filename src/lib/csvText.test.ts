import { expect, test } from "vitest";
import { csvCell, csvText } from "./csvText.ts";

test.each([
  ["plain", "plain"],
  ["a, b", '"a, b"'],
  ['say "no"', '"say ""no"""'],
  ["two\nlines", '"two\nlines"'],
  ["O'Neill", '"O\'Neill"'],
  ["Łódź 😀", "Łódź 😀"],
  ["1.5", "1.5"],
  ["", ""],
])("the cell %j is written as it is", (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =cmd|' /C calc'!A0", "＝1", "\u{feff}=1"])("%j is no formula", (text) => {
  const cell = csvCell(text);
  expect(cell.replace(/^"/, "").startsWith("'")).toBe(true);
  expect(cell.replace(/^"|"$/g, "").replaceAll('""', '"').slice(1)).toBe(text);
});

test("numbers stay numbers, and what is none stays empty", () => {
  expect([-0.25, 1e-9, Number.NaN, Number.POSITIVE_INFINITY].map(csvCell)).toEqual(["-0.25", "1e-9", "", ""]);
  expect(csvText([["=a", -1], [2]])).toBe(`\u{feff}"'=a",-1\r\n2\r\n`);
});
