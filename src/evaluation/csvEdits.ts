import { EngineError } from "../lib/errors.ts";
import { shown } from "../weights/strictJson.ts";
import { csvRows, type CsvRow } from "./csvRows.ts";
import type { LocalityKind } from "./editSet.ts";
import type { Row, RowProblem } from "./rowFields.ts";

type Field = "id" | "prompt" | "answer" | "subject" | "rephrasings" | "heldOut" | LocalityKind;

/** Header -> what it fills. Case, blanks and hyphens do not count. */
const columns: ReadonlyMap<string, Field> = new Map<string, Field>([
  ["id", "id"],
  ["prompt", "prompt"],
  ["answer", "answer"],
  ["subject", "subject"],
  ["rephrasings", "rephrasings"],
  ["held_out", "heldOut"],
  ["same_subject", "same subject"],
  ["near", "same relation"],
  ["same_relation", "same relation"],
  ["far", "far"],
]);
const columnNames = [...columns.keys()].join(", ");
const delimiters = [",", ";", "\t"];

export interface NumberedRow {
  readonly row: number;
  readonly value: unknown;
}

/**
 * Rows of a CSV as own records. The header needs `prompt` and `answer`, and may have `subject`, `id`, `rephrasings`, `held_out`,
 * `same_subject`, `near` (same relation) and `far`; these five hold several texts in one cell, divided by "|" (no text can hold a "|").
 * The delimiter is the one of ",", ";" and tab by which the header names both columns that it needs.
 * @param problems gets those of the header and of rows that cannot be split
 * @throws EngineError `bad-edits` when no delimiter gives such a header
 */
export function readCsv(text: string, fileName: string, problems: RowProblem[]): NumberedRow[] {
  const { rows, fields } = readHeader(text, fileName, problems);
  const found: NumberedRow[] = [];
  for (const { row, cells, fault } of rows) {
    if (fault !== undefined) problems.push({ row, field: "row", got: fault, expected: "cells as RFC 4180 writes them" });
    else if (cells.length !== fields.length) problems.push(miscounted(row, cells, fields.length));
    else found.push({ row, value: asRecord(cells, fields) });
  }
  return found;
}

interface Header {
  /** Those behind the header. */
  readonly rows: Iterable<CsvRow>;
  /** Column by column; undefined for one that is not known. */
  readonly fields: readonly (Field | undefined)[];
}

function readHeader(text: string, fileName: string, problems: RowProblem[]): Header {
  for (const delimiter of delimiters) {
    const rows = csvRows(text, delimiter);
    const first = rows.next();
    const header: CsvRow = first.done ? { row: 1, cells: [] } : first.value;
    const fields = header.cells.map((cell) => columns.get(plainName(cell)));
    if (!fields.includes("prompt") || !fields.includes("answer")) continue;
    problems.push(...headerProblems(header, fields));
    return { rows, fields };
  }
  throw new EngineError(
    "bad-edits",
    `${fileName}: got a text that begins with ${shown(text.trimStart().slice(0, 60))}, expected JSON or a CSV header with prompt and answer.`,
    `Name the columns in the first row: ${columnNames}. Only prompt and answer have to be there.`,
  );
}

function headerProblems(header: CsvRow, fields: Header["fields"]): RowProblem[] {
  return header.cells.flatMap((cell, index) => {
    const field = fields[index];
    if (field === undefined) return [{ row: header.row, field: cell.trim(), got: "an unknown column", expected: columnNames }];
    if (fields.indexOf(field) === index) return [];
    return [{ row: header.row, field: cell.trim(), got: "the column twice", expected: "once; the first counts" }];
  });
}

function miscounted(row: number, cells: readonly string[], expected: number): RowProblem {
  return { row, field: "row", got: `${cells.length} cells: ${shown(cells.slice(0, 4))}`, expected: `${expected}, as in the header` };
}

function plainName(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, "_");
}

function asRecord(cells: readonly string[], fields: Header["fields"]): Row {
  const cell = (field: Field): string => cells[fields.indexOf(field)] ?? "";
  const several = (field: Field): string[] =>
    cell(field)
      .split("|")
      .filter((text) => text.trim() !== "");
  const local = (kind: LocalityKind): object[] => several(kind).map((prompt) => ({ prompt, kind }));
  return {
    id: cell("id"),
    prompt: cell("prompt"),
    answer: cell("answer"),
    subject: cell("subject"),
    rephrasings: several("rephrasings"),
    heldOut: several("heldOut"),
    locality: [...local("same subject"), ...local("same relation"), ...local("far")],
  };
}
