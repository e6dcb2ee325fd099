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

/**
 * RFC 4180 with a byte-order mark, by which spreadsheets know UTF-8. A cell that a spreadsheet would run as a formula begins with an apostrophe.
 * @param heads of the columns, in words
 */
export function answersCsv(heads: Readonly<Record<(typeof columns)[number], string>>, rows: readonly AnswerRow[]): string {
  const lines = [heads, ...rows].map((row) => columns.map((column) => csvCell(row[column])).join(","));
  return `\u{feff}${lines.join("\r\n")}\r\n`;
}

/** Also after blanks, which some programs skip; a full-width sign counts as the plain one does. */
const RUNS = /^[\s\u{feff}]*[=+\-@\t\r＝＋－＠]/u;

export function csvCell(text: string): string {
  const guarded = RUNS.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n;']/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
