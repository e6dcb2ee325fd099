import { beforeAll, describe, expect, test } from "vitest";
import type { EditedModel } from "../editing/generate.ts";
import { tinyEdited } from "../editing/testing/tinyEdited.ts";
import { padSamples } from "../editing/trainingBatch.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { createPrng } from "../lib/prng.ts";
import { createReplay, drawReplayed } from "./replay.ts";
import type { EditingMethod } from "./method.ts";
import { replaySettings, type ReplaySettings } from "./settings.ts";
import { phrasingsOf } from "./shared.ts";
import { crossProduct, linearSlopes, surePlaces } from "./testing/linearSlopes.ts";
import { FRANCE, sampleOf, sequentialCases, SPAIN } from "./testing/sequentialCases.ts";

let edited: EditedModel;
let settings: ReplaySettings;
beforeAll(async () => {
  await installTestGpu();
  edited = await tinyEdited("gpt2", {}, { format: "int8" });
  settings = { ...replaySettings(edited.model), layer: 1, learningRate: 0.02, mostSteps: 25, draws: 2, replayed: 2 };
});

const fresh = (own: Partial<ReplaySettings> = {}): EditingMethod => createReplay({ ...edited, seed: 3 }, { ...settings, ...own });
const parameters = async (method: EditingMethod): Promise<Float32Array> =>
  (await method.state()).arrays["parameters"] ?? new Float32Array();
const numbered = (count: number) => Array.from({ length: count }, (_, n) => ({ prompt: `${n}:`, answer: `${n}`, rephrasings: [`${n}?`] }));

describe("replay fine-tuning", () => {
  sequentialCases(() => edited, fresh);

  test("the second edit's first step follows the slopes of its samples and of the drawn ones", async () => {
    const method = fresh({ learningRate: 1 / 64, leastSteps: 1, mostSteps: 1 });
    await method.edit(FRANCE);
    const before = await parameters(method);
    // The seed of the second edit draws the only earlier one, and then which of its two phrasings.
    const prng = createPrng(3 * 1_000_003 + 2);
    prng.below(1);
    const replayed = phrasingsOf(FRANCE)[prng.below(2)] ?? "";
    const samples = [sampleOf(edited, SPAIN.prompt, SPAIN.answer), sampleOf(edited, replayed, FRANCE.answer)];
    const asked = await method.scope(samples.map(({ ids }) => ids));
    const held = asked.intervene([0, 1], padSamples(samples));
    const { x, dy, N } = await linearSlopes(edited.model, samples, settings.layer, settings.module, held);
    await method.edit(SPAIN);
    const after = await parameters(method);
    method.dispose();
    const slopes = crossProduct(x, dy, N);
    const places = surePlaces(slopes);
    expect(places.length).toBeGreaterThan(slopes.length / 2);
    for (const place of places) expect((after[place] ?? 0) - (before[place] ?? 0)).toBeCloseTo(-Math.sign(slopes[place] ?? 0) / 64, 5);
  });
});

describe("drawReplayed", () => {
  const own = { draws: 3, replayed: 4 };

  test("is that of the seed and the edits before", () => {
    const earlier = numbered(20);
    const drawn = drawReplayed(earlier, 1, own);
    expect(drawReplayed(numbered(20), 1, own)).toEqual(drawn);
    expect(drawReplayed(earlier, 2, own)).not.toEqual(drawn);
    expect(drawReplayed(numbered(21), 1, own)).not.toEqual(drawn);
    expect(drawn.map((batch) => batch.length)).toEqual([4, 4, 4]);
    for (const batch of drawn) expect(new Set(batch.map(({ answer }) => answer)).size).toBe(4);
    // The prompt or the rephrasing, each with the answer of its edit.
    for (const { prompt, answer } of drawn.flat()) expect([`${answer}:`, `${answer}?`]).toContain(prompt);
  });

  test("takes all there are when they are few, and nothing before the first edit", () => {
    const answers = drawReplayed(numbered(3), 5, own).map((batch) => batch.map(({ answer }) => answer).toSorted());
    expect(answers).toEqual([
      ["0", "1", "2"],
      ["0", "1", "2"],
      ["0", "1", "2"],
    ]);
    expect(drawReplayed([], 5, own)).toEqual([[]]);
  });

  test("leaves out an edit whose prompt was edited again", () => {
    const again = [
      { prompt: "a", answer: "old", rephrasings: [] },
      { prompt: "a", answer: "new", rephrasings: [] },
    ];
    expect(
      drawReplayed(again, 5, own)
        .flat()
        .map(({ answer }) => answer),
    ).toEqual(["new", "new", "new"]);
  });
});
