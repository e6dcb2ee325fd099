import { beforeAll, describe, expect, test } from "vitest";
import type { EditedModel } from "../editing/generate.ts";
import { tinyEdited } from "../editing/testing/tinyEdited.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { createMelo } from "./melo.ts";
import type { EditingMethod } from "./method.ts";
import { meloSettings, type MeloSettings } from "./settings.ts";
import { clusteredCases } from "./testing/clusteredCases.ts";

let edited: EditedModel;
let settings: MeloSettings;
beforeAll(async () => {
  await installTestGpu();
  edited = await tinyEdited("gpt2");
  settings = { ...meloSettings(edited.model), radius: 0.5, learningRate: 0.05, mostSteps: 12 };
});

const fresh = (own: Partial<MeloSettings> = {}): EditingMethod => createMelo({ ...edited, seed: 3 }, { ...settings, ...own });

describe("MELO", () => {
  clusteredCases(() => edited, fresh, "blocks");
});

test.each([{ keyLayer: 9 }, { keyModule: "mlp.up" }, { layers: [] }, { radius: -1 }])("settings that cannot be used: %o", (own) => {
  expect(() => fresh(own)).toThrow(expect.objectContaining({ code: "bad-settings" }));
});
