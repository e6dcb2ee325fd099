import { describe, expect, test } from "vitest";
import { EngineError, errorFacts } from "../lib/errors.ts";
import { architectures, readModelConfig } from "./architectures/registry.ts";
import { expectedTensors, hasTiedHead, tensorPlan } from "./tensorPlan.ts";
import { tinyConfig, tinyTensors } from "./testing/tinyModel.ts";

describe("GPT-2", () => {
  const plan = tensorPlan({ model_type: "gpt2" });
  const cases: readonly [string, number[], string, boolean, boolean][] = [
    ["transformer.h.3.attn.c_attn.weight", [64, 192], "transformer.h.3.attn.c_attn.weight", true, true],
    ["h.3.attn.c_proj.weight", [64, 64], "transformer.h.3.attn.c_proj.weight", true, true],
    ["h.11.mlp.c_fc.weight", [64, 256], "transformer.h.11.mlp.c_fc.weight", true, true],
    ["h.0.mlp.c_proj.weight", [256, 64], "transformer.h.0.mlp.c_proj.weight", true, true],
    ["h.0.mlp.c_proj.bias", [64], "transformer.h.0.mlp.c_proj.bias", false, false],
    ["wte.weight", [512, 64], "transformer.wte.weight", false, true],
    ["transformer.wpe.weight", [128, 64], "transformer.wpe.weight", false, false],
    ["h.0.ln_1.weight", [64], "transformer.h.0.ln_1.weight", false, false],
    ["ln_f.bias", [64], "transformer.ln_f.bias", false, false],
  ];

  test.each(cases)("%s", (name, shape, canonical, transpose, pack) => {
    expect(plan(name, shape)).toEqual({ name: canonical, transpose, pack });
  });

  test.each(["h.0.attn.bias", "transformer.h.9.attn.bias", "h.0.attn.masked_bias"])("the buffer %s is left out", (name) => {
    expect(plan(name, [1, 1, 8, 8])).toBeUndefined();
  });

  test.each(["multiple_choice_head.summary.weight", "transformer.h.0", "transformer.h.0.mlp", "score.weight", "constructor", ""])(
    "%j, which the model does not have, is left out",
    (name) => {
      expect(plan(name, [2, 2])).toBeUndefined();
    },
  );

  test("biases of attention are no buffers", () => {
    expect(plan("h.0.attn.c_attn.bias", [192])).toEqual({ name: "transformer.h.0.attn.c_attn.bias", transpose: false, pack: false });
  });

  test("a tied head is left out, another is kept", () => {
    expect(hasTiedHead({ model_type: "gpt2" })).toBe(true);
    expect(plan("lm_head.weight", [512, 64])).toBeUndefined();
    expect(tensorPlan({ model_type: "gpt2", tie_word_embeddings: false })("lm_head.weight", [512, 64])).toEqual({
      name: "lm_head.weight",
      transpose: false,
      pack: true,
    });
  });
});

const llamaModules = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj"];
const mlpModules = ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"];

describe.each(["llama", "qwen2"])("%s", (modelType) => {
  const plan = tensorPlan({ model_type: modelType });

  test.each([...llamaModules, ...mlpModules])("%s is packed as it lies", (module) => {
    const name = `model.layers.2.${module}.weight`;
    expect(plan(name, [64, 32])).toEqual({ name, transpose: false, pack: true });
    expect(plan(`layers.2.${module}.weight`, [64, 32])).toEqual({ name, transpose: false, pack: true });
  });

  test("embedding and head are packed, norms are not, buffers are left out", () => {
    expect(plan("model.embed_tokens.weight", [512, 64])?.pack).toBe(true);
    expect(plan("lm_head.weight", [512, 64])).toEqual({ name: "lm_head.weight", transpose: false, pack: true });
    expect(plan("norm.weight", [64])).toEqual({ name: "model.norm.weight", transpose: false, pack: false });
    expect(plan("model.layers.0.input_layernorm.weight", [64])?.pack).toBe(false);
    expect(plan("model.layers.0.self_attn.rotary_emb.inv_freq", [8])).toBeUndefined();
    expect(tensorPlan({ model_type: modelType, tie_word_embeddings: true })("lm_head.weight", [512, 64])).toBeUndefined();
  });
});

/** The modules whose bias is read. */
function biases(config: unknown): string[] {
  const plan = tensorPlan(config);
  return [...llamaModules, ...mlpModules].filter((module) => plan(`model.layers.0.${module}.bias`, [8]));
}

test("biases are read where transformers has them, and nowhere else", () => {
  expect(biases({ model_type: "llama" })).toEqual([]);
  expect(biases({ model_type: "llama", attention_bias: true })).toEqual(llamaModules);
  expect(biases({ model_type: "llama", mlp_bias: true })).toEqual(mlpModules);
  expect(biases({ model_type: "qwen2", attention_bias: true })).toEqual(["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"]);
});

describe("the tensors of a model", () => {
  test.each(["gpt2", "llama"] as const)("of the tiny %s are what its configuration makes expect", (family) => {
    const { architecture, config } = readModelConfig(tinyConfig(family));
    const expected = expectedTensors(architecture, config);
    const got = tinyTensors(family).map(({ name, shape }) => [name, [...shape]] as const);
    expect(new Map(got)).toEqual(expected);
  });

  test("include the biases asked for, and a head of its own where it is not tied", () => {
    const { architecture, config } = readModelConfig(tinyConfig("llama", { config: { attention_bias: true, tie_word_embeddings: true } }));
    const expected = expectedTensors(architecture, config);
    expect(expected.get("model.layers.2.self_attn.k_proj.bias")).toEqual([16]);
    expect(expected.has("model.layers.2.mlp.up_proj.bias")).toBe(false);
    expect(expected.has("lm_head.weight")).toBe(false);
  });

  test.each(architectures)("of $modelType are all planned under their own names", (architecture) => {
    const family = architecture.modelType === "gpt2" ? "gpt2" : "llama";
    const json = tinyConfig(family, { config: { model_type: architecture.modelType, mlp_bias: true } });
    const plan = tensorPlan(json);
    const names = [...expectedTensors(architecture, readModelConfig(json).config)];
    expect(names.length).toBeGreaterThan(20);
    for (const [name, shape] of names) expect(plan(name, shape)?.name).toBe(name);
  });
});

const refused: readonly [unknown, string, RegExp][] = [
  [{ model_type: "mamba" }, "unsupported-architecture", /model_type is "mamba", expected gpt2, llama or qwen2/],
  [{ model_type: "constructor" }, "unsupported-architecture", /expected gpt2, llama or qwen2/],
  [{}, "bad-config", /model_type is missing, expected a text/],
  [null, "bad-config", /null, expected an object/],
  [{ model_type: 7 }, "bad-config", /model_type is 7/],
  [{ model_type: "gpt2", tie_word_embeddings: "yes" }, "bad-config", /tie_word_embeddings is "yes", expected true or false/],
];

test.each(refused)("refused: %j", (config, code, says) => {
  expect(() => tensorPlan(config)).toThrow(EngineError);
  try {
    tensorPlan(config);
  } catch (thrown) {
    expect(errorFacts(thrown)).toMatchObject({ code, message: expect.stringMatching(says) as string });
  }
});

test("a linear weight that is no matrix is refused", () => {
  expect(() => tensorPlan({ model_type: "gpt2" })("h.0.mlp.c_fc.weight", [64])).toThrow(
    /"h.0.mlp.c_fc.weight": got shape \[64\], expected a matrix/,
  );
});
