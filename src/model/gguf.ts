/** GGUF files as llama.cpp writes them (convert_hf_to_gguf.py) and reads them: their metadata as a config.json, their tensors by our names. */
import { EngineError } from "../lib/errors.ts";
import type { GgufMetadata, GgufValue } from "../weights/ggufMetadata.ts";
import type { TensorPlan } from "../weights/hostTensor.ts";
import { architectureOfGguf, readModelConfig } from "./architectures/registry.ts";
import { ConfigReader, type ModelConfig } from "./config.ts";
import { noMatrix, tensorKinds } from "./tensorPlan.ts";

/** What a GGUF file says of a model. */
export interface GgufFacts {
  /** Keys of the architecture, without its name before them. */
  readonly keys: ConfigReader;
  /** Tensor name to row-major shape. */
  readonly tensors: ReadonlyMap<string, readonly number[]>;
  /** rope_freqs.weight: the divisor of each rotary frequency. */
  readonly factors: readonly number[] | undefined;
}

/** An architecture's side of GGUF. Names are without ".weight" and ".bias". */
export interface GgufLayout {
  /** `general.architecture`, and what stands before its keys. */
  readonly architecture: string;
  /** Tensors outside the blocks, and their canonical names. */
  readonly outside: Readonly<Record<string, string>>;
  /** Tensors of block N, `blk.N.` + name, and their names within our block. */
  readonly block: Readonly<Record<string, string>>;
  /** Modules of which each head's rows are stored with its halves interleaved, and whose heads they have. */
  readonly interleaved?: Readonly<Record<string, "heads" | "kvHeads">>;
  /** Tensors that no forward pass reads. */
  readonly unread?: RegExp;
  /** Fields of config.json, but those that all architectures have. @throws EngineError `bad-config`, `unsupported-architecture` */
  readConfig(facts: GgufFacts): Record<string, unknown>;
}

const embedding = "token_embd.weight";
export const ropeFactors = "rope_freqs.weight";

/**
 * A Hugging Face config.json for a GGUF file. The vocabulary's size and whether the head is tied come from the tensors, as in llama.cpp.
 * @param tensors name to row-major shape
 * @param factors rope_freqs.weight; needed where the file has that tensor
 * @throws EngineError `unsupported-architecture`, `bad-config`
 */
export function ggufConfig(
  metadata: GgufMetadata,
  tensors: ReadonlyMap<string, readonly number[]>,
  factors?: readonly number[],
): Record<string, unknown> {
  const general = readerOf(metadata, "general.");
  if (general.text("type", "model") !== "model") throw general.unsupported("type", '"model"', "Choose the file of a whole model.");
  const { modelType, gguf } = architectureOfGguf(general);
  const [vocabulary = 0] = tensors.get(embedding) ?? [];
  if (!tensors.has(embedding)) throw badTensors(`got no tensor ${embedding}, expected the token embedding`);
  const tokens = metadata.get("tokenizer.ggml.tokens");
  // Unlike in a folder, whose embeddings are often padded: llama.cpp gives every row a token.
  if (Array.isArray(tokens) && tokens.length !== vocabulary)
    throw badTensors(`got ${tokens.length} tokens for the ${vocabulary} rows of ${embedding}, expected one a row`);
  if (tensors.has(ropeFactors) && !factors) throw badTensors(`got ${ropeFactors} unread, expected its numbers`);
  const config = {
    model_type: modelType,
    ...gguf.readConfig({ keys: readerOf(metadata, `${gguf.architecture}.`), tensors, factors }),
    vocab_size: vocabulary,
    tie_word_embeddings: !tensors.has("output.weight"),
  };
  checkConfig(config);
  return config;
}

/** The fields have their Hugging Face names by now: what is wrong with them is said of the file that there is. */
function checkConfig(config: unknown): void {
  try {
    readModelConfig(config);
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    const message = thrown.message.replace(/^config\.json/, "GGUF, its metadata as a config.json");
    throw new EngineError(thrown.code, message, thrown.hint, { cause: thrown });
  }
}

const badTensors = (message: string): EngineError =>
  new EngineError("bad-config", `GGUF: ${message}.`, "The file is incomplete or not of a language model: choose another.");

function readerOf(metadata: GgufMetadata, prefix: string): ConfigReader {
  const own = [...metadata].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), scalar(value)]);
  const hint = "The file is damaged or was converted by another program: download it again, or another conversion of the model.";
  return new ConfigReader(Object.fromEntries(own), { path: "GGUF", prefix, hint });
}

/** Some files list a number for each block: the one number where all are the same. */
function scalar(value: GgufValue): GgufValue {
  if (!Array.isArray(value)) return value;
  const [first] = value as readonly (number | boolean | string)[];
  return first !== undefined && typeof first !== "string" && value.every((one) => one === first) ? first : value;
}

/**
 * What each tensor of a GGUF file becomes. Linears are stored as [O, I] there.
 * A tensor that does not belong to the architecture is refused, as llama.cpp does: without it the model would compute something else.
 * @param config of `ggufConfig`
 * @throws EngineError like `readModelConfig`; the plan itself `unsupported-architecture`, `bad-shape`
 */
export function ggufPlan(config: unknown): TensorPlan {
  const { architecture, config: read } = readModelConfig(config);
  const { gguf } = architecture;
  const kindOf = tensorKinds(architecture, config);
  return (name, shape) => {
    if (gguf.unread?.test(name)) return undefined;
    const found = canonicalName(name, gguf, read, architecture.block);
    const kind = found && kindOf(found.name);
    if (!found || !kind || kind === "unread") throw unknownTensor(name, gguf);
    const pack = kind === "matrix";
    if (pack && shape.length !== 2) throw noMatrix(name, shape);
    return { name: found.name, transpose: false, pack, ...(found.heads === undefined ? {} : { interleavedHeads: found.heads }) };
  };
}

interface Found {
  readonly name: string;
  readonly heads?: number;
}

function canonicalName(name: string, gguf: GgufLayout, config: ModelConfig, block: (layer: number) => string): Found | undefined {
  const [, layer, own = "", part] = /^(?:blk\.(\d{1,4})\.)?(\w+)\.(weight|bias)$/.exec(name) ?? [];
  const names = layer === undefined ? gguf.outside : gguf.block;
  const module = Object.hasOwn(names, own) ? names[own] : undefined;
  if (module === undefined || Number(layer ?? 0) >= config.layers) return undefined;
  if (layer === undefined) return { name: `${module}.${part}` };
  const whose = gguf.interleaved?.[module];
  return { name: `${block(Number(layer))}.${module}.${part}`, ...(whose ? { heads: config[whose] } : {}) };
}

function unknownTensor(name: string, { architecture }: GgufLayout): EngineError {
  return new EngineError(
    "unsupported-architecture",
    `GGUF: got the tensor ${JSON.stringify(name.slice(0, 100))}, expected only those of a ${architecture} model.`,
    "This model is a variant that is not supported: choose another.",
  );
}
