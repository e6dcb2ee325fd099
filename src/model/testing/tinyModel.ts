/** Seeded random models of a few thousand parameters, as the loaders hand them over. */
import { createPrng, type Prng } from "../../lib/prng.ts";
import { byteLevelTokenizer } from "../../tokenizer/fixtures.ts";
import { loadTokenizer, type Tokenizer } from "../../tokenizer/tokenizer.ts";
import { encodeFloat16 } from "../../lib/float16.ts";
import {
  outlineOf,
  type FloatTensor,
  type HalfTensor,
  type HostTensor,
  type ModelFiles,
  type StoredTensor,
} from "../../weights/hostTensor.ts";
import { dequantizeTensor, quantizeTensor } from "../../weights/quantize.ts";

export type Family = "gpt2" | "llama";
export type Format = "f32" | "f16" | "int8" | "int4" | "int4m";
type Fields = Readonly<Record<string, unknown>>;

export interface TinyOptions {
  readonly format?: Format;
  readonly seed?: number;
  /** V; by default every token of the tokenizer. */
  readonly vocabulary?: number;
  readonly size?: TinySize;
  /** Whether the head reads the embedding; GPT-2's does by default, Llama's does not. */
  readonly tied?: boolean;
  /** Fields of config.json over the default ones. */
  readonly config?: Fields;
  /** Leaves tensors out. */
  readonly without?: readonly string[];
}

export interface TinySize {
  /** C */
  readonly hidden: number;
  /** Width of the MLP. */
  readonly inner: number;
  /** Longest sequence, tokens. */
  readonly positions: number;
}
const SIZES: Readonly<Record<Family, TinySize>> = {
  gpt2: { hidden: 32, inner: 128, positions: 64 },
  llama: { hidden: 32, inner: 64, positions: 64 },
};
/** A size, and bindings for it by format, at which every linear matrix is kept in at least three pieces of 64 rows. */
export const SPLIT_SIZE: TinySize = { hidden: 160, inner: 192, positions: 9 };
export const SPLIT_LIMITS = { f32: 64 * 192 * 4, int8: 64 * 192, int4: 64 * 96 } as const;
const TIED: Readonly<Record<Family, boolean>> = { gpt2: true, llama: false };

export const tinyTokenizerJson: string = JSON.stringify(byteLevelTokenizer());
export const tinyTokenizerConfig = { eos_token: "<|endoftext|>" } as const;
export const tinyTokenizer = (): Tokenizer => loadTokenizer(tinyTokenizerJson, tinyTokenizerConfig);
const allTokens = tinyTokenizer().vocabularySize;

const CONFIGS: Readonly<Record<Family, Fields>> = {
  gpt2: { model_type: "gpt2", n_layer: 3, n_head: 4, layer_norm_epsilon: 1e-5 },
  llama: {
    model_type: "llama",
    num_hidden_layers: 3,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    rms_norm_eps: 1e-5,
    rope_theta: 100,
  },
};

const sizeFields = (family: Family, { hidden, inner, positions }: TinySize): Fields =>
  family === "gpt2"
    ? { n_embd: hidden, n_inner: inner, n_positions: positions }
    : { hidden_size: hidden, intermediate_size: inner, max_position_embeddings: positions };

/** config.json of the tiny model of a family: 3 blocks, 4 heads, 32 wide if not told; Llama's have 2 key and value heads. */
export const tinyConfig = (family: Family, options: TinyOptions = {}): Fields => ({
  ...CONFIGS[family],
  ...sizeFields(family, options.size ?? SIZES[family]),
  vocab_size: options.vocabulary ?? allTokens,
  tie_word_embeddings: options.tied ?? TIED[family],
  ...options.config,
});

type Shapes = readonly (readonly [name: string, rows: number, columns?: number])[];

/** Linear weights are (O, I). */
function gpt2Shapes(vocabulary: number, head: Shapes, { hidden: C, inner, positions }: TinySize): Shapes {
  const block = (layer: number): Shapes =>
    (
      [
        ["ln_1.weight", C],
        ["ln_1.bias", C],
        ["ln_2.weight", C],
        ["ln_2.bias", C],
        ["attn.c_attn.weight", 3 * C, C],
        ["attn.c_attn.bias", 3 * C],
        ["attn.c_proj.weight", C, C],
        ["attn.c_proj.bias", C],
        ["mlp.c_fc.weight", inner, C],
        ["mlp.c_fc.bias", inner],
        ["mlp.c_proj.weight", C, inner],
        ["mlp.c_proj.bias", C],
      ] as const
    ).map(([name, ...shape]) => [`transformer.h.${layer}.${name}`, ...shape] as const);
  const ends: Shapes = [
    ["transformer.wte.weight", vocabulary, C],
    ["transformer.wpe.weight", positions, C],
    ["transformer.ln_f.weight", C],
    ["transformer.ln_f.bias", C],
    ...head,
  ];
  return [...ends, ...[0, 1, 2].flatMap(block)];
}

function llamaShapes(vocabulary: number, head: Shapes, { hidden: C, inner }: TinySize): Shapes {
  const block = (layer: number): Shapes =>
    (
      [
        ["input_layernorm.weight", C],
        ["post_attention_layernorm.weight", C],
        ["self_attn.q_proj.weight", C, C],
        ["self_attn.k_proj.weight", C / 2, C],
        ["self_attn.v_proj.weight", C / 2, C],
        ["self_attn.o_proj.weight", C, C],
        ["mlp.gate_proj.weight", inner, C],
        ["mlp.up_proj.weight", inner, C],
        ["mlp.down_proj.weight", C, inner],
      ] as const
    ).map(([name, ...shape]) => [`model.layers.${layer}.${name}`, ...shape] as const);
  const ends: Shapes = [["model.embed_tokens.weight", vocabulary, C], ["model.norm.weight", C], ...head];
  return [...ends, ...[0, 1, 2].flatMap(block)];
}

/** Weights that keep a unit stream at about unit size, so that every part of the model counts in its output. */
function randomTensor(prng: Prng, name: string, rows: number, columns?: number): FloatTensor {
  const isNorm = /(?:ln_\w|norm)\.weight$/.test(name);
  const spread = columns === undefined ? 0.3 : 1.7 / Math.sqrt(columns);
  const data = Float32Array.from({ length: rows * (columns ?? 1) }, () => Number(isNorm) + prng.uniform(-spread, spread));
  return { name, shape: columns === undefined ? [rows] : [rows, columns], format: "f32", data };
}

/** Of the formats `f16` and `int4m`, see tinyFiles: quantizing makes neither. */
export function tinyTensors(family: Family, options: TinyOptions = {}): StoredTensor[] {
  const { format = "f32", seed = 1, vocabulary = allTokens, without = [], size = SIZES[family], tied = TIED[family] } = options;
  const prng = createPrng(seed);
  const head: Shapes = tied ? [] : [["lm_head.weight", vocabulary, size.hidden]];
  return (family === "gpt2" ? gpt2Shapes : llamaShapes)(vocabulary, head, size)
    .map(([name, rows, columns]) => randomTensor(prng, name, rows, columns))
    .filter(({ name }) => !without.includes(name))
    .map((tensor) =>
      (format === "int8" || format === "int4") && packable(tensor) ? quantizeTensor(tensor, format === "int8" ? 8 : 4) : tensor,
    );
}

const packable = (tensor: FloatTensor): boolean => tensor.shape.length === 2 && !tensor.name.endsWith("wpe.weight");

export const modelFiles = (config: unknown, tensors: readonly HostTensor[]): ModelFiles => ({
  name: "tiny",
  config,
  tokenizerJson: tinyTokenizerJson,
  tokenizerConfig: tinyTokenizerConfig,
  outline: outlineOf(tensors),
  tensors: () => [...tensors],
});

function halved(tensor: StoredTensor): HostTensor {
  const [rows, columns] = tensor.shape;
  if (tensor.format !== "f32" || rows === undefined || columns === undefined) return tensor;
  const half: HalfTensor = {
    name: tensor.name,
    shape: [rows, columns],
    format: "f16",
    halves: Uint16Array.from(tensor.data, encodeFloat16),
  };
  return half;
}

/** Groups of 16 with the minimum of each, as no tool of ours writes them. */
function withMinima(tensor: StoredTensor): HostTensor {
  const [rows = 0, columns = 0] = tensor.shape;
  if (tensor.format !== "f32" || !packable(tensor)) return tensor;
  const words = new Uint32Array((rows * columns) / 8);
  const scales = Uint32Array.from({ length: (rows * columns) / 16 }, (_, index) => {
    const weights = tensor.data.subarray(16 * index, 16 * (index + 1));
    const least = Math.min(...weights);
    const scale = (Math.max(...weights) - least) / 15;
    weights.forEach((weight, i) => (words[2 * index + (i >> 3)]! |= Math.round((weight - least) / scale) << (4 * (i % 8))));
    return encodeFloat16(scale) | (encodeFloat16(least) << 16);
  });
  return { name: tensor.name, shape: [rows, columns], format: "int4m", group: 16, words, scales };
}

function hostTensors(family: Family, options: TinyOptions): HostTensor[] {
  const tensors = tinyTensors(family, options);
  if (options.format === "int4m") return tensors.map(withMinima);
  return options.format === "f16" ? tensors.map(halved) : tensors;
}

export const tinyFiles = (family: Family, options: TinyOptions = {}): ModelFiles =>
  modelFiles(tinyConfig(family, options), hostTensors(family, options));

/** The same model with the numbers its packed weights stand for. */
export const dequantizedFiles = (family: Family, options: TinyOptions): ModelFiles =>
  modelFiles(
    tinyConfig(family, options),
    hostTensors(family, options).map((tensor) => (tensor.format === "f32" ? tensor : dequantizeTensor(tensor))),
  );
