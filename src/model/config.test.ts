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
    const { code, message, hint } = refusal(() => readTiny("gpt2", { activation_function: "toString" }));
    expect(code).toBe("unsupported-architecture");
    expect(message).toContain('"toString"');
    expect(hint).toContain("gelu_new");
  });
  test("heads of which only a part is turned", () => {
    const { code, message } = refusal(() => readTiny("llama", { partial_rotary_factor: 0.5 }));
    expect(code).toBe("unsupported-architecture");
    expect(message).toContain("partial_rotary_factor is 0.5");
  });
  test("an unknown architecture, and says which there are", () => {
    const { code, message, hint } = refusal(() => architectureFor({ model_type: "mamba" }));
    expect(code).toBe("unsupported-architecture");
    expect(message).toContain('"mamba"');
    expect(hint).toMatch(/gpt2.*llama/);
  });
  test.each([[null], ["gpt2"], [[1]], [{}]])("%j as a configuration", (config) => {
    expect(refusal(() => architectureFor(config)).code).toBe("bad-config");
  });
});
