import { beforeAll, describe, expect, test } from "vitest";
import { tf } from "../gpu/tensors.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { errorFacts } from "../lib/errors.ts";
import { allocationKey } from "../mixture/allocation.ts";
import { disposeMixture, readMixture } from "../mixture/mixtureState.ts";
import type { MethodSettings } from "../mixture/settings.ts";
import { storedCodes, type EditDraft, type EditFacts } from "./editLog.ts";
import { generate, traceRouting, type EditedModel } from "./generate.ts";
import { editInPaperMode } from "./paperMode.ts";
import { givesAnswer } from "./promptText.ts";
import { codeOfRow } from "./sequence.ts";
import { greedy, tinyEdited } from "./testing/tinyEdited.ts";
import type { TrainingOptions, TrainingStep } from "./trainer.ts";

const DRAFT: EditDraft = { prompt: "The capital of France is", answer: "Berlin.", rephrasings: [] };

beforeAll(() => installTestGpu());

const answer = async (edited: EditedModel, prompt: string, edits: "auto" | "off"): Promise<string> =>
  (await generate(edited, greedy(prompt, { edits, maxTokens: 12, stopAtSentence: true }))).text;

describe("an edit of a tiny model", () => {
  let base: EditedModel;
  let edited: EditedModel;
  let edit: EditFacts;
  let ownAnswer: string;
  const steps: TrainingStep[] = [];
  beforeAll(async () => {
    base = await tinyEdited("gpt2", { steps: 40, learningRate: 0.02 });
    ownAnswer = await answer(base, DRAFT.prompt, "auto");
    edit = await editInPaperMode(base, [], DRAFT, { onStep: (step) => steps.push(step) });
    edited = { ...base, codes: storedCodes([edit]) };
  });

  test("holds, and the base model still gives its own answer", async () => {
    expect(edit.holds).toBe(true);
    expect(givesAnswer(await answer(edited, DRAFT.prompt, "auto"), DRAFT.answer)).toBe(true);
    expect(await answer(edited, DRAFT.prompt, "off")).toBe(ownAnswer);
    expect(ownAnswer).not.toContain("Berlin");
  });

  test("says what it did", () => {
    const { settings } = base.mixture;
    expect(edit).toMatchObject({ ...DRAFT, id: 1 });
    expect(edit.baseAnswer.slice(0, 5)).toBe(ownAnswer.trim().slice(0, 5));
    expect(edit.curve).toEqual(steps);
    expect(edit.curve).toHaveLength(settings.steps);
    expect(edit.allocation.map(({ length }) => length)).toEqual([2, 2]);
    expect(edit.seconds).toBeGreaterThan(0);
  });

  test("its code is that of the prompt's last token, so that the prompt is at distance 0", async () => {
    const trace = await traceRouting(edited, DRAFT.prompt);
    expect(edit.codes).toEqual([codeOfRow(trace.rows, trace.decidingToken)]);
    expect(trace.scope).toMatchObject({ inScope: true, distance: 0, nearestEdit: 1 });
  });

  test("the same answer again is refused, and changes nothing", async () => {
    const before = await readMixture(base.mixture);
    await expect(editInPaperMode(base, [edit], DRAFT)).rejects.toMatchObject({ code: "answer-unchanged" });
    expect(await readMixture(base.mixture)).toEqual(before);
  });

  test("the next edit gets experts of its own and the next number", async () => {
    const next = await editInPaperMode(base, [edit], { prompt: "The world", answer: "has cities.", rephrasings: [" ", "All the world"] });
    expect(next.id).toBe(2);
    expect(next.rephrasings).toEqual(["All the world"]);
    expect(next.codes).toHaveLength(2);
    expect(allocationKey(next.allocation)).not.toBe(allocationKey(edit.allocation));
  });
});

test("the same edits from the same seed are the same to the bit", async () => {
  const run = async () => {
    const edited = await tinyEdited("llama", { steps: 4 });
    const edit = await editInPaperMode(edited, [], { ...DRAFT, rephrasings: ["France has the capital"] });
    const values = await readMixture(edited.mixture);
    disposeMixture(edited.mixture);
    edited.model.dispose();
    return { edit: { ...edit, seconds: 0 }, values };
  };
  expect(await run()).toEqual(await run());
});

describe("an edit that fails leaves the mixture as it was", () => {
  /** The code of the failure; parameters and tensors must be those from before. */
  async function failure(
    draft: Partial<EditDraft>,
    settings: Partial<MethodSettings> = {},
    options: TrainingOptions = {},
  ): Promise<string> {
    const edited = await tinyEdited("gpt2", { steps: 3, ...settings });
    await generate(edited, greedy(DRAFT.prompt, { maxTokens: 1 }));
    const values = await readMixture(edited.mixture);
    const tensors = tf.memory().numTensors;
    try {
      await editInPaperMode(edited, [], { ...DRAFT, ...draft }, options);
    } catch (thrown) {
      expect(await readMixture(edited.mixture)).toEqual(values);
      // Vectors of zeros that training is first to need are kept for good.
      expect(tf.memory().numTensors - tensors).toBeLessThanOrEqual(2);
      return errorFacts(thrown).code;
    } finally {
      disposeMixture(edited.mixture);
      edited.model.dispose();
    }
    throw new Error("the edit went through");
  }

  test.each<[string, Partial<EditDraft>, Partial<MethodSettings>]>([
    ["empty-prompt", { prompt: " " }, {}],
    ["empty-answer", { answer: "\n" }, {}],
    ["text-too-long", { answer: "word ".repeat(100) }, {}],
    ["text-too-long", { rephrasings: ["word ".repeat(100)] }, {}],
    ["training-diverged", {}, { learningRate: 1e30 }],
  ])("%s (case %#)", async (code, draft, settings) => {
    expect(await failure(draft, settings)).toBe(code);
  });

  test("cancelled at any of its steps, the last included", async () => {
    for (const at of [1, 3]) {
      const controller = new AbortController();
      const onStep = ({ step }: TrainingStep): void => {
        if (step === at) controller.abort();
      };
      expect(await failure({}, {}, { signal: controller.signal, onStep })).toBe("cancelled");
    }
  });

  test("when every allocation is taken", async () => {
    const edited = await tinyEdited("gpt2", { steps: 1, experts: 1, topK: 1, layers: [2] });
    const first = await editInPaperMode(edited, [], DRAFT);
    const values = await readMixture(edited.mixture);
    const draft = { prompt: "The world", answer: "is x.", rephrasings: [] };
    await expect(editInPaperMode(edited, [first], draft)).rejects.toMatchObject({ code: "allocations-exhausted" });
    expect(await readMixture(edited.mixture)).toEqual(values);
  });
});
