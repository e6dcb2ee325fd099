/**
 * Splits CSV into rows and cells as RFC 4180 has it: cells in double quotes may hold delimiters, line ends and doubled quotes. Beyond the
 * RFC: any line end, blank lines skipped, a quote inside a cell without quotes taken as it stands.
 */
export interface CsvRow {
  /** As a spreadsheet counts, blank lines included: the first is 1. */
  readonly row: number;
  readonly cells: readonly string[];
  /** What is wrong with the row's text, when its cells cannot be told. */
  readonly fault?: string;
}

/** UTF-16 units of a cell, as in spreadsheets; a longer one is taken for a quote that is never closed. */
const maxCell = 32_767;

interface Cursor {
  readonly text: string;
  readonly delimiter: string;
  at: number;
}

/** Rows in order. After a row with a fault, reading goes on at the line after the one where it began: one bad quote costs one row. */
export function* csvRows(text: string, delimiter: string): Generator<CsvRow> {
  const cursor: Cursor = { text, delimiter, at: 0 };
  for (let row = 1; cursor.at < text.length; row++) {
    const start = cursor.at;
    const cells: string[] = [];
    const fault = readCells(cursor, cells);
    if (fault !== undefined) {
      cursor.at = lineEnd(text, start);
      stepOverLineEnd(cursor);
      yield { row, cells: [text.slice(start, Math.min(cursor.at, start + maxCell)).trimEnd()], fault };
    } else if (cells.length > 1 || cells[0]?.trim() !== "") yield { row, cells };
  }
}

/** Fills `cells` and leaves the cursor behind the row's line end. Returns the fault, if any. */
function readCells(cursor: Cursor, cells: string[]): string | undefined {
  for (;;) {
    const quoted = cursor.text[cursor.at] === '"';
    const cell = quoted ? readQuoted(cursor) : readPlain(cursor);
    if (cell === undefined) return `a quote that is not closed within ${maxCell} characters`;
    cells.push(cell);
    const next = cursor.text[cursor.at];
    if (next === cursor.delimiter) cursor.at++;
    else if (next === undefined || next === "\n" || next === "\r") break;
    else return `${JSON.stringify(next)} after a closing quote`;
  }
  stepOverLineEnd(cursor);
  return undefined;
}

function readPlain(cursor: Cursor): string {
  const start = cursor.at;
  const { text, delimiter } = cursor;
  while (cursor.at < text.length && !isEnd(text[cursor.at], delimiter)) cursor.at++;
  return text.slice(start, cursor.at);
}

/** Undefined when the closing quote is missing. */
function readQuoted(cursor: Cursor): string | undefined {
  const { text } = cursor;
  const start = cursor.at + 1;
  let end = text.indexOf('"', start);
  while (end >= 0 && end - start <= maxCell && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end < 0 || end - start > maxCell) return undefined;
  cursor.at = end + 1;
  return text.slice(start, end).replaceAll('""', '"');
}

function isEnd(character: string | undefined, delimiter: string): boolean {
  return character === delimiter || character === "\n" || character === "\r";
}

function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at++;
  return at;
}

function stepOverLineEnd(cursor: Cursor): void {
  const { text } = cursor;
  if (text[cursor.at] === "\r" && text[cursor.at + 1] === "\n") cursor.at += 2;
  else if (cursor.at < text.length) cursor.at++;
}
