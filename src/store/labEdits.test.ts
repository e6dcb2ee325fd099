import { describe, expect, test, vi } from "vitest";
import { activityOf } from "./selectors.ts";
import { createFakeEngine } from "./testing/fakeEngine.ts";
import { draft, heldEngine, openLab, trainOne } from "./testing/openLab.ts";

describe("generating", () => {
  test("streams tokens into the edited column and rows into the frame", async () => {
    const lab = await openLab(createFakeEngine());
    lab.actions.typePrompt("Somewhere over there is");
    await lab.actions.generate();
    const { edited, base } = lab.store.getState().answers;
    expect(edited).toMatchObject({ status: "done", text: " somewhere else.", stopped: "sentence" });
    expect(edited.tokens.map(({ piece }) => piece.text)).toEqual([" somewhere", " else."]);
    expect(base.status).toBe("idle");
    const frame = lab.frames.read();
    expect(frame?.pieces).toHaveLength(6);
    expect(frame?.decidingToken).toBe(3);
    expect(frame?.probabilities.length).toBeGreaterThanOrEqual(6 * 16);
  });

  test("compare answers twice", async () => {
    const lab = await openLab(createFakeEngine());
    await trainOne(lab);
    await lab.actions.compare();
    const { base, edited } = lab.store.getState().answers;
    expect([base.text, edited.text]).toEqual([" Paris.", " Rome."]);
  });

  test("stop ends both columns and leaves the page ready", async () => {
    const { engine, release } = heldEngine("generate");
    const lab = await openLab(engine);
    const comparing = lab.actions.compare();
    expect(activityOf(lab.store.getState())).toBe("generating");
    lab.actions.stop();
    release();
    await comparing;
    const { base, edited } = lab.store.getState().answers;
    expect([base.status, edited.status]).toEqual(["cancelled", "cancelled"]);
    expect(activityOf(lab.store.getState())).toBe("idle");
  });

  test("typing meanwhile is routed afterwards", async () => {
    const { engine, release } = heldEngine("generate");
    const lab = await openLab(engine);
    const generating = lab.actions.generate();
    lab.actions.typePrompt("Another text");
    release();
    await generating;
    expect(lab.store.getState().routing).toMatchObject({ status: "current", text: "Another text" });
  });
});

describe("editing", () => {
  test("a trained edit is listed, compared, and clears the form", async () => {
    const lab = await openLab(createFakeEngine());
    await trainOne(lab);
    const { edit, answers, prompt, routing } = lab.store.getState();
    expect(edit).toMatchObject({ status: "trained", lastEdit: 1, form: { prompt: "", answer: "" } });
    expect(edit.edits[0]).toMatchObject({
      prompt: draft.prompt,
      answer: "Rome",
      baseAnswer: "Paris",
      rephrasings: ["France's capital is"],
    });
    expect(edit.latest?.step).toBe(50);
    expect(prompt.text).toBe(draft.prompt);
    expect([answers.base.text, answers.edited.text]).toEqual([" Paris.", " Rome."]);
    expect(routing.scope).toMatchObject({ inScope: true, nearestEdit: 1, distance: 0 });
  });

  test.each([
    [{ ...draft, prompt: " " }, "empty-prompt"],
    [{ ...draft, answer: "" }, "empty-answer"],
    [{ ...draft, answer: "Paris" }, "answer-unchanged"],
  ])("what cannot be trained keeps the form and the edits: %o", async (form, code) => {
    const lab = await openLab(createFakeEngine());
    await trainOne(lab);
    lab.actions.setForm(form);
    await lab.actions.train();
    const { edit } = lab.store.getState();
    expect(edit).toMatchObject({ status: "failed", error: { code }, form });
    expect(edit.edits).toHaveLength(1);
    expect(activityOf(lab.store.getState())).toBe("idle");
  });

  test("cancelling keeps the form and the edits", async () => {
    const { engine, release } = heldEngine("edit");
    const lab = await openLab(engine);
    lab.actions.setForm(draft);
    const training = lab.actions.train();
    await vi.waitFor(() => expect(activityOf(lab.store.getState())).toBe("training"));
    lab.actions.cancelTraining();
    release();
    await training;
    expect(lab.store.getState().edit).toMatchObject({ status: "cancelled", form: draft, edits: [] });
  });

  test("ε alone keeps the edits; other settings drop them", async () => {
    const lab = await openLab(createFakeEngine());
    await trainOne(lab);
    const settings = lab.store.getState().model.facts?.settings;
    if (!settings) throw new Error("no settings");
    await lab.actions.applySettings({ ...settings, hammingThreshold: 0 });
    expect(lab.store.getState().edit.edits).toHaveLength(1);
    expect(lab.store.getState().routing.scope).toMatchObject({ inScope: false, threshold: 0 });
    await lab.actions.applySettings({ ...settings, rank: 4 });
    expect(lab.store.getState().edit.edits).toHaveLength(0);
  });

  test("settings the engine refuses are reported and change nothing", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    const facts = lab.store.getState().model.facts;
    if (!facts) throw new Error("no model");
    engine.failNext("configure", "bad-settings");
    expect(await lab.actions.applySettings({ ...facts.settings, rank: 4 })).toBe(false);
    expect(lab.store.getState().model).toMatchObject({ facts, configuring: false, settingsError: { code: "bad-settings" } });
  });

  test("clearing drops the edits", async () => {
    const lab = await openLab(createFakeEngine());
    await trainOne(lab);
    await lab.actions.clearEdits();
    expect(lab.store.getState().edit).toMatchObject({ edits: [], lastEdit: null });
    expect(lab.store.getState().routing.scope?.nearestEdit).toBeNull();
  });
});

test("a lost device stops the page but keeps the list of edits", async () => {
  const engine = createFakeEngine();
  const lab = await openLab(engine);
  await trainOne(lab);
  engine.notify({ kind: "device-lost", error: { code: "device-lost", message: "Gone.", hint: "Reload." } });
  const state = lab.store.getState();
  expect(activityOf(state)).toBe("stopped");
  expect(state.edit.edits).toHaveLength(1);
});

test("the state is plain data", async () => {
  const lab = await openLab(createFakeEngine());
  await trainOne(lab);
  const state = lab.store.getState();
  expect(structuredClone(state)).toEqual(JSON.parse(JSON.stringify(state)));
});
