import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { encodeSample } from "../editing/promptText.ts";
import type { EditedModel } from "../editing/generate.ts";
import { tinyEdited } from "../editing/testing/tinyEdited.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { tf } from "../gpu/tensors.ts";
import { matchAnswers } from "./answers.ts";
import { createImproved } from "./improved.ts";
import type { EditingMethod } from "./method.ts";
import { improvedSettings, type ImprovedSettings } from "./settings.ts";

let edited: EditedModel;
let settings: ImprovedSettings;
beforeAll(async () => {
  await installTestGpu();
  edited = await tinyEdited("gpt2");
  settings = { ...improvedSettings(edited.model), learningRate: 0.02 };
});

const FRANCE = { prompt: "The capital of France is", answer: "Berlin", rephrasings: ["France's capital is"], subject: "France" };
const SPAIN = { prompt: "The capital of Spain is", answer: "Lisbon", rephrasings: ["Spain's capital is"], subject: "Spain" };
const AGAIN = { ...FRANCE, answer: "Madrid" };

const fresh = (seed = 3): EditingMethod => createImproved({ ...edited, seed }, settings);
const sampleOf = (prompt: string, answer: string) => encodeSample(edited.tokenizer, prompt, answer, edited.model.config.contextLength);
async function gives(method: EditingMethod, prompt: string, answer: string): Promise<boolean> {
  const [found] = await matchAnswers(edited.model, method, [sampleOf(prompt, answer)]);
  return found?.matches.every(Boolean) ?? false;
}
const bits = async (method: EditingMethod) => {
  const { facts, arrays } = await method.state();
  return { facts, arrays: Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, Array.from(values)])) };
};

describe("improved mode", () => {
  let method: EditingMethod;
  beforeEach(() => void (method = fresh()));

  test("two edits hold side by side, in the same bits as alone", async () => {
    await method.edit(FRANCE);
    const [alone] = await matchAnswers(edited.model, method, [sampleOf(FRANCE.prompt, FRANCE.answer)]);
    await method.edit(SPAIN);
    const [after] = await matchAnswers(edited.model, method, [sampleOf(FRANCE.prompt, FRANCE.answer)]);
    expect(after).toEqual(alone);
    for (const { prompt, rephrasings, answer } of [FRANCE, SPAIN])
      for (const text of [prompt, ...rephrasings]) expect(await gives(method, text, answer)).toBe(true);
  });

  test("a prompt without the edit's name is deferred, in the base model's bits", async () => {
    await method.edit(FRANCE);
    const sample = sampleOf(SPAIN.prompt, SPAIN.answer);
    const [base] = await matchAnswers(edited.model, null, [sample]);
    const [deferred] = await matchAnswers(edited.model, method, [sample]);
    expect(deferred?.scope?.deferred).toBe(true);
    expect(deferred?.losses).toEqual(base?.losses);
  });

  test("the later edit of a fact stands in for the earlier, and forgetting it brings that one back", async () => {
    await method.edit(FRANCE);
    await method.edit(AGAIN);
    expect(await gives(method, FRANCE.prompt, "Madrid")).toBe(true);
    await method.forget(2);
    expect(await gives(method, FRANCE.prompt, "Berlin")).toBe(true);
    await expect(method.forget(2)).rejects.toMatchObject({ code: "unknown-edit" });
  });

  test("a prompt that two edits have in common is one fact, however far apart their other phrasings lie", async () => {
    const none = { ...settings, sameFact: 0 };
    method = createImproved({ ...edited, seed: 3 }, none);
    await method.edit(FRANCE);
    await method.edit({ ...FRANCE, answer: "Madrid", rephrasings: [] });
    expect(await gives(method, FRANCE.prompt, "Madrid")).toBe(true);
    await method.edit({ prompt: " the capital of  France is", answer: "Rome", rephrasings: [] });
    await method.edit({ prompt: "France has the capital", answer: "Paris", rephrasings: [], subject: "France" });
    const { edits } = (await method.state()).facts as { edits: { replacedBy: number | null }[] };
    expect(edits.map(({ replacedBy }) => replacedBy)).toEqual([2, 3, null, null]);
  });

  test("forgetting an edit leaves the bits of never having written it, numbers of edits aside", async () => {
    await method.edit(SPAIN);
    const before = await bits(method);
    await method.edit(FRANCE);
    await method.forget(2);
    const after = await bits(method);
    expect(after.arrays).toEqual(before.arrays);
    expect(after.facts).toEqual({ ...(before.facts as object), written: 2 });
  });

  test("a kept state goes on bit for bit", async () => {
    await method.edit(FRANCE);
    const other = fresh();
    const kept = await method.state();
    await other.restore({ ...kept, facts: JSON.parse(JSON.stringify(kept.facts)) as unknown });
    await method.edit(SPAIN);
    await other.edit(SPAIN);
    expect(await bits(other)).toEqual(await bits(method));
  });

  test("a state of other settings is refused and changes nothing", async () => {
    await method.edit(FRANCE);
    const before = await bits(method);
    const wider = createImproved({ ...edited, seed: 3 }, { ...settings, rank: settings.rank + 1 });
    await wider.edit(SPAIN);
    await expect(method.restore(await wider.state())).rejects.toMatchObject({ code: "bad-state" });
    expect(await bits(method)).toEqual(before);
  });

  test("a cancelled edit changes nothing, and nothing stays on the GPU", async () => {
    await method.edit(FRANCE);
    const before = await bits(method);
    const tensors = tf.memory().numTensors;
    await expect(method.edit(SPAIN, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "cancelled" });
    expect(await bits(method)).toEqual(before);
    await method.edit(SPAIN);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
