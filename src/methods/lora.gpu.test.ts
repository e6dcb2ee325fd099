import { beforeAll, describe, expect, test } from "vitest";
import type { EditedModel } from "../editing/generate.ts";
import { tinyEdited } from "../editing/testing/tinyEdited.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { createMixture, disposeMixture, readMixture } from "../mixture/mixtureState.ts";
import { splitParts } from "../mixture/parameters.ts";
import { oneExpert } from "./adapters.ts";
import { createLora } from "./lora.ts";
import type { EditingMethod } from "./method.ts";
import { loraSettings, type LoraSettings } from "./settings.ts";
import { phrasingsOf } from "./shared.ts";
import { crossProduct, linearSlopes, surePlaces } from "./testing/linearSlopes.ts";
import { FRANCE, sampleOf, sequentialCases } from "./testing/sequentialCases.ts";

let edited: EditedModel;
let settings: LoraSettings;
beforeAll(async () => {
  await installTestGpu();
  edited = await tinyEdited("gpt2", {}, { format: "int8" });
  settings = { ...loraSettings(edited.model), layers: [0, 1], learningRate: 0.03, mostSteps: 25 };
});

const fresh = (own: Partial<LoraSettings> = {}): EditingMethod => createLora({ ...edited, seed: 3 }, { ...settings, ...own });

describe("one LoRA", () => {
  sequentialCases(() => edited, fresh);

  test("the first step leaves A and moves each element of B by the rate against the sign of (x Aᵀ)ᵀ dy", async () => {
    const own = { ...settings, layers: [2], rank: 4, learningRate: 1 / 64, mostSteps: 1 };
    const samples = phrasingsOf(FRANCE).map((prompt) => sampleOf(edited, prompt, FRANCE.answer));
    const { x, dy, N } = await linearSlopes(edited.model, samples, 2, own.module);
    const mixture = createMixture(edited.model, oneExpert(own, 3));
    const start = await readMixture(mixture);
    const A = start.a[0] ?? new Float32Array();
    const method = fresh(own);
    await method.edit(FRANCE);
    const { arrays } = await method.state();
    const { a, b } = splitParts(mixture.layout, arrays["parameters"] ?? new Float32Array());
    disposeMixture(mixture);
    method.dispose();

    const I = x.length / N;
    const p = Array.from({ length: N * 4 }, (_, i) =>
      A.slice((i % 4) * I, ((i % 4) + 1) * I).reduce((sum, value, j) => sum + value * (x[Math.floor(i / 4) * I + j] ?? 0), 0),
    );
    const slopes = crossProduct(p, dy, N);
    expect(a[0]).toEqual(A);
    const places = surePlaces(slopes);
    expect(places.length).toBeGreaterThan(slopes.length / 2);
    for (const place of places) expect(b[0]?.[place]).toBeCloseTo(-Math.sign(slopes[place] ?? 0) / 64, 5);
  });
});
