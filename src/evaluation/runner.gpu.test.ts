import { beforeAll, describe, expect, test } from "vitest";
import { answering, generate } from "../editing/generate.ts";
import { greedy, tinyEdited } from "../editing/testing/tinyEdited.ts";
import { tf } from "../gpu/tensors.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { EngineError } from "../lib/errors.ts";
import { greedyAnswers, matchAnswers } from "../methods/answers.ts";
import type { EditingMethod } from "../methods/method.ts";
import { createMethod } from "../methods/registry.ts";
import { disposeMixture } from "../mixture/mixtureState.ts";
import { baseGreedy } from "./baseGreedy.ts";
import { measureRecords, type Subject } from "./measure.ts";
import type { EvaluationEvent, RunFacts } from "./results.ts";
import { evaluate, type EvaluationOptions, type SavedEvaluation } from "./runner.ts";
import { run as made } from "./testing/outcomes.ts";
import { tinySet } from "./testing/tinySet.ts";
import { encodePrompt, encodeSample } from "../editing/promptText.ts";

let base: Awaited<ReturnType<typeof tinyEdited>>;
beforeAll(async () => {
  await installTestGpu();
  base = await tinyEdited("gpt2");
});

const records = tinySet.records.slice(0, 10);
/** A few large steps: most edits of the tiny model hold then, not all. */
const FEW_STEPS = { improved: { leastSteps: 2, mostSteps: 6, learningRate: 0.03 }, paper: { steps: 2 } };

const start = (method: keyof typeof FEW_STEPS = "improved"): { subject: Subject; run: RunFacts } => {
  const { model, tokenizer } = base;
  const overrides = FEW_STEPS[method];
  const { method: own, settings } = createMethod(method, { model, tokenizer, seed: 1 }, overrides);
  return { subject: { model, tokenizer, method: own }, run: { ...made, method, settings, limit: 10, every: 4, sample: 8 } };
};

async function runWhole(options: EvaluationOptions = {}, facts: Partial<RunFacts> = {}, method?: "paper") {
  const { subject, run } = start(method);
  try {
    return await evaluate({ ...subject, set: { ...tinySet, records }, run: { ...run, ...facts } }, options);
  } finally {
    subject.method.dispose();
  }
}

describe("what is measured", () => {
  let subject: Subject;
  beforeAll(async () => {
    ({ subject } = start());
    for (const { prompt, answer, rephrasings } of records.slice(0, 4)) await subject.method.edit({ prompt, answer, rephrasings });
  });

  test("an answer is right where greedy decoding, drawn token by token, gives all of it", async () => {
    const { model, tokenizer, method } = subject;
    const measured = await measureRecords(subject, records.slice(0, 8), true, new Map());
    for (const [i, { own, heldOut }] of measured.entries()) {
      const { prompt, answer, heldOut: others } = records[i] as (typeof records)[number];
      for (const [n, outcome] of [own, ...heldOut].entries()) {
        const { ids, promptLength } = encodeSample(tokenizer, [prompt, ...others][n] ?? "", answer, model.config.contextLength);
        const target = ids.slice(promptLength);
        const [drawn] = await greedyAnswers(model, method, [ids.slice(0, promptLength)], target.length, () => false);
        expect({ prompt: outcome.prompt, right: outcome.right }).toEqual({
          prompt: outcome.prompt,
          right: String(drawn) === String(target),
        });
      }
    }
    expect(new Set(measured.map(({ own }) => own.right))).toEqual(new Set([true, false]));
  });

  test("the base model's own answer, as the page generates it, is right, and is what locality asks for", async () => {
    const { model, tokenizer } = subject;
    const prompts = ["The capital of France is", "It isn't", "The capital of Germany is not Berlin. It is"];
    const ids = prompts.map((prompt) => encodePrompt(tokenizer, prompt, model.config.contextLength));
    const answers = await baseGreedy(model, ids, 6, () => false);
    expect(answers).toEqual(await greedyAnswers(model, null, ids, 6, () => false));
    for (const [i, prompt] of prompts.entries()) {
      const { pieces } = await generate(answering(base), greedy(prompt, { maxTokens: 6 }));
      expect(answers[i]?.slice(0, pieces.length)).toEqual(pieces.map(({ id }) => id));
      const own = { ids: [...(ids[i] ?? []), ...(answers[i] ?? [])], promptLength: ids[i]?.length ?? 0 };
      const [match] = await matchAnswers(model, null, [own]);
      expect(match?.matches).toEqual(answers[i]?.map(() => true));
    }
  });

  test("continuations end where they are told to, each for itself", async () => {
    const { model, tokenizer } = subject;
    const ids = ["The capital of France is", "It"].map((prompt) => encodePrompt(tokenizer, prompt, model.config.contextLength));
    const [long, short] = await baseGreedy(model, ids, 5, () => false);
    const [first] = await baseGreedy(model, ids, 5, (answer) => answer[0] === short?.[0]);
    expect(first).toEqual(long);
    expect((await baseGreedy(model, ids, 5, (answer) => answer[0] === short?.[0]))[1]).toEqual(short?.slice(0, 1));
  });

  test("a deferred prompt's logits are the base model's to the bit, so that it counts as kept unasked", async () => {
    const { model, tokenizer, method } = subject;
    const samples = ["It is 1 or", "The cities of Kenya are"].map((prompt) => encodeSample(tokenizer, prompt, "in the world", 64));
    const own = await matchAnswers(model, method, samples);
    expect(own.map(({ scope }) => scope?.deferred)).toEqual([true, true]);
    const plain = await matchAnswers(model, null, samples);
    expect(own.map(({ losses }) => losses)).toEqual(plain.map(({ losses }) => losses));
    const asked = new Map();
    const [measured] = await measureRecords(subject, [records[7] as (typeof records)[number]], true, asked);
    expect(measured?.locality.map(({ deferred, right }) => deferred && right)).toEqual([true, true, true]);
  });

  test("teacher-forced, the full stop that ends a trained answer does not count", async () => {
    const [measured] = await measureRecords(subject, records.slice(0, 1), false, new Map());
    const { ids, promptLength } = encodeSample(subject.tokenizer, records[0]?.prompt ?? "", records[0]?.answer ?? "", 64);
    expect(measured?.own.teacherForced.of).toBe(ids.length - promptLength - 1);
  });
});

describe("an evaluation", () => {
  const events: EvaluationEvent[] = [];
  const saves: SavedEvaluation[] = [];
  let whole: Awaited<ReturnType<typeof runWhole>>;
  beforeAll(async () => {
    const atRest = async (save: () => Promise<SavedEvaluation>) => void saves.push(structuredClone(await save()));
    whole = await runWhole({ onProgress: (event) => events.push(event), atRest });
  });

  test("measures after every so many edits, and at the end everything", () => {
    expect(whole.checkpoints.map(({ afterEdits, holds }) => [afterEdits, holds.length])).toEqual([
      [4, 4],
      [8, 8],
      [10, 10],
    ]);
    const last = whole.checkpoints.at(-1);
    expect(last?.metrics.reliability.free.of).toBe(10);
    expect(last?.metrics.generalization.free.of).toBe(10);
    expect(last?.metrics.localityNear.free.of).toBe(20);
    expect(last?.metrics.localityFar.free.of).toBe(10);
    expect(last?.holds).toEqual(whole.edits.map(({ own }) => own.right));
    expect(last?.passages).toHaveLength(3);
    expect(last?.retention).toBeGreaterThan(0);
    expect(whole.edits.map(({ edit }) => edit)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(new Set(whole.edits.map(({ id }) => id))).toEqual(new Set(records.map(({ id }) => id)));
  });

  test("says each edit and each checkpoint", () => {
    expect(events.filter(({ kind }) => kind === "edit")).toHaveLength(10);
    expect(events.flatMap((event) => (event.kind === "checkpoint" ? [event.checkpoint] : []))).toEqual(whole.checkpoints);
  });

  test("going on from any rest gives the same result to the bit", async () => {
    // After the first edit, and in the midst of a measurement.
    for (const at of [0, 11]) {
      const saved = saves[at] as SavedEvaluation;
      expect(JSON.stringify(await runWhole({ saved: JSON.parse(JSON.stringify(saved, floats), refloat) as SavedEvaluation }))).toBe(
        JSON.stringify(whole),
      );
    }
  });

  test("what was kept of another run is refused", async () => {
    const saved = saves[0] as SavedEvaluation;
    await expect(runWhole({ saved }, { seed: 2 })).rejects.toMatchObject({ code: "bad-state" });
  });

  test("a record that cannot be read is left out and said; any other error ends the evaluation", async () => {
    const { subject, run } = start();
    const long = { ...(records[0] as (typeof records)[number]), id: "long", prompt: "The capital of ".repeat(40) };
    const setup = { ...subject, set: { ...tinySet, records: [...records.slice(0, 2), long] }, run: { ...run, every: 2 } };
    const result = await evaluate(setup);
    expect(result.refused).toEqual([{ id: "long", message: expect.stringContaining("tokens") as string }]);
    expect(result.checkpoints.map(({ afterEdits }) => afterEdits)).toEqual([2]);
    subject.method.dispose();
    const edit = (): Promise<never> => Promise.reject(new EngineError("training-diverged", "…", "…"));
    const failing: EditingMethod = { ...start().subject.method, edit };
    await expect(evaluate({ ...setup, method: failing })).rejects.toMatchObject({ code: "training-diverged" });
  });

  test("is cancelled between edits, and leaves no tensor behind", async () => {
    const cancel = new AbortController();
    // Vectors of zeros stay for later, one for each size.
    await runWhole({}, { limit: 3 });
    const tensors = tf.memory().numTensors;
    const onProgress = (event: EvaluationEvent): void => void (event.kind === "edit" && event.edit === 2 && cancel.abort());
    await expect(runWhole({ signal: cancel.signal, onProgress })).rejects.toMatchObject({ code: "cancelled" });
    await runWhole({}, { limit: 3 });
    expect(tf.memory().numTensors).toBe(tensors);
  });

  test("paper mode's edits say where they lie", async () => {
    const { edits } = await runWhole({}, { limit: 3 }, "paper");
    for (const { place } of edits) {
      expect(place?.allocation).toHaveLength(2);
      expect(place?.code?.length).toBeGreaterThan(0);
      expect(place?.neighbours).toHaveLength(2);
    }
  });
});

test("ends without a trace on the GPU", () => {
  disposeMixture(base.mixture);
  base.model.dispose();
});

const floats = (_key: string, value: unknown): unknown => (value instanceof Float32Array ? { floats: [...value] } : value);
const refloat = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && "floats" in value ? Float32Array.from(value.floats as number[]) : value;
