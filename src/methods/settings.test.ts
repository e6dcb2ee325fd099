import { expect, test } from "vitest";
import { gpt2 } from "../model/architectures/gpt2.ts";
import { llama } from "../model/architectures/llama.ts";
import type { Model } from "../model/model.ts";
import { improvedSettings } from "./settings.ts";

/** As much of a model as its settings are made from. */
const shaped = (architecture: Model["architecture"], layers: number, hiddenSize: number): Model =>
  ({ architecture, config: { layers, hiddenSize } }) as unknown as Model;

test.each([
  ["Atlas", gpt2, 6, 256, [2, 3, 4], "mlp.c_proj", "mlp.c_fc", 4],
  ["SmolLM2-135M", llama, 30, 576, [15, 18, 21], "mlp.down_proj", "mlp.up_proj", 8],
  ["GPT-2 XL", gpt2, 48, 1600, [24, 28, 33], "mlp.c_proj", "mlp.c_fc", 8],
  ["Llama-2-7B", llama, 32, 4096, [16, 19, 22], "mlp.down_proj", "mlp.up_proj", 8],
  ["two layers", gpt2, 2, 32, [0, 1], "mlp.c_proj", "mlp.c_fc", 4],
] as const)(
  "improved mode on %s adapts layers in the middle and reads its keys in the last of them",
  (_, family, depth, width, ...expected) => {
    const [layers, module, keyModule, rank] = expected;
    expect(improvedSettings(shaped(family, depth, width))).toMatchObject({ layers, module, keyModule, keyLayer: layers.at(-1), rank });
  },
);
