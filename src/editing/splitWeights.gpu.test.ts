import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { largestDifference } from "../gpu/testing/arrays.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { piecesOf } from "../kernels/splitWeight.ts";
import { allocationMask } from "../mixture/allocation.ts";
import { createMixture, disposeMixture, readMixture } from "../mixture/mixtureState.ts";
import { listParts } from "../mixture/parameters.ts";
import { tinySettings } from "../mixture/testing/methodSettings.ts";
import type { Model } from "../model/model.ts";
import { SPLIT_LIMITS, SPLIT_SIZE, tinyFiles, type Family } from "../model/testing/tinyModel.ts";
import { uploadModel } from "../model/uploadModel.ts";
import { startSequence } from "./mixtureSequence.ts";
import { gradientCase } from "./testing/gradientCase.ts";
import { trainMixture } from "./trainer.ts";
import { padSamples } from "./trainingBatch.ts";

/** Of the largest value. */
const TOLERANCE = 1e-4;
const VOCABULARY = 150;

let gpuErrors: readonly string[] = [];
beforeAll(async () => {
  gpuErrors = await installTestGpu();
});

const masks = [
  allocationMask(
    [
      [0, 1],
      [2, 3],
    ],
    tinySettings.experts,
  ),
];
const sets = [{ tokens: padSamples([{ ids: [5, 130, 70, 8, 149], promptLength: 3 }]), masks }];

const relativeDifference = (got: Float32Array, expected: Float32Array): number =>
  largestDifference(got, expected) / expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Greedy tokens with the mixtures on, and the logits after the last. */
async function answered(model: Model, mixture: ReturnType<typeof createMixture>) {
  const sequence = startSequence(model, mixture, 16);
  await sequence.readPrompt([5, 130, 70]);
  sequence.answerPrompt(true);
  const ids: number[] = [];
  while (ids.length < 4) ids.push((await sequence.next()).id);
  const logits = await sequence.logits();
  sequence.dispose();
  return { ids, logits };
}

const CASES: readonly (readonly [Family, "f32" | "int8" | "int4", string, boolean])[] = [
  ["gpt2", "f32", "mlp.c_fc", true],
  ["gpt2", "int8", "mlp.c_proj", false],
  ["llama", "int4", "mlp.down_proj", true],
  ["llama", "f32", "mlp.up_proj", false],
];

describe.each(CASES)("%s in %s with mixtures on %s, in pieces (tied: %s)", (family, format, module, tied) => {
  let [whole, split]: Model[] = [];
  beforeAll(async () => {
    const files = tinyFiles(family, { format, vocabulary: VOCABULARY, size: SPLIT_SIZE, tied });
    whole = await uploadModel(files);
    split = await uploadModel(files, undefined, SPLIT_LIMITS[format]);
  });
  afterAll(() => [whole, split].forEach((model) => model?.dispose()));
  const both = (): readonly [Model, Model] => {
    if (whole && split) return [whole, split];
    throw new Error("not uploaded");
  };
  const settings = { ...tinySettings, module, steps: 3, guidedLossWeight: 0.3 };

  test("the gradients are the same", async () => {
    const [expected, got] = await Promise.all(
      both().map(async (model) => {
        const own = await gradientCase(model, settings);
        const gradients = await own.gradients();
        own.dispose();
        return gradients;
      }),
    );
    expect(piecesOf(both()[1].weight(`${both()[1].architecture.block(1)}.${module}.weight`)).length).toBeGreaterThanOrEqual(3);
    expected?.forEach((gradient, i) => {
      expect(gradient.some((value) => value !== 0)).toBe(true);
      expect(relativeDifference(got?.[i] ?? new Float32Array(), gradient)).toBeLessThan(TOLERANCE);
    });
  });

  test("an edit trains to the same parameters, and the edited model answers the same", async () => {
    const [one, parted] = both();
    const outcomes = [];
    for (const model of [one, parted]) {
      const mixture = createMixture(model, settings);
      const curve = await trainMixture(model, mixture, sets);
      const parameters = listParts(await readMixture(mixture));
      outcomes.push({ curve, parameters, answer: await answered(model, mixture) });
      disposeMixture(mixture);
    }
    const [expected, got] = outcomes;
    if (!expected || !got) throw new Error("nothing trained");
    expect(expected.curve.at(-1)?.lmLoss).toBeLessThan(expected.curve[0]?.lmLoss ?? 0);
    expect(got.curve.map(({ lmLoss }) => lmLoss)).toEqual(expected.curve.map(({ lmLoss }) => expect.closeTo(lmLoss, 4)));
    got.parameters.forEach((values, i) => {
      expect(relativeDifference(values, expected.parameters[i] ?? new Float32Array())).toBeLessThan(10 * TOLERANCE);
    });
    expect(got.answer.ids).toEqual(expected.answer.ids);
    expect(relativeDifference(got.answer.logits, expected.answer.logits)).toBeLessThan(10 * TOLERANCE);
    expect(gpuErrors).toEqual([]);
  });
});
