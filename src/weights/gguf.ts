/**
 * The GGUF file format, versions 2 and 3, little-endian: metadata, then tensors' names, shapes, formats and offsets, then their bytes.
 * Source: ggml's docs/gguf.md; read as strictly as ggml does: offsets must follow each other, padded to the alignment.
 */
import { recogniseImpostor } from "./fileKind.ts";
import type { ByteSource } from "./byteSource.ts";
import { badGguf, type GgufMetadata, type GgufValue } from "./ggufMetadata.ts";
import { GgufReader, NeedsMore } from "./ggufReader.ts";
import { elementCount } from "./hostTensor.ts";
import { blockSizes, storedBytes, type StoredFormat } from "./storedFormats.ts";
import { shown } from "./strictJson.ts";

export interface GgufTensor {
  readonly name: string;
  /** Row-major, the last size along a row: the reverse of the file's. */
  readonly shape: readonly number[];
  readonly format: StoredFormat;
  /** First byte in the file, and the one after the last. */
  readonly begin: number;
  readonly end: number;
}

export interface GgufHeader {
  readonly version: number;
  readonly metadata: GgufMetadata;
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

/** ggml's numbers of the formats read here. */
const formatNumbers: ReadonlyMap<number, StoredFormat> = new Map<number, StoredFormat>([
  [0, "F32"],
  [1, "F16"],
  [2, "Q4_0"],
  [3, "Q4_1"],
  [6, "Q5_0"],
  [7, "Q5_1"],
  [8, "Q8_0"],
  [12, "Q4_K"],
  [13, "Q5_K"],
  [14, "Q6_K"],
  [28, "F64"],
  [30, "BF16"],
]);
/** Others by name, for messages. */
const otherFormats: ReadonlyMap<number, string> = new Map(
  Object.entries({
    9: "Q8_1",
    10: "Q2_K",
    11: "Q3_K",
    15: "Q8_K",
    16: "IQ2_XXS",
    17: "IQ2_XS",
    18: "IQ3_XXS",
    19: "IQ1_S",
    20: "IQ4_NL",
    21: "IQ3_S",
    22: "IQ2_S",
    23: "IQ4_XS",
    24: "I8",
    25: "I16",
    26: "I32",
    27: "I64",
    29: "IQ1_M",
    34: "TQ1_0",
    35: "TQ2_0",
    39: "MXFP4",
  }).map(([number, name]) => [Number(number), name]),
);

// Beyond every model in use; they bound what a hostile header can make us allocate or loop over.
const maxEntries = 16_384;
const maxSize = 2 ** 31;
const maxHeaderBytes = 32 * 1024 * 1024;
const firstRead = 1024 * 1024;

/**
 * Reads as much of the file as its header takes.
 * @throws EngineError `bad-gguf`, and those of the source
 */
export async function openGguf(source: ByteSource, signal?: AbortSignal): Promise<GgufHeader> {
  let bytes = await source.read(0, Math.min(source.size, firstRead), signal);
  for (;;) {
    try {
      return parseGgufHeader(bytes, source.size);
    } catch (thrown) {
      if (!(thrown instanceof NeedsMore)) throw thrown;
      if (thrown.bytes > maxHeaderBytes) throw badGguf(`got a header of ${thrown.bytes} bytes or more, expected at most ${maxHeaderBytes}`);
      bytes = await source.read(0, Math.min(source.size, Math.max(thrown.bytes, 2 * bytes.length)), signal);
    }
  }
}

/**
 * @param bytes the file's beginning
 * @param fileSize bytes of the whole file
 * @throws EngineError `bad-gguf`; NeedsMore where the header goes on behind `bytes`
 */
export function parseGgufHeader(bytes: Uint8Array<ArrayBuffer>, fileSize: number): GgufHeader {
  const reader = new GgufReader(bytes, fileSize);
  const version = readVersion(reader, bytes);
  const tensorCount = reader.count("tensors", maxEntries);
  const keyCount = reader.count("metadata keys", maxEntries);
  const metadata = readMetadata(reader, keyCount);
  const split = metadata.get("split.count");
  if (typeof split === "number" && split > 1)
    throw badGguf(`got one of ${split} files of a split model, expected a whole one`, "Join them first: llama-gguf-split --merge.");
  const alignment = readAlignment(metadata.get("general.alignment"));
  const infos = Array.from({ length: tensorCount }, () => readTensorInfo(reader));
  const dataStart = aligned(reader.at, alignment);
  return { version, metadata, tensors: placeTensors(infos, dataStart, alignment, fileSize) };
}

function readVersion(reader: GgufReader, bytes: Uint8Array): number {
  if (reader.magic() !== "GGUF") {
    const impostor = recogniseImpostor(bytes);
    const what =
      impostor?.what ?? (bytes[8] === 0x7b ? "a safetensors file" : `a file that begins with ${JSON.stringify(beginning(bytes))}`);
    throw badGguf(`got ${what}, expected "GGUF"`, impostor?.hint);
  }
  const version = reader.unsigned(4);
  if (version === 2 || version === 3) return version;
  // The bytes of 1, 2 and 3 in the other order.
  if (version % 2 ** 24 === 0 && version >>> 24 >= 1 && version >>> 24 <= 3)
    throw badGguf("got a big-endian file, expected little-endian", "Convert it with gguf_convert_endian.py.");
  throw badGguf(`got version ${version}, expected 2 or 3`, "Convert the model again with a current llama.cpp.");
}

const beginning = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes.subarray(0, 4));

function readMetadata(reader: GgufReader, count: number): GgufMetadata {
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < count; i++) {
    const key = reader.text("a metadata key", 65_535);
    if (key === "") throw badGguf("got an empty metadata key, expected a name");
    if (metadata.has(key)) throw badGguf(`got the metadata key ${shown(key)} twice, expected each once`);
    metadata.set(key, reader.value(key));
  }
  return metadata;
}

function readAlignment(value: GgufValue | undefined): number {
  if (value === undefined) return 32;
  if (typeof value !== "number" || value < 8 || value > 65_536 || !Number.isInteger(Math.log2(value)))
    throw badGguf(`got general.alignment ${shown(value)}, expected a power of two from 8 to 65536`);
  return value;
}

interface TensorInfo {
  readonly name: string;
  readonly shape: readonly number[];
  readonly format: StoredFormat;
  readonly offset: number;
}

function readTensorInfo(reader: GgufReader): TensorInfo {
  const name = reader.text("a tensor name", 255);
  const where = `tensor ${JSON.stringify(name)}`;
  if (name === "") throw badGguf("got an empty tensor name, expected one");
  const rank = reader.unsigned(4);
  if (rank < 1 || rank > 4) throw badGguf(`${where}: got ${rank} dimensions, expected 1 to 4`);
  const sizes = Array.from({ length: rank }, () => reader.long(`${where}: a size`));
  const wrong = sizes.find((size) => size < 1 || size > maxSize);
  if (wrong !== undefined) throw badGguf(`${where}: got a size of ${wrong}, expected 1 to ${maxSize}`);
  if (!Number.isSafeInteger(8 * elementCount(sizes)))
    throw badGguf(`${where}: got the sizes ${sizes.join(" × ")}, expected less than 2^53 bytes`);
  const number = reader.unsigned(4);
  const format = formatNumbers.get(number);
  if (format === undefined) {
    const got = otherFormats.get(number) ?? `the unknown number ${number}`;
    throw badGguf(
      `${where}: got the format ${got}, expected one of ${[...formatNumbers.values()].join(", ")}`,
      "Choose another file of this model, such as Q4_0, Q4_K_M or Q8_0.",
    );
  }
  const { weights } = blockSizes[format];
  if ((sizes[0] ?? 0) % weights !== 0)
    throw badGguf(`${where}: got rows of ${sizes[0]} weights, expected a multiple of ${weights} in ${format}`);
  return { name, shape: sizes.toReversed(), format, offset: reader.long(`${where}: its offset`) };
}

const aligned = (at: number, alignment: number): number => Math.ceil(at / alignment) * alignment;

function placeTensors(
  infos: readonly TensorInfo[],
  dataStart: number,
  alignment: number,
  fileSize: number,
): ReadonlyMap<string, GgufTensor> {
  const tensors = new Map<string, GgufTensor>();
  let expected = 0;
  for (const { name, shape, format, offset } of [...infos].sort((a, b) => a.offset - b.offset)) {
    const where = `tensor ${JSON.stringify(name)}`;
    if (tensors.has(name)) throw badGguf(`${where}: got it twice, expected each once`);
    if (offset !== expected)
      throw badGguf(`${where}: got offset ${offset}, expected ${expected}: ${offset > expected ? "a hole" : "an overlap"} before it`);
    const bytes = storedBytes(format, elementCount(shape));
    const begin = dataStart + offset;
    if (begin + bytes > fileSize)
      throw badGguf(`${where}: got an end at byte ${begin + bytes} in a file of ${fileSize}, expected it inside: the file is cut short`);
    tensors.set(name, { name, shape, format, begin, end: begin + bytes });
    expected = aligned(offset + bytes, alignment);
  }
  if (tensors.size === 0) throw badGguf("got no tensors, expected a model", "This file holds a vocabulary or metadata only.");
  // Writers pad the last tensor, or do not.
  if (dataStart + expected < fileSize)
    throw badGguf(`got a file of ${fileSize} bytes, expected at most ${dataStart + expected}: there are bytes behind the last tensor`);
  return tensors;
}
