import { beforeAll, describe } from "vitest";
import type { EditedModel } from "../editing/generate.ts";
import { tinyEdited } from "../editing/testing/tinyEdited.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { createMelo } from "./melo.ts";
import { meloSettings, type MeloSettings } from "./settings.ts";
import { clusteredCases } from "./testing/clusteredCases.ts";

let edited: EditedModel;
let settings: MeloSettings;
beforeAll(async () => {
  await installTestGpu();
  edited = await tinyEdited("gpt2");
  settings = { ...meloSettings(edited.model), radius: 0.5, learningRate: 0.05, mostSteps: 12 };
});

describe("MELO", () => {
  clusteredCases(
    () => edited,
    (own) => createMelo({ ...edited, seed: 3 }, { ...settings, ...own }),
    "blocks",
  );
});
