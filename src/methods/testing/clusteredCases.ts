import { beforeEach, expect, test } from "vitest";
import type { EditedModel } from "../../editing/generate.ts";
import { tf } from "../../gpu/tensors.ts";
import { greedyAnswers, matchAnswers } from "../answers.ts";
import type { EditingMethod } from "../method.ts";
import type { TuneSettings } from "../tune.ts";
import { bitsOf, sampleOf } from "./sequentialCases.ts";

// After a line's end an answer is one token: more than one is beyond a random model, where a single vector cannot tell them apart.
const FRANCE = { prompt: "The capital of France is\n", answer: "!", rephrasings: ["Of all cities, France chose\n"] };
const SPAIN = { prompt: "The capital of Spain is\n", answer: "?", rephrasings: [] };
const PROSE = "It rained all day and\n";

/**
 * What the methods that answer by the nearest keys have in common, with a radius of 0.5.
 * @param make a method with these settings over those of the test
 * @param array one of the arrays of its state
 */
export function clusteredCases(tiny: () => EditedModel, make: (own?: Partial<TuneSettings>) => EditingMethod, array: string): void {
  let method: EditingMethod;
  beforeEach(() => void (method = make()));
  const matchOf = async (own: EditingMethod | null, prompt: string, answer: string) =>
    (await matchAnswers(tiny().model, own, [sampleOf(tiny(), prompt, answer)]))[0];
  const gives = async (prompt: string, answer: string): Promise<boolean> =>
    (await matchOf(method, prompt, answer))?.matches.every(Boolean) ?? false;

  test("an edit holds on its phrasings, free decoding and teacher-forced alike", async () => {
    expect((await matchOf(null, FRANCE.prompt, FRANCE.answer))?.matches).toEqual([false]);
    expect((await method.edit(FRANCE)).edit).toBe(1);
    for (const prompt of [FRANCE.prompt, ...FRANCE.rephrasings]) {
      expect(await gives(prompt, FRANCE.answer)).toBe(true);
      const { ids, promptLength } = sampleOf(tiny(), prompt, FRANCE.answer);
      const [answer] = await greedyAnswers(tiny().model, method, [ids.slice(0, promptLength)], 1, () => false);
      expect(answer).toEqual(ids.slice(promptLength));
    }
  });

  test("a far prompt is deferred, in the base model's bits; before any edit all are", async () => {
    const { scopes } = await method.scope([[1, 2]]);
    expect(scopes).toEqual([{ deferred: true, edit: null, distance: null, bound: null }]);
    await method.edit(SPAIN);
    const far = await matchOf(method, PROSE, "?");
    expect(far?.scope).toMatchObject({ deferred: true, edit: 1, bound: 0.5 });
    expect(far?.scope?.distance).toBeGreaterThan(0.5);
    expect(far?.losses).toEqual((await matchOf(null, PROSE, "?"))?.losses);
  });

  test("an edit changes no other edit that it is not near", async () => {
    await method.edit(FRANCE);
    const alone = await matchOf(method, FRANCE.prompt, FRANCE.answer);
    await method.edit(SPAIN);
    expect((await matchOf(method, FRANCE.prompt, FRANCE.answer))?.losses).toEqual(alone?.losses);
    expect(await gives(SPAIN.prompt, SPAIN.answer)).toBe(true);
  });

  test("another answer to the same prompt takes its place", async () => {
    await method.edit(FRANCE);
    await method.edit({ ...FRANCE, answer: ";" });
    expect(await gives(FRANCE.prompt, ";")).toBe(true);
  });

  test("kept and given back it goes on in the same bits; a state of other widths is refused", async () => {
    await method.edit(FRANCE);
    const kept = await method.state();
    const other = make();
    await other.restore({ ...kept, facts: JSON.parse(JSON.stringify(kept.facts)) });
    expect(await bitsOf(other)).toEqual(await bitsOf(method));
    for (const one of [method, other]) await one.edit(SPAIN);
    expect(await bitsOf(other)).toEqual(await bitsOf(method));
    const wrong = { ...kept, arrays: { ...kept.arrays, [array]: new Float32Array(3) } };
    await expect(other.restore(wrong)).rejects.toMatchObject({ code: "bad-state" });
  });

  test("without a forgotten edit the method is as if it were never written", async () => {
    await method.edit(SPAIN);
    const alone = await bitsOf(method);
    await method.edit(FRANCE);
    await method.forget(2);
    const left = await bitsOf(method);
    expect(left.arrays).toEqual(alone.arrays);
    expect({ ...JSON.parse(left.facts), written: 1 }).toEqual(JSON.parse(alone.facts));
    expect((await matchOf(method, FRANCE.prompt, FRANCE.answer))?.scope?.deferred).toBe(true);
    await expect(method.forget(2)).rejects.toMatchObject({ code: "unknown-edit" });
  });

  test.each([
    ["cancelled", {}, { signal: AbortSignal.abort() }],
    ["training-diverged", { learningRate: 1e30 }, {}],
  ])("an edit that fails leaves everything as it was: %s", async (code, own, options) => {
    await method.edit(FRANCE);
    const failing = make(own);
    await failing.restore(await method.state());
    const before = await bitsOf(failing);
    const tensors = tf.memory().numTensors;
    await expect(failing.edit(SPAIN, options)).rejects.toMatchObject({ code });
    expect(await bitsOf(failing)).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  test("holds no tensor between calls", async () => {
    await method.edit(FRANCE);
    await gives(FRANCE.prompt, FRANCE.answer);
    const before = tf.memory().numTensors;
    await method.edit(SPAIN);
    await gives(SPAIN.prompt, SPAIN.answer);
    await method.forget(2);
    method.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
}
