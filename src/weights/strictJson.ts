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
const numberPattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const [quote, backslash] = [0x22, 0x5c];
const literals: readonly [string, JsonValue][] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

export interface JsonOptions {
  /** Numbers are written in digits alone, as formats of sizes and offsets want them: neither 2.0 nor 1e3. */
  readonly wholeNumbers?: boolean;
  /** Values in all, keys not counted; a reader of short texts need not wait for the end of a long one. */
  readonly maxValues?: number;
}

interface Reader extends JsonOptions {
  readonly text: string;
  readonly fault: JsonFault;
  at: number;
  /** Left of `maxValues`. */
  values: number;
}

/** @throws what `fault` makes, for any text that is not strict JSON. */
export function parseStrictJson(text: string, fault: JsonFault, options: JsonOptions = {}): JsonValue {
  const reader: Reader = { ...options, text, fault, at: 0, values: options.maxValues ?? Infinity };
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
  if (typeof value === "number") return String(value);
  const cut = typeof value === "string" || Array.isArray(value) ? value.slice(0, maxShown) : value;
  const text = JSON.stringify(cut) ?? "nothing";
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}

function broken(reader: Reader, expected: string): Error {
  const { text, at } = reader;
  const found = at < text.length ? JSON.stringify(text.slice(at, at + 12)) : "the end of the text";
  return reader.fault(`broken JSON at character ${at}: got ${found}, expected ${expected}`);
}

function skipSpace(reader: Reader): void {
  const { text } = reader;
  let { at } = reader;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
    at++;
  }
  reader.at = at;
}

/** Steps over `mark`, one character, if it is next. */
function take(reader: Reader, mark: string): boolean {
  skipSpace(reader);
  if (reader.text.charCodeAt(reader.at) !== mark.charCodeAt(0)) return false;
  reader.at++;
  return true;
}

function expectMark(reader: Reader, mark: string): void {
  if (!take(reader, mark)) throw broken(reader, JSON.stringify(mark));
}

function readValue(reader: Reader, depth: number): JsonValue {
  if (depth > maxDepth) throw reader.fault(`JSON nested too deep at character ${reader.at}: expected at most ${maxDepth} levels`);
  if (--reader.values < 0) throw reader.fault(`got more than ${reader.maxValues} values, expected fewer`);
  skipSpace(reader);
  switch (reader.text[reader.at]) {
    case '"':
      return readString(reader);
    case "{":
      return readObject(reader, depth);
    case "[":
      return readArray(reader, depth);
    case "t":
    case "f":
    case "n":
      return readLiteral(reader);
    default:
      return readNumber(reader);
  }
}

function readLiteral(reader: Reader): JsonValue {
  const found = literals.find(([word]) => reader.text.startsWith(word, reader.at));
  if (!found) throw broken(reader, "a JSON value");
  reader.at += found[0].length;
  return found[1];
}

function readObject(reader: Reader, depth: number): JsonObject {
  const result: JsonObject = {};
  reader.at++;
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
  reader.at++;
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
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === quote) break;
    if (code === backslash) {
      plain = false;
      end++;
    } else if (code < 0x20) plain = false;
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
  numberPattern.lastIndex = reader.at;
  const match = numberPattern.exec(reader.text);
  if (!match) throw broken(reader, "a JSON value");
  const [literal, fraction, exponent] = match;
  const value = literal.length < maxNumberLength ? Number(literal) : NaN;
  const whole = fraction === undefined && exponent === undefined;
  if (!(whole ? Number.isSafeInteger(value) : Number.isFinite(value))) {
    throw reader.fault(`number ${literal.slice(0, 40)} at character ${reader.at} cannot be held exactly: expected at most 2^53 − 1`);
  }
  if (reader.wholeNumbers && (!whole || Object.is(value, -0)))
    throw reader.fault(`number ${literal.slice(0, 40)} at character ${reader.at}: expected a whole number, in digits alone`);
  reader.at += literal.length;
  return value;
}
