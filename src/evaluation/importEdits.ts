import { EngineError } from "../lib/errors.ts";
import { recogniseImpostor } from "../weights/fileKind.ts";
import { isJsonObject, parseStrictJson, shown, type JsonValue } from "../weights/strictJson.ts";
import { counterFactLayout, romeLayout } from "./counterFact.ts";
import { readCsv, type NumberedRow } from "./csvEdits.ts";
import type { EditRecord, EditSet } from "./editSet.ts";
import type { ImportLayout } from "./importLayout.ts";
import { ownLayout } from "./ownLayout.ts";
import { RowFields, type RowProblem } from "./rowFields.ts";
import { zsreLayout } from "./zsre.ts";

/** In the order in which rows are tried. */
const layouts: readonly ImportLayout[] = [romeLayout, counterFactLayout, zsreLayout, ownLayout];
const hint = `Give a JSON list, JSON lines or an EditSet in one of these layouts: ${layouts.map(({ name }) => name).join("; ")}; or a CSV with a header (spreadsheets can save one).`;

export interface ImportedEdits {
  readonly set: EditSet;
  /** Of each record, as problems count them. */
  readonly rows: readonly number[];
  /** By row. Rows that were left out, and what else of the file was: columns that are not known, prose that is no text. */
  readonly problems: readonly RowProblem[];
}

/** The rows of a file, before they are read. */
interface Rows {
  readonly rows: readonly NumberedRow[];
  readonly name?: string;
  readonly prose?: readonly string[];
}

/**
 * Reads a set of edits: CounterFact (one rephrasing a record, or as ROME released it), zsRE, own records or a whole `EditSet`, as JSON or
 * JSON lines; or a CSV. The layout is that of the first row that fits one. A row with a fault is left out and reported, the others are
 * kept. A row without an id is named by its number; a second row of the same id gets a number behind it.
 * @param fileName for messages, for the set's name, and to tell JSON lines by .jsonl or .ndjson
 * @throws EngineError `bad-edits`: the text is none of these, JSON is broken (other than in one of several lines), or no row can be used
 */
export function importEdits(text: string, fileName: string): ImportedEdits {
  const problems: RowProblem[] = [];
  const plain = text.replace(/^\uFEFF/, "");
  const { rows, name, prose } = readRows(plain, fileName, problems);
  const found = readRecords(rows, chooseLayout(rows, fileName), problems);
  const records = found.map(({ record }) => record);
  const [first] = problems;
  if (records.length === 0) {
    const why = first ? ` Row ${first.row}, ${first.field}: got ${first.got}, expected ${first.expected}.` : "";
    throw badEdits(`${fileName}: got no row that can be used among ${rows.length}, expected at least one.${why}`);
  }
  const title = name ?? fileName.replace(/^.*[/\\]/, "").replace(/\.[^.]+$/, "");
  const set = { name: title, records, prose: prose ?? [] };
  return { set, rows: found.map(({ row }) => row), problems: problems.sort((a, b) => a.row - b.row) };
}

function badEdits(message: string, advice = hint): EngineError {
  return new EngineError("bad-edits", message, advice);
}

function readRows(text: string, fileName: string, problems: RowProblem[]): Rows {
  const start = text.trimStart();
  const impostor = recogniseImpostor(new TextEncoder().encode(start.slice(0, 256)));
  if (impostor) throw badEdits(`${fileName}: got ${impostor.what}, expected a set of edits.`);
  if (start.includes("\0")) throw badEdits(`${fileName}: got a text with NUL characters, expected UTF-8.`, "Save the file as UTF-8 text.");
  if (!/^[[{]/.test(start)) return { rows: readCsv(text, fileName, problems) };
  if (/\.(?:jsonl|ndjson)$/i.test(fileName) || isRecordLine(start)) return { rows: readLines(text, problems) };
  const fault = (message: string): EngineError => badEdits(`${fileName}: ${message}.`);
  return fromJson(parseStrictJson(text, fault), problems);
}

/** Whether the first of several lines holds an object by itself that is no whole EditSet. */
function isRecordLine(text: string): boolean {
  const [line = ""] = text.split("\n", 1);
  if (text.slice(line.length).trim() === "") return false;
  try {
    const value = parseStrictJson(line, (message) => new Error(message));
    return isJsonObject(value) && !("records" in value);
  } catch {
    return false;
  }
}

function readLines(text: string, problems: RowProblem[]): NumberedRow[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === "") return [];
    const row = index + 1;
    try {
      return [{ row, value: parseStrictJson(line, (message) => new Error(message)) }];
    } catch (thrown) {
      problems.push({ row, field: "row", got: thrown instanceof Error ? thrown.message : String(thrown), expected: "a line of JSON" });
      return [];
    }
  });
}

function fromJson(value: JsonValue, problems: RowProblem[]): Rows {
  const numbered = (list: readonly unknown[]): NumberedRow[] => list.map((row, index) => ({ row: index + 1, value: row }));
  if (Array.isArray(value)) return { rows: numbered(value) };
  if (!isJsonObject(value) || !("records" in value)) return { rows: numbered([value]) };
  const fields = new RowFields(0, value);
  const name = fields.optionalText("name");
  const [records, prose] = [fields.list("records"), fields.texts("prose")];
  for (const problem of fields.problems) problems.push(problem);
  return { rows: numbered(records), prose, ...(name === undefined ? {} : { name }) };
}

function chooseLayout(rows: readonly NumberedRow[], fileName: string): ImportLayout {
  for (const { value } of rows) {
    const layout = isJsonObject(value) && layouts.find(({ fits }) => fits(value));
    if (layout) return layout;
  }
  const [first] = rows;
  const got = first && isJsonObject(first.value) ? `fields ${shown(Object.keys(first.value))}` : shown(first?.value);
  throw badEdits(`${fileName}: got ${rows.length} rows of no known layout, the first with ${got}.`);
}

interface FoundRecord {
  readonly row: number;
  readonly record: EditRecord;
}

function readRecords(rows: readonly NumberedRow[], layout: ImportLayout, problems: RowProblem[]): FoundRecord[] {
  const uniqueId = idGiver();
  return rows.flatMap(({ row, value }) => {
    const fields = new RowFields(row, isJsonObject(value) ? value : {});
    if (!isJsonObject(value)) fields.report("row", value, "an object");
    const read = isJsonObject(value) ? layout.read(fields) : undefined;
    for (const problem of fields.problems) problems.push(problem);
    if (!read || fields.problems.length > 0) return [];
    const { id, subject, ...rest } = read;
    const record = { id: uniqueId(id ?? String(row)), ...(subject === undefined ? {} : { subject }), ...rest };
    return [{ row, record }];
  });
}

/** Gives each id as it is the first time, then with the first free number behind it. */
function idGiver(): (id: string) => string {
  const used = new Map<string, number>();
  return (id) => {
    let [unique, count] = [id, used.get(id) ?? 0];
    while (used.has(unique)) unique = `${id} (${++count + 1})`;
    used.set(id, count);
    used.set(unique, used.get(unique) ?? 0);
    return unique;
  };
}
