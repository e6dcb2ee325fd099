/**
 * The safetensors file format: u64 header length, JSON header, tensor bytes, all little-endian.
 * Source: https://huggingface.co/docs/safetensors, read strictly: the spans must cover the file without hole or overlap.
 */
import { EngineError } from "../lib/errors.ts";
import { decodeBfloat16Array, decodeFloat16Array } from "../lib/float16.ts";
import { recogniseImpostor } from "./fileKind.ts";
import { elementCount, type FloatTensor } from "./hostTensor.ts";
import { isJsonObject, parseStrictJson, shown } from "./strictJson.ts";

const typeBytes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

export type SafetensorsType = keyof typeof typeBytes;

export interface SafetensorsEntry {
  readonly name: string;
  readonly type: SafetensorsType;
  readonly shape: readonly number[];
  /** First byte in the file, and the one after the last. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of their bytes. */
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

// The largest in use have 40 kB and 300 tensors.
export const maxHeaderBytes = 10_000_000;
/** Each tensor takes seven, with two sizes. */
const maxValues = 50_000;
const maxRank = 8;
const fields = ["dtype", "shape", "data_offsets"];
const damaged = "The file is damaged or was not downloaded in full: download it again.";

export function badSafetensors(message: string, hint: string = damaged): EngineError {
  return new EngineError("bad-safetensors", message, hint);
}

/**
 * @param bytes the file, or at least its header
 * @param fileSize bytes of the whole file
 * @throws EngineError `bad-safetensors`
 */
export function parseSafetensorsHeader(bytes: Uint8Array, fileSize: number): SafetensorsHeader {
  const length = headerLength(bytes, fileSize);
  const json = parseStrictJson(headerText(bytes.subarray(8, 8 + length)), (message) => badSafetensors(`Header: ${message}.`), {
    wholeNumbers: true,
    maxValues,
  });
  if (!isJsonObject(json)) throw badSafetensors("Header: got JSON that is no object, expected an object of tensors.");
  const { __metadata__: metadata, ...tensors } = json;
  const entries = Object.entries(tensors).map(([name, value]) => readEntry(name, value, 8 + length));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCover(entries, 8 + length, fileSize);
  return { entries: new Map(entries.map((entry) => [entry.name, entry])), metadata: readMetadata(metadata) };
}

function headerLength(bytes: Uint8Array, fileSize: number): number {
  // A length may look like the beginning of another file: 640 is that of a pickle. The header's "{" tells them apart.
  const impostor = bytes[8] === 0x7b ? undefined : recogniseImpostor(bytes);
  if (impostor) throw badSafetensors(`Got ${impostor.what}, expected a safetensors file.`, impostor.hint);
  if (fileSize < 10 || bytes.length < 8)
    throw badSafetensors(`Got a file of ${fileSize} bytes, expected at least 10: a header length and a header.`);
  const stated = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  const length = Number(stated);
  if (length > maxHeaderBytes) {
    if (bytes[0] === 0x7b)
      throw badSafetensors("Got JSON text, expected a safetensors file.", "A server's answer was saved in its place: check the address.");
    const hint = "This is no safetensors file, or its beginning is damaged.";
    throw badSafetensors(`Got a header of ${stated} bytes, expected at most ${maxHeaderBytes}.`, hint);
  }
  if (8 + length > fileSize)
    throw badSafetensors(`Got a header of ${length} bytes in a file of ${fileSize}, expected it to lie inside the file.`);
  if (8 + length > bytes.length) throw badSafetensors(`Got the first ${bytes.length} bytes, expected the whole header of ${8 + length}.`);
  return length;
}

function headerText(bytes: Uint8Array): string {
  if (bytes[0] !== 0x7b)
    throw badSafetensors(`Header: got ${bytes.length === 0 ? "nothing" : `byte ${bytes[0]}`} at its start, expected "{".`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new EngineError("bad-safetensors", "Header: got bytes that are no UTF-8, expected UTF-8 text.", damaged, { cause });
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function readEntry(name: string, value: unknown, dataStart: number): SafetensorsEntry {
  const where = `Tensor ${shown(name)}`;
  if (!isJsonObject(value)) throw badSafetensors(`${where}: got ${shown(value)}, expected {dtype, shape, data_offsets}.`);
  const { dtype, shape, data_offsets: offsets } = value;
  const extra = Object.keys(value).find((key) => !fields.includes(key));
  if (extra !== undefined)
    throw badSafetensors(`${where}: got the unknown key ${shown(extra)}, expected dtype, shape and data_offsets only.`);
  if (typeof dtype !== "string" || !Object.hasOwn(typeBytes, dtype)) {
    throw badSafetensors(
      `${where}: got dtype ${shown(dtype)}, expected one of ${Object.keys(typeBytes).join(", ")}.`,
      "Save the model in float32, float16 or bfloat16.",
    );
  }
  if (!Array.isArray(shape) || shape.length > maxRank || !shape.every(isCount)) {
    throw badSafetensors(`${where}: got shape ${shown(shape)}, expected at most ${maxRank} sizes of 0 or more.`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw badSafetensors(`${where}: got data_offsets ${shown(offsets)}, expected [begin, end].`);
  }
  const [begin = 0, end = 0] = offsets;
  const type = dtype as SafetensorsType;
  checkSpan(where, type, shape, begin, end);
  return { name, type, shape, begin: dataStart + begin, end: dataStart + end };
}

function checkSpan(where: string, type: SafetensorsType, shape: readonly number[], begin: number, end: number): void {
  // Without the zeros, which would hide sizes that no memory has.
  if (!Number.isSafeInteger(elementCount(shape.filter((size) => size > 0)) * typeBytes[type]))
    throw badSafetensors(`${where}: got shape [${shape.join(", ")}] of ${type}, expected less than 2^53 bytes.`);
  const expected = elementCount(shape) * typeBytes[type];
  if (end - begin !== expected) {
    throw badSafetensors(
      `${where}: got a span of ${end - begin} bytes (${begin} to ${end}), expected ${expected} for ${type} [${shape.join(", ")}].`,
    );
  }
}

function checkCover(entries: readonly SafetensorsEntry[], dataStart: number, fileSize: number): void {
  let at = dataStart;
  for (const entry of entries) {
    if (entry.begin !== at) {
      const fault = entry.begin > at ? "a hole before" : "an overlap at";
      throw badSafetensors(`Got ${fault} tensor ${shown(entry.name)}: it begins at byte ${entry.begin}, expected ${at}.`);
    }
    at = entry.end;
  }
  if (at !== fileSize) throw badSafetensors(`Got a file of ${fileSize} bytes, expected ${at}: the end of the last tensor.`);
}

function readMetadata(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (!isJsonObject(value) || Object.values(value).some((entry) => typeof entry !== "string")) {
    throw badSafetensors("Header: got a __metadata__ that holds more than text, expected an object of strings.");
  }
  return value as Record<string, string>;
}

/** A safetensors file in memory. */
export interface SafetensorsFile extends SafetensorsHeader {
  /** A float tensor as float32. @throws EngineError `bad-safetensors` when it is missing or holds integers. */
  readTensor(name: string): FloatTensor;
  /** The bits of an F16 tensor. @throws EngineError `bad-safetensors` when it is missing or of another type. */
  readHalves(name: string): Uint16Array<ArrayBuffer>;
  /** An integer tensor as int32. @throws EngineError `bad-safetensors` when it is missing, holds floats, or a value beyond int32. */
  readIntegers(name: string): { readonly shape: readonly number[]; readonly data: Int32Array };
}

/** @throws EngineError `bad-safetensors` */
export function openSafetensors(bytes: Uint8Array): SafetensorsFile {
  const header = parseSafetensorsHeader(bytes, bytes.length);
  return {
    ...header,
    readTensor: (name) => readTensor(bytes, entryOf(header, name)),
    readHalves: (name) => readHalves(bytes, entryOf(header, name)),
    readIntegers: (name) => readIntegers(bytes, entryOf(header, name)),
  };
}

function entryOf(header: SafetensorsHeader, name: string): SafetensorsEntry {
  const entry = header.entries.get(name);
  if (!entry)
    throw badSafetensors(
      `Got no tensor ${JSON.stringify(name)}, expected it among the file's ${header.entries.size}.`,
      "The file belongs to another model, or is incomplete.",
    );
  return entry;
}

/** The entry's bytes in a buffer of their own, so that any element type is aligned. */
function ownBuffer(bytes: Uint8Array, entry: SafetensorsEntry): ArrayBuffer {
  return Uint8Array.from(bytes.subarray(entry.begin, entry.end)).buffer;
}

/** Reads F64, F32, F16 and BF16. @throws EngineError `bad-safetensors` */
function readTensor(bytes: Uint8Array, entry: SafetensorsEntry): FloatTensor {
  const floats = (data: Float32Array): FloatTensor => ({ name: entry.name, shape: entry.shape, format: "f32", data });
  const buffer = ownBuffer(bytes, entry);
  switch (entry.type) {
    case "F64":
      return floats(Float32Array.from(new Float64Array(buffer)));
    case "F32":
      return floats(new Float32Array(buffer));
    case "F16":
      return floats(decodeFloat16Array(new Uint16Array(buffer)));
    case "BF16":
      return floats(decodeBfloat16Array(new Uint16Array(buffer)));
    default:
      throw badSafetensors(
        `Tensor ${JSON.stringify(entry.name)}: got ${entry.type}, expected F32, F16, BF16 or F64.`,
        "Save the model in float32, float16 or bfloat16.",
      );
  }
}

function readHalves(bytes: Uint8Array, entry: SafetensorsEntry): Uint16Array<ArrayBuffer> {
  if (entry.type === "F16") return new Uint16Array(ownBuffer(bytes, entry));
  throw badSafetensors(
    `Tensor ${JSON.stringify(entry.name)}: got ${entry.type}, expected F16.`,
    "The file was written for another purpose.",
  );
}

/** Reads I64, I32, U8 and BOOL. @throws EngineError `bad-safetensors` */
function readIntegers(bytes: Uint8Array, entry: SafetensorsEntry): { readonly shape: readonly number[]; readonly data: Int32Array } {
  const buffer = ownBuffer(bytes, entry);
  switch (entry.type) {
    case "I64":
      return { shape: entry.shape, data: Int32Array.from(new BigInt64Array(buffer), (value) => toInt32(entry.name, value)) };
    case "I32":
      return { shape: entry.shape, data: new Int32Array(buffer) };
    case "U8":
    case "BOOL":
      return { shape: entry.shape, data: Int32Array.from(new Uint8Array(buffer)) };
    default:
      throw badSafetensors(
        `Tensor ${JSON.stringify(entry.name)}: got ${entry.type}, expected I64, I32, U8 or BOOL.`,
        "The file was written for another purpose.",
      );
  }
}

function toInt32(name: string, value: bigint): number {
  if (BigInt.asIntN(32, value) !== value)
    throw badSafetensors(`Tensor ${JSON.stringify(name)}: got the value ${value}, expected one that fits in 32 bits.`);
  return Number(value);
}
