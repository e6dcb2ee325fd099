import { beforeAll, beforeEach, expect, test } from "vitest";
import type { EditedModel } from "../../editing/generate.ts";
import { encodeSample } from "../../editing/promptText.ts";
import { tf } from "../../gpu/tensors.ts";
import { greedyAnswers, matchAnswers } from "../answers.ts";
import type { EditingMethod, MethodBase } from "../method.ts";
import type { TuneSettings } from "../tune.ts";

export const FRANCE = { prompt: "The capital of France is", answer: "Berlin", rephrasings: ["France's capital is"] };
export const SPAIN = { prompt: "The capital of Spain is", answer: "Oslo", rephrasings: [] };
const MADRID = { ...FRANCE, answer: "Madrid" };

/** Everything a method holds, comparable bit for bit. */
export async function bitsOf(method: EditingMethod) {
  const { facts, arrays } = await method.state();
  const text = JSON.stringify(facts);
  return { facts: text, arrays: Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, Array.from(values)])) };
}

export const sampleOf = ({ model, tokenizer }: Pick<MethodBase, "model" | "tokenizer">, prompt: string, answer: string) =>
  encodeSample(tokenizer, prompt, answer, model.config.contextLength);

/** What the methods that keep all edits in the same parameters have in common. @param make a method with these settings over those of the test */
export function sequentialCases(tiny: () => EditedModel, make: (own?: Partial<TuneSettings>) => EditingMethod): void {
  // Bits are compared after a few steps as well as after many.
  const few = { leastSteps: 3, mostSteps: 3 };
  let method: EditingMethod;
  let before: number;
  beforeAll(async () => {
    // Programs and shared zeros come into being with the first edit.
    method = make(few);
    await method.edit(FRANCE);
    method.dispose();
  });
  beforeEach(() => {
    before = tf.memory().numTensors;
    method = make(few);
  });
  const match = async (own: EditingMethod | null, prompt: string, answer: string) =>
    (await matchAnswers(tiny().model, own, [sampleOf(tiny(), prompt, answer)]))[0];

  test("before any edit every prompt is deferred", async () => {
    const { scopes } = await method.scope([[1, 2]]);
    expect(scopes).toEqual([{ deferred: true, edit: null, distance: null, bound: null }]);
    method.dispose();
  });

  test("an edit holds on its phrasings, free decoding and teacher-forced alike, and the base model stays as it was", async () => {
    method.dispose();
    method = make();
    const base = await match(null, FRANCE.prompt, FRANCE.answer);
    expect(base?.matches.every(Boolean)).toBe(false);
    const { edit, steps, loss } = await method.edit(FRANCE);
    expect(edit).toBe(1);
    // Closed forms take none.
    expect(steps).not.toBe(1);
    // The tiny model's norm and head leave it little certainty.
    expect(loss).toBeLessThan(2.5);
    expect(base?.losses[0]).toBeGreaterThan(4);
    for (const prompt of [FRANCE.prompt, ...FRANCE.rephrasings]) {
      const found = await match(method, prompt, FRANCE.answer);
      expect(found?.scope?.deferred).toBe(false);
      expect(found?.matches.every(Boolean)).toBe(true);
      const { ids, promptLength } = sampleOf(tiny(), prompt, FRANCE.answer);
      const [answer] = await greedyAnswers(tiny().model, method, [ids.slice(0, promptLength)], ids.length - promptLength, () => false);
      expect(answer).toEqual(ids.slice(promptLength));
    }
    expect(await match(null, FRANCE.prompt, FRANCE.answer)).toEqual(base);
    method.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("kept and given back it goes on in the same bits", async () => {
    await method.edit(FRANCE);
    const kept = await method.state();
    const other = make(few);
    await other.restore({ ...kept, facts: JSON.parse(JSON.stringify(kept.facts)) });
    expect(await bitsOf(other)).toEqual(await bitsOf(method));
    for (const one of [method, other]) await one.edit(SPAIN);
    expect(await bitsOf(other)).toEqual(await bitsOf(method));
    await expect(other.restore({ ...kept, arrays: { parameters: new Float32Array(3) } })).rejects.toMatchObject({ code: "bad-state" });
    for (const one of [method, other]) one.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("a forgotten edit was never written, bit for bit", async () => {
    for (const draft of [FRANCE, SPAIN, MADRID]) await method.edit(draft);
    await method.forget(1);
    const other = make(few);
    for (const draft of [SPAIN, MADRID]) await other.edit(draft);
    const [got, expected] = [await bitsOf(method), await bitsOf(other)];
    expect(got.arrays).toEqual(expected.arrays);
    expect(JSON.parse(got.facts)).toEqual({
      ...JSON.parse(expected.facts),
      written: 3,
      edits: [
        { edit: 2, draft: SPAIN },
        { edit: 3, draft: MADRID },
      ],
    });
    await expect(method.forget(1)).rejects.toMatchObject({ code: "unknown-edit" });
    expect((await method.edit(FRANCE)).edit).toBe(4);
    for (const one of [method, other]) one.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([
    ["cancelled", {}, { signal: AbortSignal.abort() }],
    ["training-diverged", { learningRate: 1e30 }, {}],
  ])("an edit that fails leaves every bit as it was: %s", async (code, own, options) => {
    await method.edit(FRANCE);
    const failing = make({ ...few, ...own });
    await failing.restore(await method.state());
    const held = await bitsOf(failing);
    const tensors = tf.memory().numTensors;
    await expect(failing.edit(SPAIN, options)).rejects.toMatchObject({ code });
    expect(await bitsOf(failing)).toEqual(held);
    expect(tf.memory().numTensors).toBe(tensors);
    for (const one of [method, failing]) one.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
}
