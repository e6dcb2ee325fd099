/** A model laid out like a Hugging Face Hub repository: config.json and safetensors, one file or several with an index. */
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import type { ByteSource, FileSet } from "./byteSource.ts";
import { recogniseImpostor } from "./fileKind.ts";
import type { TensorPlan } from "./hostTensor.ts";
import { indexFile, singleFile } from "./modelKind.ts";
import type { StoredEntry } from "./tensorPacking.ts";
import {
  badSafetensors,
  maxHeaderBytes,
  parseSafetensorsHeader,
  type SafetensorsEntry,
  type SafetensorsHeader,
  type SafetensorsType,
} from "./safetensors.ts";
import type { StoredFormat } from "./storedFormats.ts";
import { isJsonObject, parseStrictJson, shown } from "./strictJson.ts";

/** A tensor of any type; those that the forward pass does not read may hold what no `StoredFormat` names. */
export interface CheckpointEntry extends Omit<StoredEntry, "format"> {
  readonly format: StoredFormat | SafetensorsType;
}

/** A model's texts, where its tensors lie, and what becomes of them. */
export interface Checkpoint {
  readonly name: string;
  /** config.json, or what stands for it. */
  readonly config: unknown;
  /** Empty where there is none. */
  readonly tokenizerJson: string;
  readonly tokenizerConfig: unknown;
  readonly plan: TensorPlan;
  /** File by file, in the order of their bytes. */
  readonly entries: readonly CheckpointEntry[];
}

type TextCode = "bad-config" | "bad-tokenizer" | "bad-safetensors" | "bad-manifest" | "unknown-files";
const mebibyte = 1024 * 1024;
/** Bytes; the largest in use have 0.01, 17, 0.1 and 0.1 MiB. */
const maxTextBytes = new Map([
  ["config.json", 2 * mebibyte],
  ["tokenizer.json", 32 * mebibyte],
  ["tokenizer_config.json", 4 * mebibyte],
  [indexFile, 4 * mebibyte],
]);
const maxValues = 50_000;
/** Levels of a tokenizer's files, which are not for the strict parser. */
const maxDepth = 200;
const firstRead = 256 * 1024;

/**
 * Reads the texts and the headers of the weights.
 * @param folder ends with "/" or is empty
 * @param planOf from config.json, before the weights are looked at
 * @throws EngineError `bad-config`, `bad-tokenizer`, `bad-safetensors`, `cancelled`, and those of the sources
 */
export async function readFolder(
  files: FileSet,
  folder: string,
  planOf: (config: unknown) => TensorPlan,
  signal?: AbortSignal,
): Promise<Checkpoint> {
  const textOf = async (name: string, code: TextCode): Promise<string | undefined> => {
    const source = files.open(folder + name);
    return source && readText(source, name, code, signal);
  };
  const config = parseConfig((await textOf("config.json", "bad-config")) ?? "");
  const plan = planOf(config);
  const tokenizerJson = (await textOf("tokenizer.json", "bad-tokenizer")) ?? "";
  const settings = await textOf("tokenizer_config.json", "bad-tokenizer");
  const tokenizerConfig = settings === undefined ? undefined : parseTokenizerConfig(settings);
  const index = await textOf(indexFile, "bad-safetensors");
  const weightMap = index === undefined ? undefined : parseShardIndex(index);
  const entries: CheckpointEntry[] = [];
  for (const file of weightMap ? new Set(weightMap.values()) : [singleFile]) {
    const source = files.open(folder + file);
    if (!source) throw missingWeights(file, weightMap !== undefined);
    const header = await readHeader(source, file, signal);
    if (weightMap) checkAgainstIndex(file, header, weightMap);
    for (const entry of header.entries.values()) entries.push(storedEntry(entry, source));
  }
  return { name: files.name || folderName(config), config, tokenizerJson, tokenizerConfig, plan, entries };
}

/**
 * A JSON file's text, refused by its size before it is read.
 * @throws EngineError of this code, and those of the source
 */
export async function readText(source: ByteSource, file: string, code: TextCode, signal?: AbortSignal): Promise<string> {
  const most = maxTextBytes.get(file) ?? 32 * mebibyte;
  if (source.size > most)
    throw new EngineError(code, `${file}: got ${source.size} bytes, expected at most ${most}.`, "This is not the file that its name says.");
  const bytes = await source.read(0, source.size, signal);
  const impostor = recogniseImpostor(bytes);
  if (impostor) throw new EngineError(code, `${file}: got ${impostor.what}, expected JSON.`, impostor.hint);
  if (code === "bad-tokenizer" && nestsDeeper(bytes, maxDepth))
    throw new EngineError(
      code,
      `${file}: got JSON nested too deep, expected at most ${maxDepth} levels.`,
      "This is not the file that its name says.",
    );
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new EngineError(code, `${file}: got bytes that are no UTF-8, expected UTF-8 text.`, "Download the file again.", { cause });
  }
}

/** Of what `JSON.parse` will read, which takes a second, and much memory, for a million brackets. */
function nestsDeeper(bytes: Uint8Array, most: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (quoted) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) quoted = false;
    } else if (byte === 0x22) quoted = true;
    else if ((byte === 0x5b || byte === 0x7b) && ++depth > most) return true;
    else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return false;
}

/** Text of config.json. @throws EngineError `bad-config` */
export function parseConfig(text: string): Readonly<Record<string, unknown>> {
  const fault = (message: string) =>
    new EngineError("bad-config", `config.json: ${message}.`, "Download the file again, or mend its JSON.");
  const value = parseStrictJson(text, fault, { maxValues });
  if (!isJsonObject(value)) throw fault("got JSON that is no object, expected an object");
  return value;
}

/** Not by the strict parser: many hold "model_max_length": 1000000000000000019884624838656. @throws EngineError `bad-tokenizer` */
export function parseTokenizerConfig(text: string): Readonly<Record<string, unknown>> {
  const fault = (got: string, cause?: unknown) =>
    new EngineError("bad-tokenizer", `tokenizer_config.json: got ${got}, expected an object.`, "Download the file again.", { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw fault(`broken JSON (${String(cause)})`, cause);
  }
  if (!isJsonObject(value)) throw fault(Array.isArray(value) ? "a list" : shown(value));
  return value;
}

function folderName(config: Readonly<Record<string, unknown>>): string {
  const name = config._name_or_path || config.model_type;
  return typeof name === "string" ? name : "model";
}

/**
 * Text of `model.safetensors.index.json` as tensor → file.
 * @throws EngineError `bad-safetensors`, also for file names that could leave the folder
 */
export function parseShardIndex(text: string): ReadonlyMap<string, string> {
  const json = parseStrictJson(text, (message) => badSafetensors(`${indexFile}: ${message}.`), { maxValues });
  const map = isJsonObject(json) ? json.weight_map : undefined;
  if (!isJsonObject(map) || Object.keys(map).length === 0)
    throw badSafetensors(`${indexFile}: got no weight_map, expected an object of tensor names to file names.`);
  return new Map(
    Object.entries(map).map(([tensor, file]) => {
      if (typeof file !== "string" || !/^\w[\w.-]{0,200}\.safetensors$/.test(file)) {
        throw badSafetensors(
          `${indexFile}: got the file name ${shown(file)}, expected a plain name ending in .safetensors.`,
          "Do not use this model: an honest index never names files outside its folder.",
        );
      }
      return [tensor, file];
    }),
  );
}

function missingWeights(file: string, indexed: boolean): EngineError {
  const expected = indexed ? `${file}, which ${indexFile} names` : `${singleFile} or ${indexFile}`;
  return badSafetensors(
    `Got a folder without ${file}, expected ${expected}.`,
    "Download the weights too; pytorch_model.bin is not read: save with safe_serialization=True.",
  );
}

async function readHeader(source: ByteSource, file: string, signal?: AbortSignal): Promise<SafetensorsHeader> {
  throwIfCancelled(signal);
  try {
    return await openHeader(source, signal);
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === "bad-safetensors")
      throw new EngineError(thrown.code, `${file}: ${thrown.message}`, thrown.hint, { cause: thrown });
    throw thrown;
  }
}

/** Reads as much of the file as its header takes. @throws EngineError `bad-safetensors`, and those of the source */
export async function openHeader(source: ByteSource, signal?: AbortSignal): Promise<SafetensorsHeader> {
  const start = await source.read(0, Math.min(source.size, firstRead), signal);
  const length = start.length < 8 ? 0 : Number(new DataView(start.buffer).getBigUint64(0, true));
  const whole = 8 + length;
  // What is too long or too short for a header is the parser's to say.
  const more = whole > start.length && whole <= source.size && length <= maxHeaderBytes;
  return parseSafetensorsHeader(more ? await source.read(0, whole, signal) : start, source.size);
}

function checkAgainstIndex(file: string, header: SafetensorsHeader, weightMap: ReadonlyMap<string, string>): void {
  for (const name of header.entries.keys()) {
    if (weightMap.get(name) !== file)
      throw badSafetensors(`${file}: got tensor ${shown(name)}, expected only those that ${indexFile} places there.`);
  }
  for (const [name, home] of weightMap) {
    if (home === file && !header.entries.has(name))
      throw badSafetensors(`${file}: got no tensor ${shown(name)}, expected it there by ${indexFile}.`);
  }
}

function storedEntry({ name, type, shape, begin, end }: SafetensorsEntry, source: ByteSource): CheckpointEntry {
  return { name, shape, format: type, source, begin, end };
}
