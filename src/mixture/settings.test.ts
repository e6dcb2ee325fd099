import { describe, expect, test } from "vitest";
import { errorFacts, type ErrorFacts } from "../lib/errors.ts";
import { gpt2 } from "../model/architectures/gpt2.ts";
import { llama } from "../model/architectures/llama.ts";
import type { Architecture, Model } from "../model/model.ts";
import { checkSettings, paperSettings, type MethodSettings } from "./settings.ts";
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
  test.each([gpt2, llama])("can be used with models of any depth: $modelType", (architecture) => {
    for (let depth = 1; depth <= 100; depth++) {
      const model = modelOf(depth, architecture);
      const settings = paperSettings(model);
      expect(() => checkSettings(settings, model), `${depth} layers`).not.toThrow();
      expect(settings.module).toBe(architecture.mixture.module);
    }
  });
});
