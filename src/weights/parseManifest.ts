/** The fields of a manifest, each checked before it is believed. */
import { elementCount, tensorBytes, type PackedFormat } from "./hostTensor.ts";
import {
  badManifest,
  manifestFormat,
  maxShardBytes,
  shardStarts,
  type Manifest,
  type ManifestFile,
  type ManifestTensor,
  type Span,
} from "./manifest.ts";
import { isJsonObject, parseStrictJson } from "./strictJson.ts";

type Fields = Readonly<Record<string, unknown>>;

// Far beyond what a browser tab can hold; they bound what a hostile manifest can make us allocate or loop over.
const maxShards = 4096;
const maxTensors = 100_000;
const maxElements = 2 ** 33;
const maxTokenizerBytes = 64 * 1024 * 1024;
const maxGroup = 1024;
const maxRank = 4;

/** @throws EngineError `bad-manifest` */
export function parseManifest(text: string): Manifest {
  if (text.trim() === "") throw badManifest("got an empty text, expected JSON");
  return readManifest(objectOf(parseStrictJson(text, badManifest), "the whole text"));
}

function readManifest(json: Fields): Manifest {
  if (json.format !== manifestFormat)
    throw badManifest(
      `got format ${brief(json.format)}, expected ${JSON.stringify(manifestFormat)}`,
      "This page reads its own model folders; make one with `npm run quantize`.",
    );
  const shards = listOf(json.shards, "shards", maxShards, (value, where) => readFile(value, where, maxShardBytes));
  const unaligned = shards.findIndex(({ bytes }) => bytes % 4 !== 0);
  if (unaligned >= 0) throw badManifest(`shards[${unaligned}]: got ${shards[unaligned]?.bytes} bytes, expected a multiple of 4`);
  const tensors = listOf(json.tensors, "tensors", maxTensors, readTensor);
  checkNames(
    tensors.map(({ name }) => name),
    "tensor name",
  );
  checkCover(tensors, shards);
  // Empty where the model came without one.
  const tokenizer = readFile(json.tokenizer, "tokenizer", maxTokenizerBytes, 0);
  checkNames(
    [...shards, tokenizer].map(({ file }) => file),
    "file name",
  );
  return {
    format: manifestFormat,
    name: textOf(json.name, "name", /^[^\p{Cc}]{1,200}$/u, "a name of 1 to 200 characters"),
    revision: readHash(json.revision, "revision"),
    config: objectOf(json.config, "config"),
    ...(json.quantization === undefined ? {} : { quantization: readQuantization(json.quantization) }),
    tensors,
    shards,
    tokenizer,
    ...(json.tokenizerConfig === undefined ? {} : { tokenizerConfig: objectOf(json.tokenizerConfig, "tokenizerConfig") }),
  };
}

/** A value as it is quoted in a message. */
function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function objectOf(value: unknown, where: string): Fields {
  if (!isJsonObject(value)) throw badManifest(`${where}: got ${brief(value)}, expected an object`);
  return value;
}

function listOf<T>(value: unknown, where: string, most: number, read: (value: unknown, where: string) => T): T[] {
  if (!Array.isArray(value) || value.length === 0) throw badManifest(`${where}: got ${brief(value)}, expected a list that is not empty`);
  if (value.length > most) throw badManifest(`${where}: got ${value.length} entries, expected at most ${most}`);
  return value.map((entry, index) => read(entry, `${where}[${index}]`));
}

function textOf(value: unknown, where: string, pattern: RegExp, expected: string): string {
  if (typeof value !== "string" || !pattern.test(value)) throw badManifest(`${where}: got ${brief(value)}, expected ${expected}`);
  return value;
}

function countOf(value: unknown, where: string, least: number, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
    throw badManifest(`${where}: got ${brief(value)}, expected an integer from ${least} to ${most}`);
  }
  return value;
}

function readHash(value: unknown, where: string): string {
  return textOf(value, where, /^[0-9a-f]{64}$/, "64 lower-case hex digits");
}

function readFile(value: unknown, where: string, mostBytes: number, leastBytes = 1): ManifestFile {
  const { file, bytes, sha256 } = objectOf(value, where);
  return {
    file: textOf(file, `${where}.file`, /^[A-Za-z0-9][\w.-]{0,127}$/, "a plain file name without path separators"),
    bytes: countOf(bytes, `${where}.bytes`, leastBytes, mostBytes),
    sha256: readHash(sha256, `${where}.sha256`),
  };
}

function readQuantization(value: unknown): NonNullable<Manifest["quantization"]> {
  const { bits, group } = objectOf(value, "quantization");
  if (bits !== 4 && bits !== 8) throw badManifest(`quantization.bits: got ${brief(bits)}, expected 4 or 8`);
  return { bits, group: readGroup(group, "quantization.group") };
}

function readGroup(value: unknown, where: string): number {
  const group = countOf(value, where, 8, maxGroup);
  if (group % 8 !== 0) throw badManifest(`${where}: got ${group}, expected a multiple of 8`);
  return group;
}

function readSpan(value: unknown, where: string, expectedBytes: number): Span {
  const { shard, offset, bytes } = objectOf(value, where);
  const span = {
    shard: countOf(shard, `${where}.shard`, 0, maxShards - 1),
    offset: countOf(offset, `${where}.offset`, 0, maxShardBytes),
    bytes: countOf(bytes, `${where}.bytes`, 1, Number.MAX_SAFE_INTEGER),
  };
  if (span.offset % 4 !== 0) throw badManifest(`${where}.offset: got ${span.offset}, expected a multiple of 4`);
  if (span.bytes !== expectedBytes)
    throw badManifest(`${where}.bytes: got ${span.bytes}, expected ${expectedBytes} for its shape and format`);
  return span;
}

function readTensor(value: unknown, where: string): ManifestTensor {
  const fields = objectOf(value, where);
  const name = textOf(fields.name, `${where}.name`, /^[A-Za-z][\w.-]{0,255}$/, "a tensor name of letters, digits, dots and dashes");
  const named = `${where} (${name})`;
  const shape = listOf(fields.shape, `${named}.shape`, maxRank, (size, at) => countOf(size, at, 1, 2 ** 31));
  if (elementCount(shape) > maxElements)
    throw badManifest(`${named}.shape: got [${shape.join(", ")}], expected at most ${maxElements} elements`);
  if (fields.format === "f32") return { name, shape, format: "f32", ...readSpan(fields, named, elementCount(shape) * 4) };
  if (fields.format === "f16") return readHalves(fields, named, name, shape);
  if (fields.format !== "int8" && fields.format !== "int4" && fields.format !== "int4m")
    throw badManifest(
      `${named}.format: got ${brief(fields.format)}, expected f32, f16, int8, int4 or int4m`,
      "The model was written by a newer version: update this page.",
    );
  return readPacked(fields, named, name, shape, fields.format);
}

function readHalves(fields: Fields, where: string, name: string, shape: readonly number[]): ManifestTensor {
  const [rows, columns] = matrixOf(shape, where, "f16");
  if (columns % 2 !== 0) throw badManifest(`${where}.shape: got ${columns} columns, expected an even number in f16`);
  return { name, shape: [rows, columns], format: "f16", ...readSpan(fields, where, rows * columns * 2) };
}

function matrixOf(shape: readonly number[], where: string, format: string): readonly [number, number] {
  const [rows, columns, ...more] = shape;
  if (rows === undefined || columns === undefined || more.length > 0)
    throw badManifest(`${where}.shape: got [${shape.join(", ")}], expected two sizes for ${format}`);
  return [rows, columns];
}

function readPacked(fields: Fields, where: string, name: string, shape: readonly number[], format: PackedFormat): ManifestTensor {
  const [rows, columns] = matrixOf(shape, where, format);
  const group = readGroup(fields.group, `${where}.group`);
  if (columns % group !== 0) throw badManifest(`${where}.shape: got ${columns} columns, expected a multiple of the group, ${group}`);
  const bytes = tensorBytes({ name, shape, format, group });
  return {
    name,
    shape: [rows, columns],
    format,
    group,
    ...readSpan(fields, where, bytes.words),
    scales: readSpan(fields.scales, `${where}.scales`, bytes.scales),
  };
}

function checkNames(names: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw badManifest(`got the ${what} ${JSON.stringify(name)} twice, expected each once`);
    seen.add(name);
  }
}

/** Every byte of the shards belongs to one tensor. */
function checkCover(tensors: readonly ManifestTensor[], shards: readonly ManifestFile[]): void {
  const starts = shardStarts(shards);
  const place = (name: string, { shard, offset, bytes }: Span) => {
    const size = shards[shard]?.bytes ?? 0;
    if (shard >= shards.length || offset >= size)
      throw badManifest(
        `tensor ${name}: got shard ${shard}, offset ${offset}, expected a place inside one of the ${shards.length} shards (that one has ${size} bytes)`,
      );
    const begin = (starts[shard] ?? 0) + offset;
    return { name, begin, end: begin + bytes };
  };
  const spans = tensors.flatMap((tensor) => [
    place(tensor.name, tensor),
    ...("scales" in tensor ? [place(`${tensor.name} (scales)`, tensor.scales)] : []),
  ]);
  spans.sort((a, b) => a.begin - b.begin);
  let at = 0;
  for (const { name, begin, end } of spans) {
    if (begin !== at)
      throw badManifest(
        `tensor ${name}: got ${begin < at ? "an overlap" : "a hole"}, it begins at byte ${begin} of all shards, expected ${at}`,
      );
    at = end;
  }
  const total = starts.at(-1) ?? 0;
  if (at !== total) throw badManifest(`got tensors that end at byte ${at} of all shards, expected ${total}, where the shards end`);
}
