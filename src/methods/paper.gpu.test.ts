import { beforeAll, describe, expect, test } from "vitest";
import { answering, traceRouting, type EditedModel } from "../editing/generate.ts";
import { nextAllocation, trainInPaperMode } from "../editing/paperMode.ts";
import { encodePrompt, encodeSample } from "../editing/promptText.ts";
import { tinyEdited } from "../editing/testing/tinyEdited.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { tf } from "../gpu/tensors.ts";
import type { Allocation } from "../mixture/allocation.ts";
import type { AllocationCode } from "../mixture/deferral.ts";
import { readMixture } from "../mixture/mixtureState.ts";
import { joinParts } from "../mixture/parameters.ts";
import { matchAnswers } from "./answers.ts";
import { createPaper } from "./paper.ts";
import type { EditingMethod } from "./method.ts";

const FRANCE = { prompt: "The capital of France is", answer: "Berlin.", rephrasings: ["France's capital is"] };
const SPAIN = { prompt: "The capital of Spain is", answer: "Lisbon.", rephrasings: [] };
const PROMPTS = [FRANCE.prompt, SPAIN.prompt, "A fish swims in"];

let edited: EditedModel;
beforeAll(async () => {
  await installTestGpu();
  edited = await tinyEdited("gpt2", { steps: 20, learningRate: 0.02 });
});
const fresh = (): EditingMethod => createPaper({ ...edited, seed: edited.mixture.settings.seed }, edited.mixture.settings);

describe("paper mode behind the interface", () => {
  test("is training, codes and decisions as they are apart, bit for bit", async () => {
    const method = fresh();
    const { model, tokenizer, mixture } = edited;
    const made: { edit: number; allocation: Allocation; codes: readonly AllocationCode[] }[] = [];
    for (const draft of [FRANCE, SPAIN]) {
      const samples = [draft.prompt, ...draft.rephrasings].map((text) => encodeSample(tokenizer, text, draft.answer, 64));
      const allocation = nextAllocation(
        mixture,
        made.map((one) => one.allocation),
      );
      const { codes } = await trainInPaperMode(model, mixture, samples, allocation);
      made.push({ edit: made.length + 1, allocation, codes });
      await method.edit(draft);
    }
    const { facts, arrays } = await method.state();
    expect(arrays["parameters"]).toEqual(joinParts(mixture.layout, await readMixture(mixture)));
    expect(facts).toEqual({ edits: made });
    const codes = made.flatMap(({ edit, codes: own }) => own.map((code) => ({ edit, code })));
    const asked = await method.scope(PROMPTS.map((text) => encodePrompt(edited.tokenizer, text, 64)));
    for (const [i, text] of PROMPTS.entries()) {
      const { scope } = await traceRouting(answering({ ...edited, codes }), text);
      expect(asked.scopes[i]).toEqual({
        deferred: !scope.inScope,
        edit: scope.nearestEdit,
        distance: scope.distance,
        bound: scope.threshold,
      });
    }
    asked.dispose();
    method.dispose();
  });

  test("forgets by dropping codes, is kept bit for bit, and leaves nothing on the GPU", async () => {
    const tensors = tf.memory().numTensors;
    const method = fresh();
    await method.edit(FRANCE);
    const samples = [encodeSample(edited.tokenizer, FRANCE.prompt, FRANCE.answer, 64)];
    const [before] = await matchAnswers(edited.model, method, samples);
    expect(before?.scope).toMatchObject({ deferred: false, edit: 1, distance: 0 });
    expect(before?.matches).not.toContain(false);

    const other = fresh();
    const kept = await method.state();
    await other.restore({ ...kept, facts: JSON.parse(JSON.stringify(kept.facts)) as unknown });
    await method.edit(SPAIN);
    await other.edit(SPAIN);
    expect(await other.state()).toEqual(await method.state());

    await method.forget(1);
    await expect(method.forget(1)).rejects.toMatchObject({ code: "unknown-edit" });
    expect(await method.scope([samples[0]?.ids.slice(0, samples[0].promptLength) ?? []])).toMatchObject({ scopes: [{ edit: 2 }] });
    await expect(method.restore({ facts: {}, arrays: {} })).rejects.toMatchObject({ code: "bad-state" });
    method.dispose();
    other.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
