/** Numbers, texts and values of a GGUF header, each checked against the bytes that there are before anything is made of it. */
import { badGguf, type GgufValue } from "./ggufMetadata.ts";
import { shown } from "./strictJson.ts";

/** The header goes on behind what was read of the file. */
export class NeedsMore extends Error {
  /** Bytes from the file's start, at least. */
  readonly bytes: number;

  constructor(bytes: number) {
    super(`needs ${bytes} bytes`);
    this.bytes = bytes;
  }
}

const typeNames = [
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "float32",
  "bool",
  "string",
  "array",
  "uint64",
  "int64",
  "float64",
];
/** Bytes of a value, at least. */
const typeBytes = [1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8];
/** The longest in use are half a million merges; a list of bytes takes eight times as many in memory. */
const maxListLength = 1024 * 1024;
/** Bytes; the longest in use are whole tokenizer.json files. */
const maxTextBytes = 20 * 1024 * 1024;
/** Bytes. */
const shortText = 24;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export class GgufReader {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #fileSize: number;
  #at = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>, fileSize: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#fileSize = fileSize;
  }

  get at(): number {
    return this.#at;
  }

  magic(): string {
    const at = this.#take(4, "the magic number");
    return new TextDecoder("latin1").decode(this.#bytes.subarray(at, at + 4));
  }

  unsigned(bytes: 1 | 2 | 4): number {
    const at = this.#take(bytes, "a number");
    if (bytes === 1) return this.#view.getUint8(at);
    return bytes === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true);
  }

  /** An unsigned 64-bit number that JavaScript holds exactly. */
  long(what: string): number {
    return exact(this.#view.getBigUint64(this.#take(8, what), true), what);
  }

  count(what: string, most: number): number {
    const count = this.long(`the count of ${what}`);
    if (count > most) throw badGguf(`got ${count} ${what}, expected at most ${most}`);
    // Each takes eight bytes or more.
    if (count * 8 > this.#fileSize) throw badGguf(`got ${count} ${what} in a file of ${this.#fileSize} bytes, expected them to fit`);
    return count;
  }

  text(what: string, most: number): string {
    const length = this.long(`the length of ${what}`);
    if (length > most) throw badGguf(`${what}: got a length of ${length} bytes, expected at most ${most}`);
    const at = this.#take(length, what);
    const short = length <= shortText ? this.#ascii(at, length) : undefined;
    if (short !== undefined) return short;
    try {
      return utf8.decode(this.#bytes.subarray(at, at + length));
    } catch {
      throw badGguf(`${what}: got bytes that are no UTF-8 at byte ${at}, expected text`);
    }
  }

  /** Undefined where other characters are among them. Vocabularies are short texts by the hundred thousand: a decoder's call for each would take most of the time. */
  #ascii(at: number, length: number): string | undefined {
    let text = "";
    for (let i = at; i < at + length; i++) {
      const byte = this.#bytes[i] as number;
      if (byte > 0x7f) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  value(key: string): GgufValue {
    const where = `metadata ${shown(key)}`;
    const type = this.#type(where);
    return typeNames[type] === "array" ? this.#list(where) : this.#scalar(type, where);
  }

  #type(where: string): number {
    const type = this.unsigned(4);
    if (typeNames[type] === undefined) throw badGguf(`${where}: got the type ${type}, expected 0 to ${typeNames.length - 1}`);
    return type;
  }

  #list(where: string): GgufValue {
    const type = this.#type(where);
    if (typeNames[type] === "array") throw badGguf(`${where}: got a list of lists, expected a list of plain values`);
    const length = this.long(`${where}: its length`);
    if (length > maxListLength) throw badGguf(`${where}: got a list of ${length} values, expected at most ${maxListLength}`);
    if (length * (typeBytes[type] ?? 1) > this.#fileSize - this.#at)
      throw badGguf(`${where}: got a list of ${length} values in a file of ${this.#fileSize} bytes, expected it to fit`);
    const list: (number | boolean | string)[] = [];
    for (let i = 0; i < length; i++) list.push(this.#scalar(type, where));
    // One type each: what `GgufValue` says of lists.
    return list as unknown as GgufValue;
  }

  #scalar(type: number, where: string): number | boolean | string {
    const name = typeNames[type];
    if (name === "string") return this.text(where, maxTextBytes);
    const at = this.#take(typeBytes[type] ?? 1, where);
    switch (name) {
      case "uint8":
        return this.#view.getUint8(at);
      case "int8":
        return this.#view.getInt8(at);
      case "uint16":
        return this.#view.getUint16(at, true);
      case "int16":
        return this.#view.getInt16(at, true);
      case "uint32":
        return this.#view.getUint32(at, true);
      case "int32":
        return this.#view.getInt32(at, true);
      case "float32":
        return this.#view.getFloat32(at, true);
      case "float64":
        return this.#view.getFloat64(at, true);
      case "uint64":
        return exact(this.#view.getBigUint64(at, true), where);
      case "int64":
        return exact(this.#view.getBigInt64(at, true), where);
      default:
        return this.#flag(at, where);
    }
  }

  #flag(at: number, where: string): boolean {
    const value = this.#view.getUint8(at);
    if (value > 1) throw badGguf(`${where}: got ${value} for a bool, expected 0 or 1`);
    return value === 1;
  }

  /** Steps over so many bytes and gives where they begin. */
  #take(bytes: number, what: string): number {
    const at = this.#at;
    if (at + bytes > this.#fileSize)
      throw badGguf(`${what}: got the end of the file at byte ${this.#fileSize}, expected ${bytes} bytes from byte ${at}: it is cut short`);
    if (at + bytes > this.#bytes.length) throw new NeedsMore(at + bytes);
    this.#at += bytes;
    return at;
  }
}

function exact(value: bigint, what: string): number {
  if (value > 2n ** 53n - 1n || value < -(2n ** 53n) + 1n) throw badGguf(`${what}: got ${value}, expected a number below 2^53`);
  return Number(value);
}
