import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tf } from "../gpu/tensors.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { tinyFiles } from "../model/testing/tinyModel.ts";
import type { Model } from "../model/model.ts";
import { uploadModel } from "../model/uploadModel.ts";
import { createMixture, disposeMixture, mixtureHook, readMixture, withRollback, writeMixture } from "./mixtureState.ts";
import { tinySettings } from "./testing/methodSettings.ts";

let model: Model;
beforeAll(async () => {
  await installTestGpu();
  model = await uploadModel(tinyFiles("gpt2", { vocabulary: 40 }));
});
afterAll(() => model.dispose());

/** Size of the largest entry. */
const reach = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

async function valuesOf(seed: number) {
  const state = createMixture(model, { ...tinySettings, seed });
  const values = await readMixture(state);
  disposeMixture(state);
  return values;
}

describe("a fresh mixture", () => {
  test("has A within 1/√r, routers within 1/√d, and B zero", async () => {
    const { a, b, routerWeight, routerBias } = await valuesOf(1);
    expect(a.map(({ length }) => length)).toEqual([16 * 32, 16 * 32]);
    expect(b.map(({ length }) => length)).toEqual([16 * 128, 16 * 128]);
    expect([routerWeight.length, routerBias.length]).toEqual([2 * 4 * 32, 2 * 4]);
    for (const values of a) {
      expect(reach(values)).toBeLessThanOrEqual(0.5);
      expect(reach(values)).toBeGreaterThan(0.48);
    }
    for (const values of b) expect(reach(values)).toBe(0);
    expect(reach(routerWeight)).toBeLessThanOrEqual(32 ** -0.5);
    expect(reach(routerWeight)).toBeGreaterThan(0.95 * 32 ** -0.5);
    expect(reach(routerBias)).toBeLessThanOrEqual(32 ** -0.5);
    expect(a[0]).not.toEqual(a[1]);
  });

  test("has the same bits for the same seed, and others for another", async () => {
    const first = await valuesOf(7);
    expect(await valuesOf(7)).toEqual(first);
    const other = await valuesOf(8);
    expect(other.routerWeight).not.toEqual(first.routerWeight);
    expect(other.a[0]).not.toEqual(first.a[0]);
  });

  test("has the width of its layer: mlp.c_proj", () => {
    const state = createMixture(model, { ...tinySettings, module: "mlp.c_proj" });
    expect(state.routerWeight.shape).toEqual([2, 4, 128]);
    expect(state.a.map(({ shape }) => shape)).toEqual([
      [16, 128],
      [16, 128],
    ]);
    expect(state.b.map(({ shape }) => shape)).toEqual([
      [16, 32],
      [16, 32],
    ]);
    disposeMixture(state);
  });

  test("is refused, and leaves nothing behind, when its settings cannot be used", () => {
    const before = tf.memory().numTensors;
    expect(() => createMixture(model, { ...tinySettings, layers: [3] })).toThrow(expect.objectContaining({ code: "bad-settings" }));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("a rollback", () => {
  test("brings every bit back, and keeps what work that succeeds has changed", async () => {
    const before = tf.memory();
    const state = createMixture(model, tinySettings);
    const values = await readMixture(state);
    const change = async (): Promise<void> => {
      writeMixture(state, { ...values, a: values.a.map((part) => part.map((value) => value + 1)), routerBias: values.b[0]!.slice(0, 8) });
      expect(await readMixture(state)).not.toEqual(values);
    };
    const failing = withRollback(state, async () => {
      await change();
      throw new Error("a fault");
    });
    await expect(failing).rejects.toThrow("a fault");
    expect(await readMixture(state)).toEqual(values);
    await withRollback(state, change);
    expect(await readMixture(state)).not.toEqual(values);
    disposeMixture(state);
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
  });
});

test("the hook gives a mixture to its own module in its own layers only", async () => {
  const state = createMixture(model, tinySettings);
  const gates = tf.tensor3d([
    [
      [0.1, 0, 0.2, 0],
      [0, 0.3, 0, 0.4],
    ],
  ]);
  const hook = mixtureHook(state, gates);
  expect(hook(0, "mlp.c_fc")).toBeUndefined();
  expect(hook(1, "mlp.c_proj")).toBeUndefined();
  const second = hook(2, "mlp.c_fc");
  expect(second?.a).toBe(state.a[1]);
  expect(second?.b).toBe(state.b[1]);
  expect(second?.scale).toBe(1);
  expect(Array.from(await (second?.gates.data() ?? []), (gate) => gate.toFixed(1))).toEqual(["0.0", "0.3", "0.0", "0.4"]);
  disposeMixture(state);
});
