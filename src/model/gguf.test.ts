import { describe, expect, test } from "vitest";
import { errorFacts, type ErrorFacts } from "../lib/errors.ts";
import type { GgufMetadata, GgufValue } from "../weights/ggufMetadata.ts";
import { readModelConfig } from "./architectures/registry.ts";
import { ggufConfig, ggufPlan } from "./gguf.ts";

type Fields = Readonly<Record<string, GgufValue | undefined>>;
type Shapes = Readonly<Record<string, readonly number[]>>;

/** What the file SmolLM2-135M-Instruct.Q4_1.gguf says. */
const smol: Fields = {
  "general.architecture": "llama",
  "general.type": "model",
  "general.name": "Smollm2 135M 8k Lc100K Mix1 Ep2",
  "general.file_type": 3,
  "llama.block_count": 30,
  "llama.context_length": 8192,
  "llama.embedding_length": 576,
  "llama.feed_forward_length": 1536,
  "llama.attention.head_count": 9,
  "llama.attention.head_count_kv": 3,
  "llama.rope.freq_base": 100_000,
  "llama.attention.layer_norm_rms_epsilon": 9.999999747378752e-6,
  "llama.vocab_size": 49_152,
  "llama.rope.dimension_count": 64,
  "tokenizer.ggml.model": "gpt2",
};
const smolTensors: Shapes = { "token_embd.weight": [49_152, 576], "output_norm.weight": [576], "blk.0.attn_q.weight": [576, 576] };

/** `smol` by another name: the same sizes in another family's keys. */
const renamed = (architecture: string): Fields =>
  Object.fromEntries(
    Object.entries({ ...smol, "general.architecture": architecture }).map(([key, value]) => [
      key.replace("llama.", `${architecture}.`),
      value,
    ]),
  );

const metadataOf = (fields: Fields): GgufMetadata =>
  new Map(Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));

const configOf = (fields: Fields, tensors: Shapes = smolTensors, factors?: readonly number[]): Record<string, unknown> =>
  ggufConfig(metadataOf(fields), new Map(Object.entries(tensors)), factors);

function refusal(act: () => unknown): ErrorFacts {
  try {
    act();
  } catch (thrown) {
    return errorFacts(thrown);
  }
  throw new Error("it was accepted");
}

const gpt2: Fields = {
  "general.architecture": "gpt2",
  "gpt2.block_count": 12,
  "gpt2.context_length": 1024,
  "gpt2.embedding_length": 768,
  "gpt2.feed_forward_length": 3072,
  "gpt2.attention.head_count": 12,
  "gpt2.attention.layer_norm_epsilon": 1e-5,
};
const gpt2Tensors: Shapes = { "token_embd.weight": [50_257, 768], "position_embd.weight": [1024, 768] };

describe("the configuration of a GGUF file", () => {
  test("is that of the model's own config.json: SmolLM2-135M", () => {
    expect(configOf(smol)).toEqual({
      model_type: "llama",
      num_hidden_layers: 30,
      hidden_size: 576,
      intermediate_size: 1536,
      num_attention_heads: 9,
      num_key_value_heads: 3,
      max_position_embeddings: 8192,
      rms_norm_eps: 9.999999747378752e-6,
      rope_theta: 100_000,
      attention_bias: false,
      mlp_bias: false,
      vocab_size: 49_152,
      tie_word_embeddings: true,
    });
  });

  test("GPT-2, its head tied or not as there is a tensor for it", () => {
    expect(configOf(gpt2, gpt2Tensors)).toEqual({
      model_type: "gpt2",
      n_layer: 12,
      n_embd: 768,
      n_head: 12,
      n_inner: 3072,
      n_positions: 1024,
      layer_norm_epsilon: 1e-5,
      vocab_size: 50_257,
      tie_word_embeddings: true,
    });
    expect(configOf(gpt2, { ...gpt2Tensors, "output.weight": [50_257, 768] })["tie_word_embeddings"]).toBe(false);
  });

  test("Qwen2 has its biases by its family", () => {
    const json = configOf(renamed("qwen2"), { ...smolTensors, "blk.0.attn_q.bias": [576] });
    expect(json).toMatchObject({ model_type: "qwen2", hidden_size: 576 });
    expect(readModelConfig(json).config.linears["self_attn.v_proj"]?.bias).toBe(true);
  });

  test("Llama has the biases that the file has", () => {
    const attention = configOf(smol, { ...smolTensors, "blk.0.attn_k.bias": [192] });
    expect(attention).toMatchObject({ attention_bias: true, mlp_bias: false });
    const mlp = configOf(smol, { ...smolTensors, "blk.0.ffn_down.bias": [576] });
    expect(mlp).toMatchObject({ attention_bias: false, mlp_bias: true });
  });

  test.each<[string, Fields, Fields]>([
    ["no vocab_size", { "llama.vocab_size": undefined }, { vocab_size: 49_152 }],
    ["another vocab_size than the embedding's", { "llama.vocab_size": 32_000 }, { vocab_size: 49_152 }],
    ["no head_count_kv", { "llama.attention.head_count_kv": undefined }, { num_key_value_heads: 9 }],
    ["the same head_count_kv for every block", { "llama.attention.head_count_kv": [3, 3, 3] }, { num_key_value_heads: 3 }],
    ["no frequency base", { "llama.rope.freq_base": undefined }, { rope_theta: 10_000 }],
    ["no general.type", { "general.type": undefined }, { model_type: "llama" }],
    ["heads of their own size", { "llama.attention.key_length": 32, "llama.rope.dimension_count": 32 }, { head_dim: 32 }],
    ["a window as long as the context", { "llama.attention.sliding_window": 8192 }, { max_position_embeddings: 8192 }],
    ["no experts", { "llama.expert_count": 0 }, { model_type: "llama" }],
  ])("%s", (_name, change, expected) => {
    expect(configOf({ ...smol, ...change })).toMatchObject(expected);
  });
});

describe("rotary scaling", () => {
  const scalingOf = (change: Fields, factors?: readonly number[]): unknown =>
    configOf({ ...smol, ...change }, smolTensors, factors)["rope_scaling"];
  const divisors = Array.from({ length: 32 }, (_, j) => 1 + j / 8);

  test("is linear where there is a factor, by its new or old name", () => {
    expect(scalingOf({})).toBeUndefined();
    expect(scalingOf({ "llama.rope.scaling.factor": 4 })).toEqual({ rope_type: "linear", factor: 4 });
    expect(scalingOf({ "llama.rope.scaling.type": "linear", "llama.rope.scale_linear": 2 })).toEqual({ rope_type: "linear", factor: 2 });
    expect(scalingOf({ "llama.rope.scaling.type": "none", "llama.rope.scaling.factor": 4 })).toBeUndefined();
    expect(scalingOf({ "llama.rope.scaling.factor": 0 })).toBeUndefined();
  });

  test("has the file's divisors, times the factor", () => {
    expect(scalingOf({}, divisors)).toEqual({ rope_type: "factors", factors: divisors });
    expect(scalingOf({ "llama.rope.scaling.factor": 2 }, divisors)).toEqual({
      rope_type: "factors",
      factors: divisors.map((one) => 2 * one),
    });
    expect(refusal(() => scalingOf({}, divisors.slice(1))).message).toContain("expected 32 numbers above 0");
  });

  test("of Llama 3.2 gives the frequencies of its config.json", () => {
    const scaling = { rope_type: "llama3", factor: 32, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 };
    const json = { ...configOf({ ...smol, "llama.rope.freq_base": 500_000 }), rope_scaling: scaling };
    const expected = readModelConfig(json).config.ropeFrequencies ?? [];
    // As convert_hf_to_gguf.py writes rope_freqs.weight, in float32.
    const factors = Array.from({ length: 32 }, (_, j) => {
      const wavelength = 2 * Math.PI * 500_000 ** (j / 32);
      if (wavelength < 8192 / 4) return 1;
      if (wavelength > 8192) return 32;
      const smooth = (8192 / wavelength - 1) / 3;
      return Math.fround(1 / ((1 - smooth) / 32 + smooth));
    });
    expect(new Set(factors).size).toBeGreaterThan(3);
    const got = readModelConfig(configOf({ ...smol, "llama.rope.freq_base": 500_000 }, smolTensors, factors)).config.ropeFrequencies ?? [];
    expect(got).toHaveLength(32);
    got.forEach((frequency, j) => expect(frequency / (expected[j] ?? NaN)).toBeCloseTo(1, 6));
  });
});

describe("refused as not supported", () => {
  test.each<[string, Fields, RegExp]>([
    ["another architecture", { "general.architecture": "mamba" }, /general\.architecture is "mamba", expected gpt2, llama or qwen2/],
    ["an adapter", { "general.type": "adapter" }, /general\.type is "adapter", expected "model"/],
    ["a mixture of experts", { "llama.expert_count": 8 }, /llama\.expert_count is 8, expected 0/],
    ["YaRN", { "llama.rope.scaling.type": "yarn" }, /llama\.rope\.scaling\.type is "yarn", expected "none" or "linear"/],
    ["a part of each head turned", { "llama.rope.dimension_count": 32 }, /llama\.rope\.dimension_count is 32, expected 64/],
    ["values of another size", { "llama.attention.value_length": 32 }, /llama\.attention\.value_length is 32, expected 64/],
    ["a sliding window", { "llama.attention.sliding_window": 512 }, /llama\.attention\.sliding_window is 512, expected none/],
    ["an embedding model", { "llama.attention.causal": false }, /llama\.attention\.causal is false, expected true/],
    ["scaled logits", { "llama.logit_scale": 0.5 }, /llama\.logit_scale is 0\.5, expected none/],
    ["wide heads", { "llama.attention.head_count": 1, "llama.attention.head_count_kv": 1, "llama.rope.dimension_count": 576 }, /576 wide/],
  ])("%s", (_name, change, says) => {
    const { code, message, hint } = refusal(() => configOf({ ...smol, ...change }));
    expect(code).toBe("unsupported-architecture");
    expect(message).toMatch(says);
    expect(hint).not.toBe("");
  });
});

describe("refused as faulty", () => {
  test.each<[string, Fields, RegExp]>([
    ["no architecture", { "general.architecture": undefined }, /general\.architecture is missing, expected a text/],
    ["an architecture that is no text", { "general.architecture": 7 }, /general\.architecture is 7, expected a text/],
    ["no blocks", { "llama.block_count": undefined }, /llama\.block_count is missing, expected a whole number from 1 to 1024/],
    ["blocks as a text", { "llama.block_count": "30" }, /llama\.block_count is "30"/],
    ["too many blocks", { "llama.block_count": 4_294_967_295 }, /llama\.block_count is 4294967295/],
    ["no width", { "llama.embedding_length": undefined }, /llama\.embedding_length is missing/],
    ["no heads", { "llama.attention.head_count": 0 }, /llama\.attention\.head_count is 0/],
    ["heads that do not divide the width", { "llama.attention.head_count": 10, "llama.rope.dimension_count": undefined }, /divisor/],
    ["key heads that do not divide the heads", { "llama.attention.head_count_kv": 2 }, /num_key_value_heads is 2/],
    ["key heads that differ between blocks", { "llama.attention.head_count_kv": [3, 3, 9] }, /head_count_kv is \[3,3,9\]/],
    ["no inner size", { "llama.feed_forward_length": undefined }, /llama\.feed_forward_length is missing/],
    ["no context", { "llama.context_length": undefined }, /llama\.context_length is missing/],
    ["no epsilon", { "llama.attention.layer_norm_rms_epsilon": undefined }, /layer_norm_rms_epsilon is missing, expected a number above 0/],
    ["a negative base", { "llama.rope.freq_base": -1 }, /llama\.rope\.freq_base is -1/],
    ["a factor that is a text", { "llama.rope.scaling.factor": "2" }, /llama\.rope\.scaling\.factor is "2"/],
  ])("%s", (_name, change, says) => {
    const { code, message, hint } = refusal(() => configOf({ ...smol, ...change }));
    expect(code).toBe("bad-config");
    expect(message).toMatch(says);
    expect(hint).not.toBe("");
  });

  test("no embedding, one of no rows, divisors that were not read", () => {
    expect(refusal(() => configOf(smol, {}))).toMatchObject({ code: "bad-config", message: expect.stringContaining("token_embd.weight") });
    expect(refusal(() => configOf(smol, { "token_embd.weight": [] }))).toMatchObject({ code: "bad-config" });
    expect(refusal(() => configOf(smol, { ...smolTensors, "rope_freqs.weight": [32] })).message).toContain("rope_freqs.weight");
  });
});

describe("the plan of a GGUF file's tensors", () => {
  const llama = ggufPlan(configOf(smol, { ...smolTensors, "blk.0.attn_q.bias": [576] }));
  const block = "model.layers.7";

  test.each([
    ["token_embd.weight", [49_152, 576], { name: "model.embed_tokens.weight", pack: true }],
    ["output_norm.weight", [576], { name: "model.norm.weight", pack: false }],
    ["blk.7.attn_norm.weight", [576], { name: `${block}.input_layernorm.weight`, pack: false }],
    ["blk.7.attn_q.weight", [576, 576], { name: `${block}.self_attn.q_proj.weight`, pack: true, interleavedHeads: 9 }],
    ["blk.7.attn_q.bias", [576], { name: `${block}.self_attn.q_proj.bias`, pack: false, interleavedHeads: 9 }],
    ["blk.7.attn_k.weight", [192, 576], { name: `${block}.self_attn.k_proj.weight`, pack: true, interleavedHeads: 3 }],
    ["blk.7.attn_v.weight", [192, 576], { name: `${block}.self_attn.v_proj.weight`, pack: true }],
    ["blk.7.attn_output.weight", [576, 576], { name: `${block}.self_attn.o_proj.weight`, pack: true }],
    ["blk.7.ffn_norm.weight", [576], { name: `${block}.post_attention_layernorm.weight`, pack: false }],
    ["blk.7.ffn_gate.weight", [1536, 576], { name: `${block}.mlp.gate_proj.weight`, pack: true }],
    ["blk.7.ffn_up.weight", [1536, 576], { name: `${block}.mlp.up_proj.weight`, pack: true }],
    ["blk.29.ffn_down.weight", [576, 1536], { name: "model.layers.29.mlp.down_proj.weight", pack: true }],
  ])("Llama: %s", (name, shape, expected) => {
    expect(llama(name, shape)).toEqual({ ...expected, transpose: false });
  });

  test("a head of its own is read where the file has one", () => {
    const untied = ggufPlan(configOf(smol, { ...smolTensors, "output.weight": [49_152, 576] }));
    expect(untied("output.weight", [49_152, 576])).toEqual({ name: "lm_head.weight", transpose: false, pack: true });
  });

  test("Qwen2 keeps its heads in halves", () => {
    const qwen2 = ggufPlan(configOf(renamed("qwen2")));
    expect(qwen2("blk.0.attn_q.weight", [576, 576])).toEqual({
      name: "model.layers.0.self_attn.q_proj.weight",
      transpose: false,
      pack: true,
    });
    expect(qwen2("blk.0.attn_k.bias", [192])).toEqual({ name: "model.layers.0.self_attn.k_proj.bias", transpose: false, pack: false });
  });

  test.each([
    ["token_embd.weight", [50_257, 768], "transformer.wte.weight", true],
    ["position_embd.weight", [1024, 768], "transformer.wpe.weight", false],
    ["output_norm.bias", [768], "transformer.ln_f.bias", false],
    ["blk.11.attn_qkv.weight", [2304, 768], "transformer.h.11.attn.c_attn.weight", true],
    ["blk.0.attn_qkv.bias", [2304], "transformer.h.0.attn.c_attn.bias", false],
    ["blk.0.attn_output.weight", [768, 768], "transformer.h.0.attn.c_proj.weight", true],
    ["blk.0.attn_norm.bias", [768], "transformer.h.0.ln_1.bias", false],
    ["blk.0.ffn_norm.weight", [768], "transformer.h.0.ln_2.weight", false],
    ["blk.0.ffn_up.weight", [3072, 768], "transformer.h.0.mlp.c_fc.weight", true],
    ["blk.0.ffn_down.weight", [768, 3072], "transformer.h.0.mlp.c_proj.weight", true],
  ])("GPT-2, whose linears are turned already: %s", (file, shape, name, pack) => {
    expect(ggufPlan(configOf(gpt2, gpt2Tensors))(file, shape)).toEqual({ name, transpose: false, pack });
  });

  test.each(["rope_freqs.weight", "blk.3.attn_rot_embd.weight"])("%s is left out", (name) => {
    expect(llama(name, [32])).toBeUndefined();
  });

  test.each([
    "output.weight",
    "blk.30.attn_q.weight",
    "blk.0.attn_q_norm.weight",
    "blk.0.ffn_gate_exps.weight",
    "blk.0.ffn_up.0.weight",
    "blk.0.ffn_up.bias",
    "blk.0.constructor.weight",
    "blk.99999999.attn_q.weight",
    "position_embd.weight",
    "token_embd",
    "",
  ])("%j, which would change what the model computes, is refused by name", (name) => {
    const { code, message } = refusal(() => llama(name, [2, 2]));
    expect(code).toBe("unsupported-architecture");
    expect(message).toContain(JSON.stringify(name));
  });

  test("a linear weight that is no matrix is refused", () => {
    expect(refusal(() => llama("blk.0.ffn_up.weight", [64])).code).toBe("bad-shape");
  });
});
