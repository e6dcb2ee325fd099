/**
 * JSON as RFC 8259 has it, but without what `JSON.parse` lets pass silently: duplicate keys (it keeps the last), integers beyond
 * 2^53 (it rounds), `__proto__` keys, and nesting deep enough to end the stack.
 */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Makes the error for a fault in the text; the message says what and where. */
export type JsonFault = (message: string) => Error;

const maxDepth = 64;
const maxShown = 100;
/** Characters of a number's text; JavaScript never writes more than 25. */
const maxNumberLength = 400;
const numberPattern = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/;
const literals: readonly [string, JsonValue][] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

export interface JsonOptions {
  /** Numbers are written in digits alone, as formats of sizes and offsets want them: neither 2.0 nor 1e3. */
  readonly wholeNumbers?: boolean;
}

interface Reader extends JsonOptions {
  readonly text: string;
  readonly fault: JsonFault;
  at: number;
}

/** @throws what `fault` makes, for any text that is not strict JSON. */
export function parseStrictJson(text: string, fault: JsonFault, options: JsonOptions = {}): JsonValue {
  const reader: Reader = { ...options, text, fault, at: 0 };
  const value = readValue(reader, 0);
  skipSpace(reader);
  if (reader.at < text.length) throw broken(reader, "the end of the text");
  return value;
}

/** True for a JSON object, not an array. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as messages show it: whatever the file holds, a short text. */
export function shown(value: unknown): string {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}

function broken(reader: Reader, expected: string): Error {
  const { text, at } = reader;
  const found = at < text.length ? JSON.stringify(text.slice(at, at + 12)) : "the end of the text";
  return reader.fault(`broken JSON at character ${at}: got ${found}, expected ${expected}`);
}

function skipSpace(reader: Reader): void {
  for (;;) {
    const code = reader.text.charCodeAt(reader.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    reader.at++;
  }
}

/** Steps over `mark` if it is next. */
function take(reader: Reader, mark: string): boolean {
  skipSpace(reader);
  if (!reader.text.startsWith(mark, reader.at)) return false;
  reader.at += mark.length;
  return true;
}

function expectMark(reader: Reader, mark: string): void {
  if (!take(reader, mark)) throw broken(reader, JSON.stringify(mark));
}

function readValue(reader: Reader, depth: number): JsonValue {
  if (depth > maxDepth) throw reader.fault(`JSON nested too deep at character ${reader.at}: expected at most ${maxDepth} levels`);
  skipSpace(reader);
  const next = reader.text[reader.at] ?? "";
  if (next === '"') return readString(reader);
  if (/[-\d]/.test(next)) return readNumber(reader);
  if (take(reader, "{")) return readObject(reader, depth);
  if (take(reader, "[")) return readArray(reader, depth);
  for (const [word, value] of literals) if (take(reader, word)) return value;
  throw broken(reader, "a JSON value");
}

function readObject(reader: Reader, depth: number): JsonObject {
  const result: JsonObject = {};
  if (take(reader, "}")) return result;
  do {
    skipSpace(reader);
    const start = reader.at;
    const key = readString(reader);
    if (key === "__proto__") throw reader.fault(`forbidden JSON key "__proto__" at character ${start}`);
    if (Object.hasOwn(result, key)) throw reader.fault(`duplicate JSON key ${shown(key)} at character ${start}`);
    expectMark(reader, ":");
    result[key] = readValue(reader, depth + 1);
  } while (take(reader, ","));
  expectMark(reader, "}");
  return result;
}

function readArray(reader: Reader, depth: number): JsonValue[] {
  const result: JsonValue[] = [];
  if (take(reader, "]")) return result;
  do result.push(readValue(reader, depth + 1));
  while (take(reader, ","));
  expectMark(reader, "]");
  return result;
}

function readString(reader: Reader): string {
  const { text } = reader;
  const start = reader.at;
  if (text[start] !== '"') throw broken(reader, "a string in double quotes");
  let end = start + 1;
  let plain = true;
  for (; end < text.length && text[end] !== '"'; end++) {
    if (text[end] === "\\") {
      plain = false;
      end++;
    } else if (text.charCodeAt(end) < 0x20) plain = false;
  }
  if (end >= text.length) {
    reader.at = text.length;
    throw broken(reader, "the closing quote of a string");
  }
  const value = plain ? text.slice(start + 1, end) : unescaped(reader, text.slice(start, end + 1));
  reader.at = end + 1;
  return value;
}

function unescaped(reader: Reader, quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw broken(reader, "a string without control characters or unknown escapes");
  }
}

function readNumber(reader: Reader): number {
  const match = numberPattern.exec(reader.text.slice(reader.at, reader.at + maxNumberLength));
  if (!match) throw broken(reader, "a JSON value");
  const [literal, fraction, exponent] = match;
  const value = Number(literal);
  const whole = fraction === undefined && exponent === undefined;
  if (literal.length >= maxNumberLength || !(whole ? Number.isSafeInteger(value) : Number.isFinite(value))) {
    throw reader.fault(`number ${literal.slice(0, 40)} at character ${reader.at} cannot be held exactly: expected at most 2^53 − 1`);
  }
  if (reader.wholeNumbers && (!whole || Object.is(value, -0)))
    throw reader.fault(`number ${literal.slice(0, 40)} at character ${reader.at}: expected a whole number, in digits alone`);
  reader.at += literal.length;
  return value;
}
