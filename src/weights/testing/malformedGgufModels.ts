/** GGUF files that keep the format, of models with one fault each. */
import type { ErrorCode } from "../../lib/errors.ts";
import type { Malformed } from "./malformedBase.ts";
import { assemble, rawValue, soundGguf, withKeys, withTensor, type RawGguf, type RawTensor } from "./malformedGgufBase.ts";

const key = (name: string, value: Parameters<typeof withKeys>[0][string]): RawGguf => withKeys({ [name]: value });
const withMore = (tensor: RawTensor): RawGguf => ({ ...soundGguf, tensors: [...soundGguf.tensors, tensor] });
const float32 = (name: string, ...values: number[]): RawTensor => ({
  name,
  sizes: [values.length],
  format: 0,
  data: new Uint8Array(Float32Array.from(values).buffer),
});
const bigger = rawValue(10, (writer) => writer.uint64(1_000_000_000));
const double = (value: number): Uint8Array => rawValue(12, (writer) => writer.bytes(new Uint8Array(Float64Array.of(value).buffer)));

/** Bytes put into a tensor's. */
const spoiled = (name: string, at: number, ...bytes: number[]): RawGguf =>
  withTensor(name, ({ data }) => {
    const copy = data.slice();
    copy.set(bytes, at);
    return { data: copy };
  });

const tokensOf = (change: (tokens: readonly string[]) => readonly string[]): RawGguf => {
  const tokens = soundGguf.keys.find(({ key: name }) => name === "tokenizer.ggml.tokens")?.value;
  return key("tokenizer.ggml.tokens", change(Array.isArray(tokens) ? (tokens as string[]) : []));
};

type Fault = readonly [code: ErrorCode, says: RegExp, raw: RawGguf];

const keys: Readonly<Record<string, Fault>> = {
  "architecture-missing": ["bad-config", /general\.architecture is missing, expected a text/, key("general.architecture", undefined)],
  "architecture-a-number": ["bad-config", /general\.architecture is 1, expected a text/, key("general.architecture", 1)],
  "architecture-mamba": [
    "unsupported-architecture",
    /general\.architecture is "mamba", expected gpt2, llama or qwen2/,
    key("general.architecture", "mamba"),
  ],
  "architecture-proto": ["unsupported-architecture", /is "__proto__", expected gpt2/, key("general.architecture", "__proto__")],
  "an-adapter": ["unsupported-architecture", /general\.type is "adapter", expected "model"/, key("general.type", "adapter")],
  "layers-missing": [
    "bad-config",
    /llama\.block_count is missing, expected a whole number from 1 to 1024/,
    key("llama.block_count", undefined),
  ],
  "layers-0": ["bad-config", /llama\.block_count is 0, expected/, key("llama.block_count", 0)],
  "layers-a-billion": [
    "bad-config",
    /llama\.block_count is 1000000000, expected a whole number from 1 to 1024/,
    key("llama.block_count", bigger),
  ],
  "layers-a-text": ["bad-config", /llama\.block_count is "1", expected/, key("llama.block_count", "1")],
  "layers-a-fraction": ["bad-config", /llama\.block_count is 1\.5, expected a whole number/, key("llama.block_count", { float32: 1.5 })],
  "width-missing": ["bad-config", /llama\.embedding_length is missing, expected/, key("llama.embedding_length", undefined)],
  "width-a-billion": [
    "bad-config",
    /embedding_length is 1000000000, expected a whole number from 1/,
    key("llama.embedding_length", bigger),
  ],
  "inner-width-missing": ["bad-config", /feed_forward_length is missing, expected/, key("llama.feed_forward_length", undefined)],
  "context-0": ["bad-config", /llama\.context_length is 0, expected/, key("llama.context_length", 0)],
  "heads-missing": ["bad-config", /head_count is missing, expected/, key("llama.attention.head_count", undefined)],
  "heads-that-do-not-divide-the-width": [
    "bad-config",
    /GGUF, its metadata as a config\.json: heads is 5, expected a divisor of the hidden size 32/,
    withKeys({ "llama.attention.head_count": 5, "llama.attention.head_count_kv": 5, "llama.rope.dimension_count": undefined }),
  ],
  "key-value-heads-that-do-not-divide-the-heads": [
    "bad-config",
    /num_key_value_heads is 3, expected a divisor of the 4 heads/,
    key("llama.attention.head_count_kv", 3),
  ],
  "heads-that-differ-by-block": ["bad-config", /head_count is \[4,2\], expected/, key("llama.attention.head_count", { int32: [4, 2] })],
  "head-size-3": [
    "bad-config",
    /head_dim is 3, expected an even number/,
    withKeys({ "llama.attention.key_length": 3, "llama.rope.dimension_count": undefined }),
  ],
  "rope-of-a-part-of-each-head": [
    "unsupported-architecture",
    /rope\.dimension_count is 4, expected 8/,
    key("llama.rope.dimension_count", 4),
  ],
  "rope-base-nan": [
    "bad-config",
    /llama\.rope\.freq_base is NaN, expected a number above 0/,
    key("llama.rope.freq_base", { float32: NaN }),
  ],
  "rope-base-infinite": ["bad-config", /llama\.rope\.freq_base is Infinity, expected/, key("llama.rope.freq_base", { float32: Infinity })],
  "rope-base-minus-1": ["bad-config", /llama\.rope\.freq_base is -1, expected/, key("llama.rope.freq_base", { float32: -1 })],
  "rope-base-too-small": [
    "bad-config",
    /rope_theta is 1e-300, expected a base that gives finite angles/,
    key("llama.rope.freq_base", double(1e-300)),
  ],
  "rope-scaling-unknown": [
    "unsupported-architecture",
    /scaling\.type is "yarn", expected "none" or "linear"/,
    key("llama.rope.scaling.type", "yarn"),
  ],
  "rope-factor-nan": [
    "bad-config",
    /scaling\.factor is NaN, expected a number above 0/,
    key("llama.rope.scaling.factor", { float32: NaN }),
  ],
  "epsilon-missing": [
    "bad-config",
    /layer_norm_rms_epsilon is missing, expected/,
    key("llama.attention.layer_norm_rms_epsilon", undefined),
  ],
  "epsilon-0": [
    "bad-config",
    /layer_norm_rms_epsilon is 0, expected a number above 0/,
    key("llama.attention.layer_norm_rms_epsilon", { float32: 0 }),
  ],
  "epsilon-nan": ["bad-config", /layer_norm_rms_epsilon is NaN, expected/, key("llama.attention.layer_norm_rms_epsilon", { float32: NaN })],
  "a-mixture-of-experts": ["unsupported-architecture", /expert_count is 8, expected 0/, key("llama.expert_count", 8)],
  "a-sliding-window": ["unsupported-architecture", /sliding_window is 32, expected none/, key("llama.attention.sliding_window", 32)],
  "tokens-fewer-than-rows": [
    "bad-config",
    /got 440 tokens for the 441 rows of token_embd\.weight, expected one a row/,
    tokensOf((all) => all.slice(1)),
  ],
  "tokens-more-than-rows": ["bad-config", /got 442 tokens for the 441 rows/, tokensOf((all) => [...all, "more"])],
};

const tensors: Readonly<Record<string, Fault>> = {
  "without-the-embedding": [
    "bad-config",
    /no tensor token_embd\.weight, expected the token embedding/,
    withTensor("token_embd.weight", () => undefined),
  ],
  "without-a-norm": ["bad-config", /no tensor "model\.norm\.weight", expected/, withTensor("output_norm.weight", () => undefined)],
  "without-a-projection": [
    "bad-config",
    /no tensor "model\.layers\.0\.mlp\.up_proj\.weight"/,
    withTensor("blk.0.ffn_up.weight", () => undefined),
  ],
  "with-a-matrix-too-narrow": [
    "bad-config",
    /o_proj\.weight is \(16, 32\), expected \(32, 32\)/,
    withTensor("blk.0.attn_output.weight", ({ data }) => ({ sizes: [32, 16], data: data.slice(0, data.length / 2) })),
  ],
  "with-a-norm-too-long": [
    "bad-config",
    /model\.norm\.weight is \(33\), expected \(32\)/,
    withTensor("output_norm.weight", () => float32("output_norm.weight", ...Array<number>(33).fill(1))),
  ],
  "with-a-vector-for-a-matrix": [
    "bad-shape",
    /attn_k\.weight": got shape \[512\], expected a matrix/,
    withTensor("blk.0.attn_k.weight", () => ({ sizes: [512] })),
  ],
  "with-a-tensor-of-another-model": [
    "unsupported-architecture",
    /the tensor "blk\.0\.attn_q_norm\.weight", expected only those of a llama/,
    withMore(float32("blk.0.attn_q_norm.weight", 1)),
  ],
  "with-a-block-too-many": [
    "unsupported-architecture",
    /the tensor "blk\.1\.attn_norm\.weight", expected only/,
    withMore(float32("blk.1.attn_norm.weight", 1)),
  ],
  "with-rope-factors-too-few": [
    "bad-config",
    /factors is \[1,1\], expected 4 numbers above 0/,
    withMore(float32("rope_freqs.weight", 1, 1)),
  ],
  "with-a-rope-factor-nan": ["bad-config", /factors is .*expected 4 numbers above 0/, withMore(float32("rope_freqs.weight", 1, 1, NaN, 1))],
  "with-a-rope-factor-0": ["bad-config", /factors is \[1,1,0,1\], expected 4 numbers/, withMore(float32("rope_freqs.weight", 1, 1, 0, 1))],
  "with-rope-factors-of-halves": [
    "bad-gguf",
    /tensor rope_freqs\.weight: got the format F16, expected F32/,
    withMore({ ...float32("rope_freqs.weight", 1, 1), sizes: [4], format: 1 }),
  ],
  "with-a-megabyte-of-rope-factors": [
    "bad-gguf",
    /rope_freqs\.weight: got 1048576 bytes, expected a factor for each pair/,
    withMore({ ...float32("rope_freqs.weight"), sizes: [262_144], data: new Uint8Array(1_048_576) }),
  ],
};

const notFinite = /Got a scale that is no finite number, expected finite ones/;
const weights: Readonly<Record<string, readonly [says: RegExp, raw: RawGguf]>> = {
  "a-scale-nan-in-q4-0": [notFinite, spoiled("blk.0.attn_q.weight", 18, 0, 0x7e)],
  "a-scale-infinite-in-q4-0": [notFinite, spoiled("blk.0.attn_q.weight", 18, 0, 0x7c)],
  "a-minimum-infinite-in-q4-1": [notFinite, spoiled("blk.0.ffn_gate.weight", 2, 0, 0xfc)],
  "a-scale-nan-in-q5-1": [
    /attn_v\.weight": Quantization: got a weight of NaN, expected finite/,
    spoiled("blk.0.attn_v.weight", 24, 0, 0x7e),
  ],
  "a-scale-nan-in-the-embedding": [
    /token_embd\.weight": .*(?:scale that is no finite|weight of NaN)/,
    spoiled("token_embd.weight", 34, 0, 0x7e),
  ],
  "a-nan-in-bf16": [/ffn_down\.weight": Quantization: got a weight of NaN/, spoiled("blk.0.ffn_down.weight", 2, 0xc0, 0x7f)],
  "an-infinity-in-f16": [/output\.weight": Quantization: got a weight of Infinity/, spoiled("output.weight", 4, 0, 0x7c)],
  "a-nan-in-a-norm": [
    /blk\.0\.attn_norm\.weight": Got a weight that is infinite or no number/,
    spoiled("blk.0.attn_norm.weight", 0, 0, 0, 0xc0, 0x7f),
  ],
};

const files = (raw: RawGguf) => (): ReadonlyMap<string, Uint8Array> => new Map([["tiny.gguf", assemble(raw).bytes]]);

export const malformedGgufModels: readonly Malformed[] = [
  ...Object.entries({ ...keys, ...tensors }).map(([name, [code, says, raw]]) => ({ name: `gguf-${name}`, code, says, files: files(raw) })),
  ...Object.entries(weights).map(([name, [says, raw]]) => ({
    name: `gguf-${name}`,
    code: "bad-gguf" as const,
    says,
    files: files(raw),
    inWeights: true as const,
  })),
];
