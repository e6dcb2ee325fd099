/** Reading parsed JSON whose types nobody has checked yet, and the one error of tokenizer files. */
import { EngineError } from "../lib/errors.ts";

export type Fields = Readonly<Record<string, unknown>>;

const fileHint =
  "Use the tokenizer.json that belongs to the model, of a byte-level or SentencePiece BPE tokenizer; download it again if it is damaged.";

export function badTokenizer(message: string, { cause, hint = fileHint }: { cause?: unknown; hint?: string } = {}): EngineError {
  return new EngineError("bad-tokenizer", `Tokenizer: ${message}.`, hint, cause === undefined ? undefined : { cause });
}

export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as it is quoted in a message: one level deep and short, however large and deep it is. */
export function brief(value: unknown): string {
  if (Array.isArray(value)) return cut(`[${value.slice(0, 4).map(scalar).join(",")}${value.length > 4 ? ",…" : ""}]`);
  if (!isObject(value)) return scalar(value);
  const entries = Object.entries(value);
  return cut(
    `{${entries
      .slice(0, 4)
      .map(([name, field]) => `${scalar(name)}:${scalar(field)}`)
      .join(",")}${entries.length > 4 ? ",…" : ""}}`,
  );
}

function scalar(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "object" && value !== null) return "…";
  return typeof value === "number" ? `${value}` : JSON.stringify(typeof value === "string" ? cut(value) : value);
}

const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

export function booleanOf(fields: Fields, name: string, otherwise: boolean): boolean {
  const value = fields[name] ?? otherwise;
  if (typeof value === "boolean") return value;
  throw badTokenizer(`got ${name} ${brief(value)} in ${brief(fields)}, expected true or false`);
}

/** A text of at least one character and at most `limit`. */
export function textOf(fields: Fields, name: string, limit: number): string {
  const value = fields[name];
  if (typeof value === "string" && value !== "" && value.length <= limit) return value;
  throw badTokenizer(`got ${name} ${brief(value)} in ${brief(fields)}, expected a text of 1 to ${limit} characters`);
}

/** The steps of a part of the file: Sequences within Sequences laid flat. */
export function stepsOf(part: string, value: unknown, listName: string): readonly Fields[] {
  const steps: Fields[] = [];
  const visit = (step: unknown, depth: number): void => {
    if (!isObject(step)) throw badTokenizer(`got the ${part} ${brief(step)}, expected an object with a type`);
    if (step.type !== "Sequence") steps.push(step);
    else {
      const list = step[listName];
      if (!Array.isArray(list)) throw badTokenizer(`got ${listName} ${brief(list)}, expected a list`);
      if (depth === maxDepth) throw badTokenizer(`got ${part} sequences nested deeper than ${maxDepth}, expected a plain list`);
      for (const inner of list as unknown[]) visit(inner, depth + 1);
    }
    if (steps.length > maxSteps) throw badTokenizer(`got a ${part} of more than ${maxSteps} steps, expected a few`);
  };
  if (value !== null && value !== undefined) visit(value, 0);
  return steps;
}

/** Real files have up to 7 steps, in one list. */
const maxSteps = 16;
const maxDepth = 4;
