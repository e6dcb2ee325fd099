import { beforeAll, describe, expect, test } from "vitest";
import { tf } from "../gpu/tensors.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { errorFacts } from "../lib/errors.ts";
import { allocationMask } from "../mixture/allocation.ts";
import { createMixture, disposeMixture, readMixture, withRollback, type MixtureState } from "../mixture/mixtureState.ts";
import type { MethodSettings } from "../mixture/settings.ts";
import { tinySettings } from "../mixture/testing/methodSettings.ts";
import type { Model } from "../model/model.ts";
import { tinyFiles } from "../model/testing/tinyModel.ts";
import { uploadModel } from "../model/uploadModel.ts";
import { trainMixture, type TrainingOptions, type TrainingSet, type TrainingStep } from "./trainer.ts";
import { padSamples } from "./trainingBatch.ts";

/** Forward, backward and Adam over two blocks. */
const MOST_DISPATCHES = 65;

let model: Model;
beforeAll(async () => {
  await installTestGpu();
  model = await uploadModel(tinyFiles("gpt2", { vocabulary: 48 }));
});

const masks = [
  allocationMask(
    [
      [0, 1],
      [2, 3],
    ],
    4,
  ),
  allocationMask(
    [
      [0, 1],
      [2, 3],
    ],
    4,
  ),
];
const sets: TrainingSet[] = [
  {
    tokens: padSamples([
      { ids: [5, 6, 7, 8], promptLength: 3 },
      { ids: [9, 10, 11], promptLength: 1 },
    ]),
    masks,
  },
  { tokens: padSamples([{ ids: [12, 13, 7], promptLength: 2 }]), masks: masks.slice(1) },
];

async function withMixture<T>(change: Partial<MethodSettings>, act: (state: MixtureState) => Promise<T>): Promise<T> {
  const state = createMixture(model, { ...tinySettings, steps: 8, ...change });
  try {
    return await act(state);
  } finally {
    disposeMixture(state);
  }
}

const train = (state: MixtureState, options?: TrainingOptions): Promise<TrainingStep[]> =>
  withRollback(state, () => trainMixture(model, state, sets.slice(0, 1), options));

/** The error of a training that must fail, and that every parameter has the bits from before. */
async function failure(change: Partial<MethodSettings>, options?: TrainingOptions): Promise<string> {
  return withMixture({}, async (state) => {
    await train(state);
    const before = await readMixture(state);
    try {
      const changed = { ...state, settings: { ...state.settings, ...change } };
      await withRollback(changed, () => trainMixture(model, changed, sets, options));
    } catch (thrown) {
      expect(await readMixture(state)).toEqual(before);
      return errorFacts(thrown).code;
    }
    throw new Error("the training went through");
  });
}

describe("training", () => {
  test("lowers both losses, and tells of each step", async () => {
    const seen: TrainingStep[] = [];
    const curve = await withMixture({ steps: 25, guidedLossWeight: 0.5 }, (state) => train(state, { onStep: (step) => seen.push(step) }));
    expect(seen).toEqual(curve);
    expect(curve.map(({ step }) => step)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    const [first, last] = [curve[0], curve.at(-1)];
    expect(last?.lmLoss).toBeLessThan((first?.lmLoss ?? 0) / 2);
    expect(last?.guidedLoss).toBeLessThan((first?.guidedLoss ?? 0) * 0.9);
  });

  test("takes the sets in turn", async () => {
    const curve = await withMixture({ learningRate: 1e-12, steps: 4 }, (state) => trainMixture(model, state, sets));
    const losses = curve.map(({ lmLoss }) => lmLoss.toFixed(4));
    expect(losses[2]).toBe(losses[0]);
    expect(losses[3]).toBe(losses[1]);
    expect(losses[1]).not.toBe(losses[0]);
  });

  test("gives the same bits for the same seed", async () => {
    const run = () =>
      withMixture({}, async (state) => ({ curve: await trainMixture(model, state, sets), values: await readMixture(state) }));
    const first = await run();
    expect(await run()).toEqual(first);
    expect(first.values.b.some((values) => values.some((value) => value !== 0))).toBe(true);
  });

  test("takes few dispatches a step, the same in each", async () => {
    const curve = await withMixture({ steps: 3 }, (state) => train(state));
    expect(new Set(curve.map(({ dispatches }) => dispatches)).size).toBe(1);
    expect(curve[0]?.dispatches).toBeLessThanOrEqual(MOST_DISPATCHES);
  });

  test("gives back every tensor", async () => {
    const run = () => withMixture({ steps: 2 }, (state) => train(state));
    await run();
    const before = tf.memory().numTensors;
    await run();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("gives back every tensor when cancelled", async () => {
    const run = () => withMixture({}, (state) => train(state, { signal: AbortSignal.abort() }).catch(() => undefined));
    await run();
    const before = tf.memory().numTensors;
    await run();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("a training that fails leaves every parameter as it was", () => {
  test("cancelled midway", async () => {
    const controller = new AbortController();
    const onStep = ({ step }: TrainingStep): void => {
      if (step === 3) controller.abort();
    };
    expect(await failure({}, { signal: controller.signal, onStep })).toBe("cancelled");
  });
  test("cancelled before it begins", async () => {
    expect(await failure({}, { signal: AbortSignal.abort() })).toBe("cancelled");
  });
  test("diverging", async () => {
    expect(await failure({ learningRate: 1e30 })).toBe("training-diverged");
  });
  test("diverging with its last step", async () => {
    expect(await failure({ learningRate: 1e30, steps: 1 })).toBe("training-diverged");
  });
  test("a fault of the listener", async () => {
    const onStep = (): void => {
      throw new Error("a fault");
    };
    expect(await failure({}, { onStep })).toBe("internal");
  });
  test("nothing to train on", async () => {
    await withMixture({}, async (state) => {
      await expect(trainMixture(model, state, [])).rejects.toMatchObject({ code: "empty-answer" });
    });
  });
});
