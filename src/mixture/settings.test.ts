import { describe, expect, test } from "vitest";
import { errorFacts, type ErrorFacts } from "../lib/errors.ts";
import { gpt2 } from "../model/architectures/gpt2.ts";
import { llama } from "../model/architectures/llama.ts";
import { qwen2 } from "../model/architectures/qwen2.ts";
import { architectures } from "../model/architectures/registry.ts";
import type { Architecture, Model } from "../model/model.ts";
import { checkSettings, defaultSettings, paperSettings, type MethodSettings } from "./settings.ts";
import { tinySettings } from "./testing/methodSettings.ts";

/** As much of a model as settings are checked against. */
const modelOf = (layers: number, architecture: Architecture = gpt2): Model => ({ config: { layers }, architecture }) as unknown as Model;

function refusal(change: Partial<MethodSettings>): ErrorFacts | undefined {
  try {
    checkSettings({ ...tinySettings, ...change }, modelOf(3));
    return undefined;
  } catch (thrown) {
    return errorFacts(thrown);
  }
}

describe("settings in use are accepted", () => {
  test.each<[string, Partial<MethodSettings>]>([
    ["as they are", {}],
    ["one layer", { layers: [0] }],
    ["all layers", { layers: [0, 1, 2] }],
    ["every expert picked", { topK: 4 }],
    ["one expert", { experts: 1, topK: 1 }],
    ["the most experts", { experts: 64 }],
    ["no guided loss", { guidedLossWeight: 0 }],
    ["a threshold of 0", { hammingThreshold: 0 }],
    ["a seed of 0", { seed: 0 }],
    ["the largest seed", { seed: 2 ** 31 - 1 }],
  ])("%s", (_name, change) => {
    expect(refusal(change)).toBeUndefined();
  });
});

describe("settings that cannot be used are refused by name", () => {
  test.each<[string, Partial<MethodSettings>]>([
    ["layers", { layers: [] }],
    ["layers", { layers: [3] }],
    ["layers", { layers: [-1] }],
    ["layers", { layers: [2, 1] }],
    ["layers", { layers: [1, 1] }],
    ["layers", { layers: [0.5] }],
    ["layers", { layers: [NaN] }],
    ["module", { module: "mlp.down_proj" }],
    ["module", { module: "" }],
    ["experts", { experts: 0 }],
    ["experts", { experts: 65 }],
    ["experts", { experts: 2.5 }],
    ["picked", { topK: 0 }],
    ["picked", { topK: 5 }],
    ["rank", { rank: 0 }],
    ["rank", { rank: 257 }],
    ["alpha", { alpha: 0 }],
    ["alpha", { alpha: Infinity }],
    ["λ", { guidedLossWeight: -0.1 }],
    ["λ", { guidedLossWeight: NaN }],
    ["learning rate", { learningRate: 0 }],
    ["learning rate", { learningRate: -1 }],
    ["learning rate", { learningRate: NaN }],
    ["steps", { steps: 0 }],
    ["steps", { steps: 1.5 }],
    ["batch size", { batchSize: 0 }],
    ["batch size", { batchSize: 257 }],
    ["ε", { hammingThreshold: -1 }],
    ["ε", { hammingThreshold: 0.5 }],
    ["seed", { seed: -1 }],
    ["seed", { seed: 2 ** 31 }],
    ["seed", { seed: "1" as unknown as number }],
  ])("%s %j", (name, change) => {
    const facts = refusal(change);
    expect(facts?.code).toBe("bad-settings");
    expect(facts?.message).toContain(name);
    expect(facts?.hint).not.toBe("");
  });
});

describe("the paper's settings", () => {
  test.each(architectures)("can be used with models of any depth: $modelType", (architecture) => {
    for (let depth = 1; depth <= 100; depth++) {
      const model = modelOf(depth, architecture);
      const settings = paperSettings(model);
      expect(() => checkSettings(settings, model), `${depth} layers`).not.toThrow();
      expect(settings.module).toBe(architecture.mixture.module);
    }
  });

  test("small models begin with what was measured on Atlas, those of middle width with what was measured on SmolLM2-135M", () => {
    const like = (hiddenSize: number, depth: number) => {
      const { config, architecture } = modelOf(depth, llama);
      return defaultSettings({ config: { ...config, hiddenSize }, architecture });
    };
    expect(like(256, 6)).toMatchObject({ layers: [3, 4, 5], module: "mlp.down_proj", learningRate: 4e-4, hammingThreshold: 5 });
    expect(like(576, 30)).toMatchObject({
      layers: [24, 25, 26, 27, 28, 29],
      module: "mlp.down_proj",
      learningRate: 2e-4,
      hammingThreshold: 14,
    });
    expect(like(768, 30)).toEqual(paperSettings(modelOf(30, llama)));
  });

  test.each<[string, Architecture, depth: number, first: number, last: number, module: string]>([
    // As published.
    ["Llama-2-7B", llama, 32, 21, 26, "mlp.down_proj"],
    // Published: six late layers; where the released scripts begin.
    ["GPT-2 XL", gpt2, 48, 36, 41, "mlp.c_fc"],
    // The same share of the depth, but never fewer layers than six where half of the depth has as many.
    ["GPT-2 large", gpt2, 36, 27, 32, "mlp.c_fc"],
    ["GPT-2 medium", gpt2, 24, 18, 23, "mlp.c_fc"],
    ["GPT-2 124M", gpt2, 12, 6, 11, "mlp.c_fc"],
    ["SmolLM2-135M", llama, 30, 20, 25, "mlp.down_proj"],
    ["SmolLM2-360M", llama, 32, 21, 26, "mlp.down_proj"],
    ["SmolLM2-1.7B", llama, 24, 16, 21, "mlp.down_proj"],
    ["TinyLlama-1.1B", llama, 22, 14, 19, "mlp.down_proj"],
    ["Llama-3.2-1B", llama, 16, 10, 15, "mlp.down_proj"],
    ["Qwen2-0.5B", qwen2, 24, 16, 21, "mlp.down_proj"],
    ["Atlas", gpt2, 6, 3, 5, "mlp.c_fc"],
  ])("%s", (_name, architecture, depth, first, last, module) => {
    const { layers, ...settings } = paperSettings(modelOf(depth, architecture));
    const count = last - first + 1;
    expect(layers).toEqual(Array.from({ length: count }, (_, i) => first + i));
    // ε is half of the code's bits.
    expect(settings).toMatchObject({ module, experts: 4, topK: 2, rank: 8, alpha: 8, steps: 50, hammingThreshold: 2 * count });
  });
});
