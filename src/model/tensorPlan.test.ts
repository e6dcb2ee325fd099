import { describe, expect, test } from "vitest";
import { EngineError, errorFacts } from "../lib/errors.ts";
import { hasTiedHead, tensorPlan } from "./tensorPlan.ts";

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

  test.each(["h.0.attn.bias", "transformer.h.9.attn.bias", "h.0.attn.masked_bias"])("the buffer %s is dropped", (name) => {
    expect(plan(name, [1, 1, 8, 8])).toBeUndefined();
  });

  test("biases of attention are no buffers", () => {
    expect(plan("h.0.attn.c_attn.bias", [192])).toEqual({ name: "transformer.h.0.attn.c_attn.bias", transpose: false, pack: false });
  });

  test("a tied head is dropped, another is kept", () => {
    expect(hasTiedHead({ model_type: "gpt2" })).toBe(true);
    expect(plan("lm_head.weight", [512, 64])).toBeUndefined();
    expect(tensorPlan({ model_type: "gpt2", tie_word_embeddings: false })("lm_head.weight", [512, 64])).toEqual({
      name: "lm_head.weight",
      transpose: false,
      pack: true,
    });
  });
});

describe("Llama", () => {
  const plan = tensorPlan({ model_type: "llama" });

  test.each([
    "self_attn.q_proj",
    "self_attn.k_proj",
    "self_attn.v_proj",
    "self_attn.o_proj",
    "mlp.gate_proj",
    "mlp.up_proj",
    "mlp.down_proj",
  ])("%s is packed as it lies", (module) => {
    const name = `model.layers.2.${module}.weight`;
    expect(plan(name, [64, 32])).toEqual({ name, transpose: false, pack: true });
    expect(plan(`layers.2.${module}.weight`, [64, 32])).toEqual({ name, transpose: false, pack: true });
  });

  test("embedding and head are packed, norms are not, buffers are dropped", () => {
    expect(plan("model.embed_tokens.weight", [512, 64])?.pack).toBe(true);
    expect(plan("lm_head.weight", [512, 64])).toEqual({ name: "lm_head.weight", transpose: false, pack: true });
    expect(plan("norm.weight", [64])).toEqual({ name: "model.norm.weight", transpose: false, pack: false });
    expect(plan("model.layers.0.input_layernorm.weight", [64])?.pack).toBe(false);
    expect(plan("model.layers.0.self_attn.rotary_emb.inv_freq", [8])).toBeUndefined();
    expect(tensorPlan({ model_type: "llama", tie_word_embeddings: true })("lm_head.weight", [512, 64])).toBeUndefined();
  });
});

const refused: readonly [unknown, string, RegExp][] = [
  [{ model_type: "mamba" }, "unsupported-architecture", /"mamba", expected gpt2 or llama/],
  [{ model_type: "constructor" }, "unsupported-architecture", /expected gpt2 or llama/],
  [{}, "bad-config", /model_type undefined, expected a text/],
  [null, "bad-config", /model_type/],
  [{ model_type: 7 }, "bad-config", /model_type 7/],
  [{ model_type: "gpt2", tie_word_embeddings: "yes" }, "bad-config", /tie_word_embeddings "yes", expected true or false/],
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
