/** Seeded random models of a few thousand parameters, as the loaders hand them over. */
import { createPrng, type Prng } from "../../lib/prng.ts";
import { byteLevelTokenizer } from "../../tokenizer/fixtures.ts";
import { loadTokenizer, type Tokenizer } from "../../tokenizer/tokenizer.ts";
import { encodeFloat16 } from "../../lib/float16.ts";
import type { FloatTensor, HalfTensor, HostTensor, ModelFiles, StoredTensor } from "../../weights/hostTensor.ts";
import { dequantizeTensor, quantizeTensor } from "../../weights/quantize.ts";

export type Family = "gpt2" | "llama";
export type Format = "f32" | "f16" | "int8" | "int4";
type Fields = Readonly<Record<string, unknown>>;

export interface TinyOptions {
  readonly format?: Format;
  readonly seed?: number;
  /** V; by default every token of the tokenizer. */
  readonly vocabulary?: number;
  /** Fields of config.json over the default ones. */
  readonly config?: Fields;
  /** Leaves tensors out. */
  readonly without?: readonly string[];
}

export const tinyTokenizerJson: string = JSON.stringify(byteLevelTokenizer());
export const tinyTokenizerConfig = { eos_token: "<|endoftext|>" } as const;
export const tinyTokenizer = (): Tokenizer => loadTokenizer(tinyTokenizerJson, tinyTokenizerConfig);
const allTokens = tinyTokenizer().vocabularySize;

const CONFIGS: Readonly<Record<Family, Fields>> = {
  gpt2: { model_type: "gpt2", n_layer: 3, n_embd: 32, n_head: 4, n_positions: 64, layer_norm_epsilon: 1e-5 },
  llama: {
    model_type: "llama",
    num_hidden_layers: 3,
    hidden_size: 32,
    intermediate_size: 64,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 64,
    rms_norm_eps: 1e-5,
    rope_theta: 100,
    tie_word_embeddings: false,
  },
};

/** config.json of the tiny model of a family: 3 blocks, 32 wide, 4 heads; Llama's have 2 key and value heads. */
export const tinyConfig = (family: Family, { vocabulary = allTokens, config = {} }: TinyOptions = {}): Fields => ({
  ...CONFIGS[family],
  vocab_size: vocabulary,
  ...config,
});

type Shapes = readonly (readonly [name: string, rows: number, columns?: number])[];

/** Linear weights are (O, I). */
function gpt2Shapes(vocabulary: number): Shapes {
  const block = (layer: number): Shapes =>
    (
      [
        ["ln_1.weight", 32],
        ["ln_1.bias", 32],
        ["ln_2.weight", 32],
        ["ln_2.bias", 32],
        ["attn.c_attn.weight", 96, 32],
        ["attn.c_attn.bias", 96],
        ["attn.c_proj.weight", 32, 32],
        ["attn.c_proj.bias", 32],
        ["mlp.c_fc.weight", 128, 32],
        ["mlp.c_fc.bias", 128],
        ["mlp.c_proj.weight", 32, 128],
        ["mlp.c_proj.bias", 32],
      ] as const
    ).map(([name, ...shape]) => [`transformer.h.${layer}.${name}`, ...shape] as const);
  const ends: Shapes = [
    ["transformer.wte.weight", vocabulary, 32],
    ["transformer.wpe.weight", 64, 32],
    ["transformer.ln_f.weight", 32],
    ["transformer.ln_f.bias", 32],
  ];
  return [...ends, ...[0, 1, 2].flatMap(block)];
}

function llamaShapes(vocabulary: number): Shapes {
  const block = (layer: number): Shapes =>
    (
      [
        ["input_layernorm.weight", 32],
        ["post_attention_layernorm.weight", 32],
        ["self_attn.q_proj.weight", 32, 32],
        ["self_attn.k_proj.weight", 16, 32],
        ["self_attn.v_proj.weight", 16, 32],
        ["self_attn.o_proj.weight", 32, 32],
        ["mlp.gate_proj.weight", 64, 32],
        ["mlp.up_proj.weight", 64, 32],
        ["mlp.down_proj.weight", 32, 64],
      ] as const
    ).map(([name, ...shape]) => [`model.layers.${layer}.${name}`, ...shape] as const);
  const ends: Shapes = [
    ["model.embed_tokens.weight", vocabulary, 32],
    ["model.norm.weight", 32],
    ["lm_head.weight", vocabulary, 32],
  ];
  return [...ends, ...[0, 1, 2].flatMap(block)];
}

/** Weights that keep a unit stream at about unit size, so that every part of the model counts in its output. */
function randomTensor(prng: Prng, name: string, rows: number, columns?: number): FloatTensor {
  const isNorm = /(?:ln_\w|norm)\.weight$/.test(name);
  const spread = columns === undefined ? 0.3 : 1.7 / Math.sqrt(columns);
  const data = Float32Array.from({ length: rows * (columns ?? 1) }, () => Number(isNorm) + prng.uniform(-spread, spread));
  return { name, shape: columns === undefined ? [rows] : [rows, columns], format: "f32", data };
}

/** Of the format `f16`, see tinyFiles: our own format does not store it. */
export function tinyTensors(
  family: Family,
  { format = "f32", seed = 1, vocabulary = allTokens, without = [] }: TinyOptions = {},
): StoredTensor[] {
  const prng = createPrng(seed);
  const tensors = (family === "gpt2" ? gpt2Shapes : llamaShapes)(vocabulary).map(([name, rows, columns]) =>
    randomTensor(prng, name, rows, columns),
  );
  const packable = (tensor: FloatTensor): boolean => tensor.shape.length === 2 && !tensor.name.endsWith("wpe.weight");
  return tensors
    .filter(({ name }) => !without.includes(name))
    .map((tensor) =>
      format === "f32" || format === "f16" || !packable(tensor) ? tensor : quantizeTensor(tensor, format === "int8" ? 8 : 4),
    );
}

export const modelFiles = (config: unknown, tensors: readonly HostTensor[]): ModelFiles => ({
  name: "tiny",
  config,
  tokenizerJson: tinyTokenizerJson,
  tokenizerConfig: tinyTokenizerConfig,
  quantization: "none",
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

const hostTensors = (family: Family, options: TinyOptions): HostTensor[] => {
  const tensors = tinyTensors(family, options);
  return options.format === "f16" ? tensors.map(halved) : tensors;
};

export const tinyFiles = (family: Family, options: TinyOptions = {}): ModelFiles =>
  modelFiles(tinyConfig(family, options), hostTensors(family, options));

/** The same model with the numbers its packed weights stand for. */
export const dequantizedFiles = (family: Family, options: TinyOptions): ModelFiles =>
  modelFiles(
    tinyConfig(family, options),
    hostTensors(family, options).map((tensor) => (tensor.format === "f32" ? tensor : dequantizeTensor(tensor))),
  );
