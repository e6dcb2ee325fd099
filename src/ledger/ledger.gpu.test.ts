import { beforeAll, beforeEach, afterEach, describe, expect, test } from "vitest";
import type { EditDraft } from "../editing/editDraft.ts";
import { generate, traceRouting, type EditedModel } from "../editing/generate.ts";
import { givesAnswer } from "../editing/promptText.ts";
import { codeOfRow } from "../editing/sequence.ts";
import { greedy, tinyEdited } from "../editing/testing/tinyEdited.ts";
import type { TrainingStep } from "../editing/trainer.ts";
import { tf } from "../gpu/tensors.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { errorFacts } from "../lib/errors.ts";
import { createImproved } from "../methods/improved.ts";
import type { LiveMethod } from "../methods/live.ts";
import { createPaper } from "../methods/paper.ts";
import { improvedSettings } from "../methods/settings.ts";
import { allocationKey, type Allocation } from "../mixture/allocation.ts";
import type { MethodSettings } from "../mixture/settings.ts";
import { answerColumn } from "./columns.ts";
import { createLedger, type Ledger, type WriteOptions } from "./ledger.ts";
import { scorecardOf, strengthCurve } from "./scorecard.ts";

const FRANCE = { prompt: "The capital of France is", answer: "Berlin.", rephrasings: ["France's capital is"], subject: "France" };
const SPAIN = { prompt: "The capital of Spain is", answer: "Lisbon.", rephrasings: [], subject: "Spain" };
const OTHER = "A fish swims in";

let base: EditedModel;
beforeAll(async () => {
  await installTestGpu();
  base = await tinyEdited("gpt2");
});

const paper = (more: Partial<MethodSettings> = {}): Ledger => {
  const settings = { ...base.mixture.settings, steps: 40, learningRate: 0.02, ...more };
  return createLedger(base, () => createPaper({ ...base, seed: settings.seed }, settings));
};
const improved = (): Ledger =>
  createLedger(base, () => createImproved({ ...base, seed: 3 }, { ...improvedSettings(base.model), learningRate: 0.02 }));
const answer = async (ledger: Ledger, prompt: string, edits: "auto" | "off" = "auto"): Promise<string> =>
  (await generate(ledger.answering, greedy(prompt, { edits, maxTokens: 12, stopAtSentence: true }))).text;
const bits = async (method: LiveMethod) => {
  const { facts, arrays } = await method.state();
  return { facts, arrays: Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, Array.from(values)])) };
};
const holds = async (ledger: Ledger, { prompt, answer: wanted }: EditDraft): Promise<boolean> =>
  givesAnswer(await answer(ledger, prompt), wanted);

describe.each([
  ["paper", paper],
  ["improved", improved],
] as const)("edits in %s mode", (id, make) => {
  let ledger: Ledger;
  beforeEach(() => void (ledger = make()));
  afterEach(() => ledger.dispose());

  test("an edit holds, the base model keeps its own answer, and what it did is told", async () => {
    const own = await answer(ledger, FRANCE.prompt);
    const steps: TrainingStep[] = [];
    const edit = await ledger.write(FRANCE, { onStep: (step) => steps.push(step) });
    expect(edit).toMatchObject({ ...FRANCE, id: 1, holds: true, on: true, strength: 1, standing: null });
    expect(edit.curve).toEqual(steps);
    expect(edit.baseAnswer.slice(0, 5)).toBe(own.trim().slice(0, 5));
    expect(await answer(ledger, FRANCE.prompt, "off")).toBe(own);
    expect(own).not.toContain("Berlin");
    const trace = await traceRouting(ledger.answering, FRANCE.prompt);
    expect(trace.scope).toMatchObject({ inScope: true, nearestEdit: 1, measure: id === "paper" ? "bits" : "cosine" });
    if (id === "paper") expect(edit.codes[0]).toEqual(codeOfRow(trace.rows, trace.decidingToken));
    else expect(trace.rows).toMatchObject({ owners: [1], experts: 1, tokens: trace.pieces.length });
    await expect(ledger.write(FRANCE)).rejects.toMatchObject({ code: "answer-unchanged" });
  });

  test("the column of its method says what generating says, and the odds of both answers", async () => {
    await ledger.write(FRANCE);
    for (const prompt of [FRANCE.prompt, OTHER]) {
      const { text, scope } = await generate(ledger.answering, greedy(prompt, { maxTokens: 6, stopAtSentence: true }));
      const column = await answerColumn(base, ledger.method, { prompt, maxTokens: 6, answers: ["Berlin", "Rome"] });
      expect(column.text).toBe(text);
      expect(column).toMatchObject({ deferred: !scope.inScope, edit: scope.nearestEdit });
      const [wanted, other] = column.odds;
      if (prompt === FRANCE.prompt) expect(wanted?.probability).toBeGreaterThan(other?.probability ?? 1);
    }
  });

  test("off, weak, undone and done again", async () => {
    const own = await answer(ledger, FRANCE.prompt);
    await ledger.write(FRANCE);
    const edited = await answer(ledger, FRANCE.prompt);
    await ledger.change(1, { on: false });
    expect(await answer(ledger, FRANCE.prompt)).toBe(own);
    await ledger.change(1, { on: true, strength: 0 });
    const [weak] = (await answerColumn(base, ledger.method, { prompt: FRANCE.prompt, maxTokens: 1, answers: ["Berlin."] })).odds;
    expect(weak?.deferred).toBe(false);
    const curve = await strengthCurve(ledger, ledger.facts.edits[0] as never, FRANCE.prompt, [0, 1]);
    expect(curve[0]).toBeCloseTo(weak?.probability ?? NaN, 5);
    expect(curve[1]).toBeGreaterThan(curve[0] ?? 1);
    await ledger.undo();
    await ledger.undo();
    expect(await answer(ledger, FRANCE.prompt)).toBe(edited);
    await ledger.undo();
    expect(ledger.facts).toMatchObject({ edits: [], canUndo: false, canRedo: true });
    expect(await answer(ledger, FRANCE.prompt)).toBe(own);
    await expect(ledger.undo()).rejects.toMatchObject({ code: "nothing-to-undo" });
    await ledger.redo();
    expect(await answer(ledger, FRANCE.prompt)).toBe(edited);
    await expect(ledger.change(1, { strength: Number.NaN })).rejects.toMatchObject({ code: "bad-settings" });
    await expect(ledger.change(7, { on: false })).rejects.toMatchObject({ code: "unknown-edit" });
  });

  test("undoing an edit leaves the bits from before it", async () => {
    await ledger.write(FRANCE);
    const before = await bits(ledger.method);
    await ledger.write(SPAIN);
    await ledger.undo();
    expect(await bits(ledger.method)).toEqual(before);
    expect(ledger.facts.edits.map(({ id: own }) => own)).toEqual([1]);
  });

  test("a forgotten edit's prompt is the base model's again", async () => {
    const own = await answer(ledger, FRANCE.prompt);
    await ledger.write(FRANCE);
    await ledger.forget(1);
    expect(await answer(ledger, FRANCE.prompt)).toBe(own);
    expect(ledger.facts.edits).toEqual([]);
    await ledger.undo();
    expect(await holds(ledger, FRANCE)).toBe(true);
  });

  test("written again in the same order an edit is the same to the bit; in another order it still holds", async () => {
    await ledger.write(FRANCE);
    await ledger.write(SPAIN);
    const before = await bits(ledger.method);
    const seen: number[] = [];
    await ledger.rewrite([FRANCE, SPAIN], { onEdit: (done) => seen.push(done) });
    expect(seen).toEqual([0, 1]);
    expect(await bits(ledger.method)).toEqual(before);
    await ledger.rewrite([{ ...SPAIN, on: false }, FRANCE]);
    expect(ledger.facts.edits.map(({ id: own, prompt, on }) => [own, prompt, on])).toEqual([
      [1, SPAIN.prompt, false],
      [2, FRANCE.prompt, true],
    ]);
    expect(await holds(ledger, FRANCE)).toBe(true);
    const cancelled = ledger.rewrite([FRANCE], { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: "cancelled" });
    expect(ledger.facts.edits).toHaveLength(2);
    await ledger.undo();
    expect(await bits(ledger.method)).toEqual(before);
  });

  test("the scorecard asks the edit, its rephrasings and prompts that should stay", async () => {
    const edit = await ledger.write(FRANCE);
    const { scope } = await traceRouting(ledger.answering, OTHER);
    const card = await scorecardOf(ledger, edit, [OTHER]);
    expect(card.reliability).toMatchObject({ holds: true, deferred: false });
    expect(card.rephrasings).toMatchObject([{ prompt: "France's capital is", holds: true }]);
    expect(card.probes).toMatchObject([{ prompt: OTHER, edit: scope.inScope ? scope.nearestEdit : null }]);
    expect(card.lost).toEqual([]);
    expect(ledger.facts.edits[0]?.standing).toMatchObject({ holds: true, lostSince: null });
    await ledger.change(1, { strength: 0 });
    await ledger.audit();
    expect(ledger.facts.edits[0]?.standing).toMatchObject({ holds: false, lostSince: 1 });
  });

  test("a threshold of 0 defers every prompt, or all but the key itself", async () => {
    await ledger.write(FRANCE);
    ledger.method.setThreshold(0);
    expect((await traceRouting(ledger.answering, FRANCE.rephrasings[0] ?? "")).scope.inScope).toBe(false);
    expect(() => ledger.method.setThreshold(Number.NaN)).toThrow(expect.objectContaining({ code: "bad-settings" }));
  });
});

test("what a draft would share is foreseen", async () => {
  const own = paper({ steps: 2 });
  const edit = await own.write(FRANCE);
  const next = await own.method.foresee(SPAIN);
  const { allocation } = await own.write(SPAIN);
  const common = (allocation ?? []).flatMap((experts, i) => experts.filter((expert) => edit.allocation?.[i]?.includes(expert))).length;
  expect(next.shared).toEqual(common === 0 ? [] : [{ edit: 1, experts: common, of: 4 }]);
  expect(allocationKey(allocation as Allocation)).not.toBe(allocationKey(edit.allocation as Allocation));
  own.dispose();
  const ours = improved();
  await ours.write(FRANCE);
  expect(await ours.method.foresee({ ...FRANCE, answer: "Rome." })).toMatchObject({ replaces: [1], scope: { deferred: false, edit: 1 } });
  expect(await ours.method.foresee(SPAIN)).toMatchObject({ replaces: [], scope: { deferred: true } });
  ours.dispose();
});

describe("an edit that fails leaves everything as it was", () => {
  /** The code of the failure; parameters and tensors must be those from before. */
  async function failure(draft: Partial<EditDraft>, settings: Partial<MethodSettings> = {}, options: WriteOptions = {}): Promise<string> {
    const ledger = paper({ steps: 3, ...settings });
    await generate(ledger.answering, greedy(FRANCE.prompt, { maxTokens: 1 }));
    const before = await bits(ledger.method);
    const tensors = tf.memory().numTensors;
    try {
      await ledger.write({ ...FRANCE, ...draft }, options);
    } catch (thrown) {
      expect(await bits(ledger.method)).toEqual(before);
      expect(ledger.facts).toEqual({ edits: [], canUndo: false, canRedo: false });
      // Vectors of zeros that training is first to need are kept for good.
      expect(tf.memory().numTensors - tensors).toBeLessThanOrEqual(2);
      return errorFacts(thrown).code;
    } finally {
      ledger.dispose();
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
    const ledger = paper({ steps: 1, experts: 1, topK: 1, layers: [2] });
    await ledger.write(FRANCE);
    await expect(ledger.write(SPAIN)).rejects.toMatchObject({ code: "allocations-exhausted" });
    expect(ledger.facts.edits).toHaveLength(1);
    ledger.dispose();
  });
});
