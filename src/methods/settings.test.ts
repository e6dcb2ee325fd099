import { expect, test } from "vitest";
import { gpt2 } from "../model/architectures/gpt2.ts";
import { llama } from "../model/architectures/llama.ts";
import type { Model } from "../model/model.ts";
import { improvedSettings, type ImprovedSettings } from "./settings.ts";

/** As much of a model as its settings are made from. */
const shaped = (architecture: Model["architecture"], layers: number, hiddenSize: number): Model =>
  ({ architecture, config: { layers, hiddenSize } }) as unknown as Model;

type Case = [name: string, family: Model["architecture"], depth: number, width: number, expected: Partial<ImprovedSettings>];
const gpt2Like = { module: "mlp.c_proj", keyModule: "mlp.c_fc" };
const llamaLike = { module: "mlp.down_proj", keyModule: "mlp.up_proj" };

test.each<Case>([
  ["Atlas", gpt2, 6, 256, { ...gpt2Like, layers: [2, 3, 4], keyLayer: 4, rank: 4 }],
  ["SmolLM2-135M", llama, 30, 576, { ...llamaLike, layers: [15, 18, 21], keyLayer: 21, rank: 8 }],
  ["GPT-2 XL", gpt2, 48, 1600, { ...gpt2Like, layers: [24, 28, 33], keyLayer: 33, rank: 8 }],
  ["Llama-2-7B", llama, 32, 4096, { ...llamaLike, layers: [16, 19, 22], keyLayer: 22, rank: 8 }],
  ["two layers", gpt2, 2, 32, { ...gpt2Like, layers: [0, 1], keyLayer: 1, rank: 4 }],
])("improved mode on %s adapts layers in the middle and reads its keys in the last of them", (_, family, depth, width, expected) => {
  expect(improvedSettings(shaped(family, depth, width))).toMatchObject(expected);
});
