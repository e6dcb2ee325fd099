/** Also after blanks, which some programs skip; a full-width sign counts as the plain one does. */
const RUNS = /^[\s\u{feff}]*[=+\-@\t\r＝＋－＠]/u;

/** A cell of RFC 4180. A text that a spreadsheet would run as a formula begins with an apostrophe; a number is written as it is. */
export function csvCell(cell: string | number): string {
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  const guarded = RUNS.test(cell) || /^[\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n;']/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** Rows with a byte-order mark, by which spreadsheets know UTF-8. */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return `\u{feff}${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
}
