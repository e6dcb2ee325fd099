/** Reads a model laid out like a Hugging Face Hub repository: config.json and safetensors, one file or several with an index. */
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import { recogniseImpostor } from "./fileKind.ts";
import { transposed, type FloatTensor, type HalfTensor, type ModelFiles, type TensorPlan } from "./hostTensor.ts";
import { badSafetensors, openSafetensors, type SafetensorsFile } from "./safetensors.ts";
import { isJsonObject, parseStrictJson } from "./strictJson.ts";

export interface FolderOptions {
  /** A file of the folder by its name; undefined when there is none. */
  readonly readFile: (name: string) => Promise<Uint8Array | undefined>;
  /** What to do with each tensor, from config.json. */
  readonly plan: (config: unknown) => TensorPlan;
  /** For people; without it, the config's `_name_or_path` or model type. */
  readonly name?: string;
  readonly signal?: AbortSignal;
}

const singleFile = "model.safetensors";
const indexFile = "model.safetensors.index.json";

/**
 * Matrices of F16 come as they are stored, other tensors as float32, linears as [O, I], one weights file in memory at a time.
 * @throws EngineError `bad-config`, `bad-safetensors`, `unsupported-architecture`, `cancelled`; those about tensors while they are iterated
 */
export async function loadFolder(options: FolderOptions): Promise<ModelFiles> {
  const config = await readConfig(options);
  if (config === undefined)
    throw new EngineError(
      "bad-config",
      "Got a folder without config.json, expected a Hugging Face model folder.",
      "Name the folder that holds config.json and model.safetensors.",
    );
  const plan = options.plan(config);
  const tokenizer = await readFile(options, "tokenizer.json");
  const tokenizerConfig = await readTokenizerConfig(options);
  const weightMap = await readIndex(options);
  return {
    name: options.name ?? folderName(config),
    config,
    tokenizerJson: tokenizer ? readText("tokenizer.json", tokenizer, "bad-tokenizer") : "",
    tokenizerConfig,
    quantization: "none, as stored",
    tensors: () => readTensors(options, plan, weightMap),
  };
}

async function readFile(options: FolderOptions, name: string): Promise<Uint8Array | undefined> {
  throwIfCancelled(options.signal);
  const bytes = await options.readFile(name);
  throwIfCancelled(options.signal);
  return bytes;
}

function readText(file: string, bytes: Uint8Array, code: "bad-config" | "bad-tokenizer" | "bad-safetensors"): string {
  const impostor = recogniseImpostor(bytes);
  if (impostor) throw new EngineError(code, `${file}: got ${impostor.what}, expected JSON.`, impostor.hint);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new EngineError(code, `${file}: got bytes that are no UTF-8, expected UTF-8 text.`, "Download the file again.", { cause });
  }
}

async function readConfig(options: FolderOptions): Promise<unknown> {
  const bytes = await readFile(options, "config.json");
  if (!bytes) return undefined;
  const fault = (message: string) =>
    new EngineError("bad-config", `config.json: ${message}.`, "Download the file again, or mend its JSON.");
  const value = parseStrictJson(readText("config.json", bytes, "bad-config"), fault);
  if (!isJsonObject(value)) throw fault("got JSON that is no object, expected an object");
  return value;
}

/** Not by the strict parser: many hold "model_max_length": 1000000000000000019884624838656. */
async function readTokenizerConfig(options: FolderOptions): Promise<unknown> {
  const bytes = await readFile(options, "tokenizer_config.json");
  if (!bytes) return undefined;
  const text = readText("tokenizer_config.json", bytes, "bad-tokenizer");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EngineError(
      "bad-tokenizer",
      `tokenizer_config.json: got broken JSON (${String(cause)}), expected an object.`,
      "Download the file again.",
      { cause },
    );
  }
}

function folderName(config: unknown): string {
  const facts = config as Readonly<Record<string, unknown>>;
  const name = facts._name_or_path || facts.model_type;
  return typeof name === "string" ? name : "model";
}

/** The index's tensor → file; undefined when the folder has none. */
async function readIndex(options: FolderOptions): Promise<ReadonlyMap<string, string> | undefined> {
  const bytes = await readFile(options, indexFile);
  return bytes && parseShardIndex(readText(indexFile, bytes, "bad-safetensors"));
}

/**
 * Text of `model.safetensors.index.json` as tensor → file.
 * @throws EngineError `bad-safetensors`, also for file names that could leave the folder
 */
export function parseShardIndex(text: string): ReadonlyMap<string, string> {
  const json = parseStrictJson(text, (message) => badSafetensors(`${indexFile}: ${message}.`));
  const map = isJsonObject(json) ? json.weight_map : undefined;
  if (!isJsonObject(map) || Object.keys(map).length === 0)
    throw badSafetensors(`${indexFile}: got no weight_map, expected an object of tensor names to file names.`);
  return new Map(
    Object.entries(map).map(([tensor, file]) => {
      if (typeof file !== "string" || !/^\w[\w.-]{0,200}\.safetensors$/.test(file)) {
        throw badSafetensors(
          `${indexFile}: got the file name ${JSON.stringify(file)}, expected a plain name ending in .safetensors.`,
          "Do not use this model: an honest index never names files outside its folder.",
        );
      }
      return [tensor, file];
    }),
  );
}

async function* readTensors(
  options: FolderOptions,
  plan: TensorPlan,
  weightMap: ReadonlyMap<string, string> | undefined,
): AsyncGenerator<FloatTensor | HalfTensor> {
  const seen = new Set<string>();
  for (const file of weightMap ? new Set(weightMap.values()) : [singleFile]) {
    const bytes = await readFile(options, file);
    if (!bytes) throw missingWeights(file, weightMap !== undefined);
    const shard = openNamed(file, bytes);
    if (weightMap) checkAgainstIndex(file, shard, weightMap);
    for (const name of shard.entries.keys()) {
      throwIfCancelled(options.signal);
      const tensor = planned(shard, name, plan);
      if (!tensor) continue;
      if (seen.has(tensor.name)) throw badSafetensors(`${file}: got tensor ${JSON.stringify(tensor.name)} twice, expected each once.`);
      seen.add(tensor.name);
      yield tensor;
    }
  }
}

function missingWeights(file: string, indexed: boolean): EngineError {
  const expected = indexed ? `${file}, which ${indexFile} names` : `${singleFile} or ${indexFile}`;
  return badSafetensors(
    `Got a folder without ${file}, expected ${expected}.`,
    "Download the weights too; pytorch_model.bin is not read: save with safe_serialization=True.",
  );
}

function openNamed(file: string, bytes: Uint8Array): SafetensorsFile {
  try {
    return openSafetensors(bytes);
  } catch (thrown) {
    if (thrown instanceof EngineError) throw new EngineError(thrown.code, `${file}: ${thrown.message}`, thrown.hint, { cause: thrown });
    throw thrown;
  }
}

function checkAgainstIndex(file: string, shard: SafetensorsFile, weightMap: ReadonlyMap<string, string>): void {
  for (const name of shard.entries.keys()) {
    if (weightMap.get(name) !== file)
      throw badSafetensors(`${file}: got tensor ${JSON.stringify(name)}, expected only those that ${indexFile} places there.`);
  }
  for (const [name, home] of weightMap) {
    if (home === file && !shard.entries.has(name))
      throw badSafetensors(`${file}: got no tensor ${JSON.stringify(name)}, expected it there by ${indexFile}.`);
  }
}

function planned(shard: SafetensorsFile, name: string, plan: TensorPlan): FloatTensor | HalfTensor | undefined {
  const { type, shape = [] } = shard.entries.get(name) ?? {};
  const step = plan(name, shape);
  if (!step) return undefined;
  const [rows = 0, columns = 0] = shape;
  const turned = [columns, rows] as const;
  // Kernels read float16 in pairs along the input.
  if (type === "F16" && shape.length === 2 && (step.transpose ? rows : columns) % 2 === 0) {
    const halves = shard.readHalves(name);
    if (!step.transpose) return { name: step.name, shape: [rows, columns], format: "f16", halves };
    return { name: step.name, shape: turned, format: "f16", halves: transposed(halves, rows, columns) };
  }
  const tensor = shard.readTensor(name);
  if (!step.transpose) return { ...tensor, name: step.name };
  return { name: step.name, shape: turned, format: "f32", data: transposed(tensor.data, rows, columns) };
}
