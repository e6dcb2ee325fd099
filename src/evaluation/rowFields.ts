/** Reads the fields of one row of an import, and collects what is wrong with them. */
import { shown } from "../weights/strictJson.ts";

export interface RowProblem {
  /** From 1: the record of a JSON list, the line of a JSON-lines file, the row of a CSV with its header as row 1. 0: the file itself. */
  readonly row: number;
  /** Path of the field, e.g. `requested_rewrite.prompt`; "row" where it is none of them. */
  readonly field: string;
  readonly got: string;
  readonly expected: string;
}

export type Row = Readonly<Record<string, unknown>>;

/** Every text is read without the blanks around it. A field in fault is reported and read as empty. */
export class RowFields {
  readonly problems: RowProblem[] = [];
  private readonly row: number;
  private readonly fields: Row;

  constructor(row: number, fields: Row) {
    this.row = row;
    this.fields = fields;
  }

  /** A text that has to be there. @param path names divided by "." */
  text(path: string): string {
    const value = this.at(path);
    const text = typeof value === "string" ? value.trim() : "";
    if (text === "") this.report(path, value, "a text that is not empty");
    return text;
  }

  /** Undefined where the field is absent, null or empty. */
  optionalText(path: string): string | undefined {
    const value = this.at(path) ?? "";
    if (typeof value !== "string") this.report(path, value, "a text");
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
  }

  /** A name or a whole number as text; undefined where the field is absent, null or empty. */
  optionalId(path: string): string | undefined {
    const value = this.at(path);
    return Number.isSafeInteger(value) ? String(value) : this.optionalText(path);
  }

  /** Empty where the field is absent or null; empty texts are left out. */
  texts(path: string): string[] {
    return this.list(path).flatMap((value, index) => {
      if (typeof value !== "string") this.report(`${path}[${index}]`, value, "a text");
      return typeof value === "string" && value.trim() !== "" ? [value.trim()] : [];
    });
  }

  /** Empty where the field is absent or null. */
  list(path: string): readonly unknown[] {
    const value = this.at(path) ?? [];
    if (!Array.isArray(value)) this.report(path, value, "a list");
    return Array.isArray(value) ? value : [];
  }

  report(field: string, got: unknown, expected: string): void {
    this.problems.push({ row: this.row, field, got: shown(got), expected });
  }

  private at(path: string): unknown {
    return path.split(".").reduce<unknown>((value, name) => {
      const inside = typeof value === "object" && value !== null && Object.hasOwn(value, name);
      return inside ? (value as Row)[name] : undefined;
    }, this.fields);
  }
}
