import { expect, test } from "vitest";
import { answersCsv, csvCell } from "./answersCsv.ts";

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

test("rows under their heads, ended as spreadsheets expect", () => {
  const heads = { name: "Name", lesson: "Lesson", step: "Step", question: "Question", prediction: "Prediction", right: "Right" };
  const row = {
    name: "=Ada",
    lesson: "Deferral, and its limits",
    step: "4",
    question: "Who answers?",
    prediction: "the edit",
    right: "yes",
  };
  expect(answersCsv(heads, [row])).toBe(
    `\u{feff}Name,Lesson,Step,Question,Prediction,Right\r\n"'=Ada","Deferral, and its limits",4,Who answers?,the edit,yes\r\n`,
  );
});
