import { describe, expect, test, vi } from "vitest";
import { activityOf } from "./selectors.ts";
import { inOrder } from "./ledgerSlice.ts";
import { createFakeEngine } from "./testing/fakeEngine.ts";
import { draft, heldEngine, openLab, trainOne } from "./testing/openLab.ts";
import type { Lab } from "./lab.ts";

const berlin = { prompt: "The capital of Germany is", answer: "Bonn", rephrasings: "" };

async function openWithTwo(engine = createFakeEngine()): Promise<Lab> {
  const lab = await openLab(engine);
  await trainOne(lab);
  lab.actions.setForm(berlin);
  await lab.actions.train();
  await vi.waitFor(() => expect(lab.store.getState().ledger.cards[2]?.status).toBe("done"));
  return lab;
}
const answersOf = ({ store }: Lab): string[] => store.getState().edit.edits.map(({ answer }) => answer);

describe("what an edit did", () => {
  test("is measured after it, with prompts that should keep their answers", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    await lab.actions.loadExamples(async () => ({ prompts: ["Water boils at", draft.prompt], edits: [] }));
    await lab.actions.tryPrompt("Somewhere over there is");
    await trainOne(lab);
    await vi.waitFor(() => expect(lab.store.getState().ledger.cards[1]?.status).toBe("done"));
    expect(engine.lastParams("scorecard")).toEqual({ id: 1, probes: ["Water boils at", "Somewhere over there is"] });
    const { card, after } = lab.store.getState().ledger.cards[1] ?? {};
    expect(after).toBe(1);
    expect(card?.rephrasings.map(({ prompt }) => prompt)).toEqual([draft.rephrasings]);
    expect(card?.probes.map(({ before, after: now }) => before === now)).toEqual([true, true]);
  });

  test("the subject goes with the draft, and an empty one does not", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    lab.actions.setForm({ ...draft, subject: " France " });
    await lab.actions.train();
    expect(engine.lastParams("edit")?.draft).toMatchObject({ subject: "France" });
    lab.actions.setForm({ ...berlin, subject: " " });
    await lab.actions.train();
    expect(engine.lastParams("edit")?.draft).not.toHaveProperty("subject");
  });

  test("what is typed while an edit trains stays", async () => {
    const { engine, release } = heldEngine("edit");
    const lab = await openLab(engine);
    lab.actions.setForm(draft);
    const training = lab.actions.train();
    lab.actions.setForm(berlin);
    release();
    await training;
    expect(lab.store.getState().edit).toMatchObject({ status: "trained", form: berlin });
  });

  test("a draft is looked at before it is written", async () => {
    const lab = await openWithTwo();
    lab.actions.setForm({ prompt: draft.prompt, answer: "Nice" });
    await vi.waitFor(() => expect(lab.store.getState().ledger.foresight).not.toBeNull());
    expect(lab.store.getState().ledger.foresight).toMatchObject({ scope: { edit: 1 }, shared: [{ edit: 1, experts: 3, of: 4 }] });
    lab.actions.setForm({ answer: "" });
    expect(lab.store.getState().ledger.foresight).toBeNull();
  });
});

describe("changing edits", () => {
  test("off, weaker, and back", async () => {
    const lab = await openWithTwo();
    await lab.actions.switchEdit(1, false);
    expect(lab.store.getState().edit.edits.map(({ on }) => on)).toEqual([false, true]);
    await lab.actions.setStrength(2, 0.5);
    expect(lab.store.getState().edit.edits[1]?.strength).toBe(0.5);
    await lab.actions.undo();
    await lab.actions.undo();
    expect(lab.store.getState().edit.edits.map(({ on, strength }) => [on, strength])).toEqual([
      [true, 1],
      [true, 1],
    ]);
    await lab.actions.redo();
    expect(lab.store.getState().edit).toMatchObject({ canRedo: true, edits: [{ on: false }, { on: true }] });
    expect(lab.store.getState().ledger).toMatchObject({ said: { kind: "redone" }, cards: {} });
  });

  test("forgetting one, and all, can be undone", async () => {
    const lab = await openWithTwo();
    await lab.actions.forgetEdit(1);
    expect(answersOf(lab)).toEqual(["Bonn"]);
    expect(lab.store.getState().ledger.said).toEqual({ kind: "forgotten", id: 1 });
    await lab.actions.undo();
    expect(answersOf(lab)).toEqual(["Rome", "Bonn"]);
    await lab.actions.clearEdits();
    expect(answersOf(lab)).toEqual([]);
    expect(lab.store.getState().ledger.said).toEqual({ kind: "cleared", count: 2 });
    await lab.actions.undo();
    expect(answersOf(lab)).toEqual(["Rome", "Bonn"]);
  });

  test("another order is planned, and written from the seed", async () => {
    const lab = await openWithTwo();
    lab.actions.moveEdit(2, -1);
    expect(lab.store.getState().ledger.order).toEqual([2, 1]);
    lab.actions.moveEdit(2, 1);
    expect(lab.store.getState().ledger.order, "the order that they have").toBeNull();
    lab.actions.moveEdit(1, 5);
    const { edit, ledger } = lab.store.getState();
    expect(inOrder(edit.edits, ledger.order).map(({ id }) => id)).toEqual([2, 1]);
    await lab.actions.rewriteEdits();
    expect(answersOf(lab)).toEqual(["Bonn", "Rome"]);
    expect(lab.store.getState().ledger).toMatchObject({ order: null, work: "none", said: { kind: "rewritten", count: 2 } });
  });

  test("a rewriting that is broken off leaves the edits; a failure is said", async () => {
    const { engine, release } = heldEngine("edit");
    const lab = await openLab(engine);
    lab.actions.setForm(draft);
    const first = lab.actions.train();
    await vi.waitFor(() => expect(engine.calls).toContain("edit"));
    release();
    await first;
    engine.failNext("rewrite", "training-diverged");
    await lab.actions.rewriteEdits();
    expect(lab.store.getState().edit).toMatchObject({ edits: [{ answer: "Rome" }], listError: { code: "training-diverged" } });
    engine.failNext("rewrite", "cancelled");
    await lab.actions.rewriteEdits();
    expect(lab.store.getState().edit).toMatchObject({ edits: [{ answer: "Rome" }], listError: null });
    expect(activityOf(lab.store.getState())).toBe("idle");
  });

  test("the strength curve is asked for, and outlives a change of its own edit only", async () => {
    const lab = await openWithTwo();
    await lab.actions.askCurve(1);
    await lab.actions.askCurve(2);
    expect(lab.store.getState().ledger.curves[1]).toHaveLength(9);
    await lab.actions.setStrength(2, 1.5);
    expect(Object.keys(lab.store.getState().ledger.curves)).toEqual(["2"]);
  });
});

describe("another method", () => {
  test("drops the edits, which are offered to be written again", async () => {
    const engine = createFakeEngine();
    const lab = await openWithTwo(engine);
    await lab.actions.switchEdit(2, false);
    expect(await lab.actions.chooseMethod("improved")).toBe(true);
    expect(lab.store.getState().model.facts?.method).toBe("improved");
    expect(answersOf(lab)).toEqual([]);
    expect(lab.store.getState().ledger.left.map(({ answer, on }) => [answer, on])).toEqual([
      ["Rome", true],
      ["Bonn", false],
    ]);
    await lab.actions.rewriteLeft();
    expect(answersOf(lab)).toEqual(["Rome", "Bonn"]);
    expect(lab.store.getState().ledger.left).toEqual([]);
    expect(engine.lastParams("rewrite")?.edits[1]).toMatchObject({ on: false });
  });

  test("so do settings; twice in a row nothing is lost", async () => {
    const lab = await openWithTwo();
    const settings = lab.store.getState().model.facts?.settings;
    if (!settings) throw new Error("no settings");
    await lab.actions.applySettings({ ...settings, rank: 4 });
    await trainOne(lab);
    await lab.actions.chooseMethod("improved");
    expect(lab.store.getState().ledger.left.map(({ answer }) => answer)).toEqual(["Rome", "Bonn", "Rome"]);
    lab.actions.dropLeft();
    expect(lab.store.getState().ledger.left).toEqual([]);
    await lab.actions.undo();
    expect(lab.store.getState().ledger.left.map(({ answer }) => answer)).toEqual(["Rome", "Bonn", "Rome"]);
  });

  test("the threshold alone keeps the edits", async () => {
    const lab = await openWithTwo();
    await lab.actions.setThreshold(2);
    expect(lab.store.getState().model.facts?.threshold).toBe(2);
    expect(answersOf(lab)).toEqual(["Rome", "Bonn"]);
    expect(lab.store.getState().routing.scope?.threshold).toBe(2);
  });
});
