import { expect, test } from "vitest";
import { answersCsv } from "./answersCsv.ts";

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
