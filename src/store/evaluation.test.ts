import { describe, expect, test, vi } from "vitest";
import {
  evaluationStarted,
  evaluationStep,
  expectedSeconds,
  initialEvaluation,
  measuredRuns,
  readEvaluationForm,
  runningOf,
  secondsAnEdit,
  timeLeft,
} from "./evaluationSlice.ts";
import type { EvaluationRun, EvaluationState } from "./evaluationSlice.ts";
import type { Lab } from "./lab.ts";
import { builtIn } from "./sourceRef.ts";
import { createFakeEngine } from "./testing/fakeEngine.ts";
import { fakeCheckpoint } from "./testing/fakeEvaluation.ts";
import { heldEngine, openLab } from "./testing/openLab.ts";

const SIX = "a\nb\nc\nd\ne\nf";
const fileOf = (name: string, text: string, size = text.length) => ({ name, size, text: async () => text });
const evaluationOf = (lab: Lab): EvaluationState => lab.store.getState().evaluation;

async function chosen(engine = createFakeEngine(), limit = "4"): Promise<Lab> {
  const lab = await openLab(engine, async () => SIX);
  await lab.actions.showEvaluation(true);
  lab.actions.setEvaluationForm({ limit, every: "2", seed: "7" });
  return lab;
}

describe("the edits to evaluate", () => {
  test("the built-in ones are read when the setup is opened, once", async () => {
    const readText = vi.fn<(address: string) => Promise<string>>(async () => SIX);
    const lab = await openLab(createFakeEngine(), readText);
    expect(readText).not.toHaveBeenCalled();
    await lab.actions.showEvaluation(true);
    await lab.actions.showEvaluation(true);
    expect(readText.mock.calls).toEqual([["https://lab.test/edits/atlas.json"]]);
    expect(evaluationOf(lab).edits).toMatchObject({ status: "ready", builtIn: true, facts: { name: "atlas", records: 6 } });
  });

  test("a file is read with its problems", async () => {
    const lab = await chosen();
    await lab.actions.chooseEditsFile(fileOf("own.csv", "a\nodd\nb"));
    const { edits } = evaluationOf(lab);
    expect(edits).toMatchObject({ status: "ready", builtIn: false, name: "own.csv", facts: { records: 2, problemCount: 1 } });
    expect(edits.facts?.problems).toEqual([{ row: 2, field: "answer", got: '""', expected: "a text that is not empty" }]);
  });

  test.each([
    ["no edits", fileOf("empty.csv", ""), "bad-edits"],
    ["too large", fileOf("large.csv", "a", 2 ** 29), "bad-edits"],
    ["gone", { name: "gone.csv", size: 3, text: () => Promise.reject(new Error("gone")) }, "file-changed"],
  ])("a file that is %s is refused, and nothing can be started with it", async (_what, file, code) => {
    const engine = createFakeEngine();
    const lab = await chosen(engine);
    await lab.actions.chooseEditsFile(file);
    expect(evaluationOf(lab).edits).toMatchObject({ status: "failed", name: file.name, error: { code } });
    await lab.actions.startEvaluation();
    expect(engine.calls).not.toContain("evaluate");
    await lab.actions.chooseBuiltInEdits();
    expect(evaluationOf(lab).edits).toMatchObject({ status: "ready", builtIn: true, error: null });
  });

  test("edits that cannot be fetched say so", async () => {
    const lab = await openLab(createFakeEngine(), () => Promise.reject(new Error("offline")));
    await lab.actions.showEvaluation(true);
    expect(evaluationOf(lab).edits).toMatchObject({ status: "failed", error: { message: "offline" } });
  });

  test("the last choice wins", async () => {
    const lab = await chosen();
    let read = (_text: string): void => {};
    const slow = lab.actions.chooseEditsFile({ name: "slow.csv", size: 1, text: () => new Promise((resolve) => (read = resolve)) });
    await lab.actions.chooseEditsFile(fileOf("quick.csv", "a"));
    read("a\nb\nc");
    await slow;
    expect(evaluationOf(lab).edits).toMatchObject({ status: "ready", name: "quick.csv", facts: { records: 1 } });
  });
});

describe("a run", () => {
  test("goes from edit to checkpoint to its result", async () => {
    const engine = createFakeEngine();
    const lab = await chosen(engine);
    await lab.actions.startEvaluation();
    const [run] = evaluationOf(lab).runs;
    expect(engine.lastParams("evaluate")).toMatchObject({ method: "improved", limit: 4, every: 2, seed: 7, edits: { text: SIX } });
    expect(run).toMatchObject({ id: 1, status: "done", method: "Improved mode", model: "Atlas (fake)", edits: "atlas", done: 4, of: 4 });
    expect(run?.ids).toEqual(["a", "b", "d"]);
    expect(run?.refused).toMatchObject([{ id: "c" }]);
    expect(run?.checkpoints.map(({ afterEdits }) => afterEdits)).toEqual([2, 3]);
    expect(lab.actions.resultOf(1)?.checkpoints).toEqual(run?.checkpoints);
  });

  test("another method is put beside it; each can be put away", async () => {
    const lab = await chosen();
    await lab.actions.startEvaluation();
    lab.actions.setEvaluationForm({ method: "paper" });
    await lab.actions.startEvaluation();
    expect(evaluationOf(lab).runs.map(({ id, method }) => [id, method])).toEqual([
      [1, "Improved mode"],
      [2, "Paper mode"],
    ]);
    lab.actions.removeRun(1);
    expect(evaluationOf(lab).runs.map(({ id }) => id)).toEqual([2]);
    expect(lab.actions.resultOf(1)).toBeNull();
    lab.actions.restoreRun();
    expect(evaluationOf(lab).runs.map(({ id }) => id)).toEqual([1, 2]);
    expect(lab.actions.resultOf(1)?.run.method).toBe("improved");
  });

  test("a run begun after one was taken away does not take its number", async () => {
    const lab = await chosen();
    await lab.actions.startEvaluation();
    lab.actions.removeRun(1);
    await lab.actions.startEvaluation();
    lab.actions.restoreRun();
    expect(evaluationOf(lab).runs.map(({ id }) => id)).toEqual([1, 2]);
  });

  test("pauses, goes on, and a prompt is answered meanwhile", async () => {
    const { engine, release } = heldEngine("evaluate");
    const lab = await chosen(engine);
    const evaluating = lab.actions.startEvaluation();
    await vi.waitFor(() => expect(runningOf(evaluationOf(lab))).not.toBeNull());
    lab.actions.pauseEvaluation(true);
    expect(evaluationOf(lab)).toMatchObject({ pausing: true, held: false });
    release();
    await vi.waitFor(() => expect(evaluationOf(lab).held).toBe(true));
    lab.actions.typePrompt("Somewhere over there is");
    await lab.actions.generate();
    expect(lab.store.getState().answers.edited).toMatchObject({ status: "done", text: " somewhere else." });
    expect(runningOf(evaluationOf(lab))).not.toBeNull();
    lab.actions.pauseEvaluation(false);
    expect(evaluationOf(lab)).toMatchObject({ pausing: false, held: false });
    await evaluating;
    expect(evaluationOf(lab).runs[0]?.status).toBe("done");
  });

  test.each([
    ["stopped by the person", (lab: Lab) => lab.actions.stopEvaluation()],
    ["another model is loaded", (lab: Lab) => void lab.actions.load(builtIn("int4"))],
  ])("when it is %s what was measured stays", async (_how, end) => {
    const lab = await chosen(createFakeEngine(), "6");
    const unsubscribe = lab.store.subscribe(({ evaluation }) => {
      if ((runningOf(evaluation)?.checkpoints.length ?? 0) === 0) return;
      unsubscribe();
      end(lab);
    });
    await lab.actions.startEvaluation();
    const { runs, error } = evaluationOf(lab);
    expect(runs).toMatchObject([{ status: "stopped", checkpoints: [{ afterEdits: 2 }] }]);
    expect(error?.code).toBe("cancelled");
    expect(lab.actions.resultOf(1)).toBeNull();
  });

  test("one that fails before anything was measured leaves only its error", async () => {
    const engine = createFakeEngine();
    const lab = await chosen(engine);
    engine.failNext("evaluate", "training-diverged");
    await lab.actions.startEvaluation();
    expect(evaluationOf(lab)).toMatchObject({ runs: [], error: { code: "training-diverged" } });
  });
});

test("the list of what was measured changes with what was measured alone", () => {
  const select = measuredRuns();
  const asked = { method: "Improved mode", model: "Atlas", edits: "atlas", limit: 10, every: 4, seed: 1 };
  let state = evaluationStarted(initialEvaluation, asked);
  state = evaluationStep(state, { kind: "started", done: 0, of: 10, checkpoints: [] });
  expect(select(state)).toEqual([]);
  state = evaluationStep(state, { kind: "checkpoint", checkpoint: fakeCheckpoint(4), seconds: 2 });
  const before = select(state);
  expect(before).toEqual(state.runs);
  state = evaluationStep(state, { kind: "edit", done: 5, of: 10, id: "5", edit: 5, steps: 12, loss: 0, seconds: 3 });
  expect(select(state)).toBe(before);
  state = evaluationStep(state, { kind: "checkpoint", checkpoint: fakeCheckpoint(5), seconds: 2 });
  expect(select(state)).toEqual(state.runs);
});

test("numbers that cannot be read keep it from starting", async () => {
  const engine = createFakeEngine();
  const lab = await chosen(engine, "0");
  await lab.actions.startEvaluation();
  expect(engine.calls).not.toContain("evaluate");
  expect(readEvaluationForm({ method: null, limit: "0", every: "", seed: "1.5" })).toEqual({
    issues: { limit: { kind: "too-small", limit: 1 }, every: { kind: "not-a-number" }, seed: { kind: "not-an-integer" } },
  });
});

test("the time that is left follows the last edits and the checkpoints", () => {
  const asked = { method: "Improved mode", model: "Atlas", edits: "atlas", limit: 10, every: 4, seed: 1 };
  let state = evaluationStarted(initialEvaluation, asked);
  const now = (): EvaluationRun => state.runs[0] as EvaluationRun;
  state = evaluationStep(state, { kind: "started", done: 0, of: 10, checkpoints: [] });
  expect(timeLeft(now())).toBeNull();
  for (let edit = 1; edit <= 4; edit++)
    state = evaluationStep(state, { kind: "edit", done: edit, of: 10, id: `${edit}`, edit, steps: 12, loss: 0, seconds: 3 });
  expect(secondsAnEdit(now())).toBe(3);
  expect(timeLeft(now())).toEqual({ seconds: 18, atLeast: true });
  state = evaluationStep(state, { kind: "checkpoint", checkpoint: fakeCheckpoint(4), seconds: 2 });
  // Half a second an edit measured: 8 at the next checkpoint, 10 at the end.
  expect(timeLeft(now())).toEqual({ seconds: 18 + 9, atLeast: false });
  expect(expectedSeconds(state.runs, "Improved mode", "Atlas", 100)).toBe(300);
  expect(expectedSeconds(state.runs, "Paper mode", "Atlas", 100)).toBeNull();
});
