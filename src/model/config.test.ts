import { describe, expect, test } from "vitest";
import { errorFacts, type ErrorFacts } from "../lib/errors.ts";
import { architectureFor } from "./architectures/registry.ts";
import { ConfigReader, type ModelConfig } from "./config.ts";
import { tinyConfig, type Family } from "./testing/tinyModel.ts";

function readTiny(family: Family, config: Readonly<Record<string, unknown>> = {}): ModelConfig {
  const json = tinyConfig(family, { config });
  return architectureFor(json).readConfig(new ConfigReader(json));
}

function refusal(act: () => unknown): ErrorFacts {
  try {
    act();
  } catch (thrown) {
    return errorFacts(thrown);
  }
  throw new Error("the configuration was accepted");
}

describe("GPT-2", () => {
  test("takes Hugging Face's defaults for what is left out", () => {
    const config = readTiny("gpt2", { n_positions: undefined, layer_norm_epsilon: undefined });
    expect(config).toMatchObject({
      layers: 3,
      hiddenSize: 32,
      heads: 4,
      kvHeads: 4,
      headSize: 8,
      contextLength: 1024,
      normEps: 1e-5,
      activation: "gelu_new",
    });
    expect(config.attentionScales).toEqual([8 ** -0.5, 8 ** -0.5, 8 ** -0.5]);
    expect(config.ropeFrequencies).toBeUndefined();
  });
  test("has the inner size that it names, else four times the width", () => {
    expect(readTiny("gpt2").linears["mlp.c_fc"]).toEqual({ rows: 128, columns: 32, bias: true });
    expect(readTiny("gpt2", { n_inner: null }).linears["mlp.c_proj"]).toEqual({ rows: 32, columns: 128, bias: true });
    expect(readTiny("gpt2", { n_inner: 48 }).linears["mlp.c_fc"]).toEqual({ rows: 48, columns: 32, bias: true });
  });
  test("has a tied head unless it says otherwise", () => {
    expect(readTiny("gpt2").tiedHead).toBe(true);
    expect(readTiny("gpt2", { tie_word_embeddings: false }).tiedHead).toBe(false);
  });
  test("scales attention as the flags say", () => {
    expect(readTiny("gpt2", { scale_attn_weights: false }).attentionScales).toEqual([1, 1, 1]);
    expect(readTiny("gpt2", { scale_attn_weights: false, scale_attn_by_inverse_layer_idx: true }).attentionScales).toEqual([
      1,
      1 / 2,
      1 / 3,
    ]);
  });
  test.each([
    ["gelu_pytorch_tanh", "gelu_new"],
    ["gelu", "gelu"],
    ["gelu_python", "gelu"],
    ["swish", "silu"],
    ["relu", "relu"],
  ])("reads the activation %s as %s", (name, expected) => {
    expect(readTiny("gpt2", { activation_function: name }).activation).toBe(expected);
  });
});

describe("Llama", () => {
  test("has grouped queries and rotary positions", () => {
    const config = readTiny("llama");
    expect(config).toMatchObject({ layers: 3, heads: 4, kvHeads: 2, headSize: 8, contextLength: 64, activation: "silu" });
    expect(config.ropeFrequencies).toHaveLength(4);
  });
  test("has as many key heads as heads where it does not say, and a head size of its own where it does", () => {
    const config = readTiny("llama", { num_key_value_heads: undefined, head_dim: 16 });
    expect(config).toMatchObject({ kvHeads: 4, headSize: 16, attentionScales: [0.25, 0.25, 0.25] });
    expect(config.linears["self_attn.o_proj"]).toEqual({ rows: 32, columns: 64, bias: false });
  });
});

describe("Qwen2", () => {
  const readQwen2 = (config: Readonly<Record<string, unknown>>) => readTiny("llama", { model_type: "qwen2", ...config });
  test("is Llama with biases on queries, keys and values", () => {
    const { linears, ...config } = readQwen2({});
    expect(config).toMatchObject({ architecture: "qwen2", kvHeads: 2, tiedHead: false });
    expect(Object.keys(linears).filter((module) => linears[module]?.bias)).toEqual([
      "self_attn.q_proj",
      "self_attn.k_proj",
      "self_attn.v_proj",
    ]);
    expect(readQwen2({ max_position_embeddings: undefined }).contextLength).toBe(32_768);
  });
  test("takes the windows that its configurations name but do not use", () => {
    expect(readQwen2({ use_sliding_window: false, sliding_window: 16, layer_types: ["full_attention"] }).layers).toBe(3);
  });
  test.each([
    [{ use_sliding_window: true }, "use_sliding_window is true, expected false"],
    [{ layer_types: ["full_attention", "sliding_attention"] }, 'layer_types is ["full_attention","sliding_attention"]'],
  ])("refuses %j", (config, says) => {
    const { code, message } = refusal(() => readQwen2(config));
    expect(code).toBe("unsupported-architecture");
    expect(message).toContain(says);
  });
});

describe("what the file says of its weights", () => {
  const read = (family: Family, config: Readonly<Record<string, unknown>>) => architectureFor(tinyConfig(family, { config })).modelType;
  test.each([
    ["gpt2", ["GPT2LMHeadModel"], undefined],
    ["gpt2", ["GPT2Model"], undefined],
    ["gpt2", [], undefined],
    ["gpt2", null, undefined],
    ["llama", ["LlamaForCausalLM"], false],
    ["llama", ["LLaMAForCausalLM"], false],
    ["llama", ["LlamaModel"], true],
  ] as const)("%s: the class %j is taken", (family, architectures, tied) => {
    expect(read(family, { architectures, tie_word_embeddings: tied })).toBe(family);
  });
  test.each([
    [
      "gpt2",
      { architectures: ["GPT2ForSequenceClassification"] },
      /"GPT2ForSequenceClassification"\], expected GPT2LMHeadModel or GPT2Model/,
    ],
    ["gpt2", { architectures: ["GPT2Model"], tie_word_embeddings: false }, /\["GPT2Model"\], expected GPT2LMHeadModel,/],
    ["llama", { architectures: ["LlamaForSequenceClassification"] }, /expected LlamaForCausalLM/],
    ["llama", { architectures: ["LlamaModel"], tie_word_embeddings: false }, /\["LlamaModel"\]/],
    ["llama", { quantization_config: { bits: 4, quant_method: "gptq" } }, /quant_method is "gptq", expected float weights/],
    ["gpt2", { quantization_config: { load_in_8bit: true } }, /quant_method is missing, expected float weights/],
    ["gpt2", { add_cross_attention: true }, /add_cross_attention is true, expected false/],
  ] as const)("%s with %j is refused", (family, config, says) => {
    const { code, message, hint } = refusal(() => readTiny(family, config));
    expect(code).toBe("unsupported-architecture");
    expect(message).toMatch(says);
    expect(hint).not.toBe("");
  });
  test("a list of classes that is none is a fault", () => {
    expect(refusal(() => read("gpt2", { architectures: "GPT2LMHeadModel" })).code).toBe("bad-config");
  });
});

describe("sizes have bounds", () => {
  test.each([
    ["gpt2", { n_layer: 1025 }],
    ["gpt2", { n_head: 2048, n_embd: 4096 }],
    ["gpt2", { n_positions: 1e6 }],
    ["gpt2", { n_inner: 2e6 }],
    ["llama", { num_hidden_layers: 2 ** 31 }],
    ["llama", { vocab_size: 2 ** 31 }],
    ["llama", { hidden_size: 2 ** 20 }],
    ["llama", { num_key_value_heads: 5000 }],
    ["llama", { rope_theta: 1e-300 }],
  ] as const)("%s with %j is refused", (family, config) => {
    expect(refusal(() => readTiny(family, config)).code).toBe("bad-config");
  });
  test("heads that are wider than the kernels take", () => {
    const { code, message } = refusal(() => readTiny("llama", { head_dim: 512 }));
    expect(code).toBe("unsupported-architecture");
    expect(message).toContain("512 wide, expected at most 256");
    expect(readTiny("llama", { head_dim: 256 }).headSize).toBe(256);
  });
  test("a longer rotary context is cut", () => {
    expect(readTiny("llama", { max_position_embeddings: 131_072 }).contextLength).toBe(32_768);
  });
  test("a message shows no more of a value than fits", () => {
    expect(refusal(() => architectureFor({ model_type: "x".repeat(1e6) })).message.length).toBeLessThan(300);
  });
});

describe("refuses", () => {
  test.each([
    ["gpt2", "n_layer"],
    ["gpt2", "n_embd"],
    ["gpt2", "n_head"],
    ["gpt2", "vocab_size"],
    ["llama", "num_hidden_layers"],
    ["llama", "hidden_size"],
    ["llama", "num_attention_heads"],
    ["llama", "intermediate_size"],
    ["llama", "vocab_size"],
  ] as const)("%s without %s", (family, field) => {
    const { code, message } = refusal(() => readTiny(family, { [field]: undefined }));
    expect(code).toBe("bad-config");
    expect(message).toContain(`${field} is missing`);
  });
  test.each([
    ["gpt2", { n_head: 5 }],
    ["gpt2", { n_layer: 0 }],
    ["gpt2", { n_embd: 32.5 }],
    ["gpt2", { vocab_size: "many" }],
    ["gpt2", { layer_norm_epsilon: 0 }],
    ["gpt2", { scale_attn_weights: "yes" }],
    ["gpt2", { activation_function: 3 }],
    ["llama", { num_attention_heads: 6, num_key_value_heads: 3, hidden_size: 32 }],
    ["llama", { num_key_value_heads: 3 }],
    ["llama", { head_dim: 5 }],
    ["llama", { rope_theta: -1 }],
  ] as const)("%s with %j", (family, config) => {
    expect(refusal(() => readTiny(family, config)).code).toBe("bad-config");
  });
  test("an unknown activation, and says which there are", () => {
    const { code, message } = refusal(() => readTiny("gpt2", { activation_function: "toString" }));
    expect(code).toBe("unsupported-architecture");
    expect(message).toMatch(/"toString", expected gelu_new/);
  });
  test("heads of which only a part is turned", () => {
    const { code, message } = refusal(() => readTiny("llama", { partial_rotary_factor: 0.5 }));
    expect(code).toBe("unsupported-architecture");
    expect(message).toContain("partial_rotary_factor is 0.5");
  });
  test("the same where transformers 5 writes it", () => {
    expect(refusal(() => readTiny("llama", { rope_parameters: { partial_rotary_factor: 0.25 } })).message).toContain(
      "rope_parameters: partial_rotary_factor is 0.25",
    );
  });
  test("an unknown architecture, and says which there are", () => {
    const { code, message } = refusal(() => architectureFor({ model_type: "mamba" }));
    expect(code).toBe("unsupported-architecture");
    expect(message).toMatch(/"mamba", expected gpt2, llama or qwen2/);
  });
  test.each([[null], ["gpt2"], [[1]], [{}]])("%j as a configuration", (config) => {
    expect(refusal(() => architectureFor(config)).code).toBe("bad-config");
  });
});
