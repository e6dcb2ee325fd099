import { beforeAll, describe, expect, test } from "vitest";
import type { EditedModel } from "../editing/generate.ts";
import { tinyEdited } from "../editing/testing/tinyEdited.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { createFtl } from "./ftl.ts";
import type { EditingMethod } from "./method.ts";
import { ftlSettings, type FtlSettings } from "./settings.ts";
import { phrasingsOf } from "./shared.ts";
import { crossProduct, linearSlopes, surePlaces } from "./testing/linearSlopes.ts";
import { FRANCE, sampleOf, sequentialCases, SPAIN } from "./testing/sequentialCases.ts";

let edited: EditedModel;
let settings: FtlSettings;
beforeAll(async () => {
  await installTestGpu();
  edited = await tinyEdited("gpt2", {}, { format: "int8" });
  settings = { ...ftlSettings(edited.model), layer: 1, learningRate: 0.02, bound: 1, mostSteps: 25 };
});

const fresh = (own: Partial<FtlSettings> = {}): EditingMethod => createFtl({ ...edited, seed: 3 }, { ...settings, ...own });
const parameters = async (method: EditingMethod): Promise<Float32Array> =>
  (await method.state()).arrays["parameters"] ?? new Float32Array();

describe("FT-L", () => {
  sequentialCases(() => edited, fresh);

  test("the first step moves each weight by the rate against the sign of xᵀ dy", async () => {
    const method = fresh({ learningRate: 1 / 64, leastSteps: 1, mostSteps: 1 });
    const samples = phrasingsOf(FRANCE).map((prompt) => sampleOf(edited, prompt, FRANCE.answer));
    const { x, dy, N } = await linearSlopes(edited.model, samples, settings.layer, settings.module);
    const slopes = crossProduct(x, dy, N);
    await method.edit(FRANCE);
    const moved = await parameters(method);
    method.dispose();
    const places = surePlaces(slopes);
    expect(moved.length).toBe(slopes.length);
    expect(places.length).toBeGreaterThan(slopes.length / 2);
    for (const place of places) expect(moved[place]).toBeCloseTo(-Math.sign(slopes[place] ?? 0) / 64, 5);
  });

  test("no weight moves further than the bound with an edit, and some move that far", async () => {
    const bound = 1 / 32;
    const method = fresh({ bound, leastSteps: 5, mostSteps: 5 });
    let before: Float32Array = new Float32Array();
    for (const draft of [FRANCE, SPAIN]) {
      await method.edit(draft);
      const after = await parameters(method);
      const furthest = after.reduce((most, value, i) => Math.max(most, Math.abs(value - (before[i] ?? 0))), 0);
      // A second edit's sums are rounded to float32.
      expect(furthest).toBeCloseTo(bound, before.length === 0 ? 12 : 8);
      before = after;
    }
    method.dispose();
    expect(before.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBe(2 * bound);
  });
});
