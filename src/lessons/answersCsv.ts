import { csvText } from "../lib/csvText.ts";

/** One row a prediction, each cell in words. */
export interface AnswerRow {
  readonly name: string;
  readonly lesson: string;
  readonly step: string;
  readonly question: string;
  readonly prediction: string;
  /** Empty while it is open. */
  readonly right: string;
}

const columns = ["name", "lesson", "step", "question", "prediction", "right"] as const;

/** For spreadsheets. @param heads of the columns, in words */
export function answersCsv(heads: Readonly<Record<(typeof columns)[number], string>>, rows: readonly AnswerRow[]): string {
  return csvText([heads, ...rows].map((row) => columns.map((column) => row[column])));
}
