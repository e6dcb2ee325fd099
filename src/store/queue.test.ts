import { describe, expect, test, vi } from "vitest";
import type { Lab } from "./lab.ts";
import { activityOf } from "./selectors.ts";
import { builtIn } from "./sourceRef.ts";
import { createFakeEngine } from "./testing/fakeEngine.ts";
import { draft, heldEngine, openLab } from "./testing/openLab.ts";

const edit = (n: number) => ({ prompt: `Prompt ${n} is`, answer: "Rome", rephrasings: [] });
const queueOf = ({ store }: Lab) => store.getState().queue;
const statesOf = (lab: Lab): string[] => queueOf(lab).items.map(({ status }) => status);
const emptied = (lab: Lab): Promise<void> => vi.waitFor(() => expect(queueOf(lab).items).toEqual([]));

describe("the queue", () => {
  test("trains one after another; the last gets a scorecard, the others are asked whether they hold", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    lab.actions.queueDrafts([edit(1), edit(2), { ...edit(3), on: false, strength: 2 }]);
    await emptied(lab);
    await vi.waitFor(() => expect(lab.store.getState().ledger.cards[3]?.status).toBe("done"));
    const { edits, status } = lab.store.getState().edit;
    expect(edits.map(({ prompt, on, strength }) => [prompt, on, strength])).toEqual([
      ["Prompt 1 is", true, 1],
      ["Prompt 2 is", true, 1],
      ["Prompt 3 is", false, 2],
    ]);
    expect(queueOf(lab).done).toBe(3);
    expect(status, "the form is nobody's business").toBe("idle");
    expect(engine.calls.filter((kind) => kind === "audit")).toHaveLength(2);
    expect(engine.calls.filter((kind) => kind === "scorecard")).toHaveLength(1);
  });

  test("the person goes on asking meanwhile", async () => {
    const { engine, release } = heldEngine("edit");
    const lab = await openLab(engine);
    lab.actions.queueDrafts([edit(1)]);
    await vi.waitFor(() => expect(statesOf(lab)).toEqual(["training"]));
    expect(activityOf(lab.store.getState())).toBe("idle");
    const asked = lab.actions.tryPrompt("Somewhere over there is");
    release();
    await asked;
    expect(lab.store.getState().answers.edited.status).toBe("done");
    await emptied(lab);
  });

  test("pausing lets the training under way come to its end", async () => {
    const { engine, release } = heldEngine("edit");
    const lab = await openLab(engine);
    lab.actions.queueDrafts([edit(1), edit(2)]);
    lab.actions.pauseQueue(true);
    release();
    await vi.waitFor(() => expect(lab.store.getState().edit.edits).toHaveLength(1));
    await vi.waitFor(() => expect(lab.store.getState().ledger.cards[1]?.status).toBe("done"));
    expect(statesOf(lab)).toEqual(["waiting"]);
    lab.actions.pauseQueue(false);
    await emptied(lab);
    expect(lab.store.getState().edit.edits).toHaveLength(2);
  });

  test("one by one can be taken out, the one under way too", async () => {
    const { engine, release } = heldEngine("edit");
    const lab = await openLab(engine);
    lab.actions.queueDrafts([edit(1), edit(2), edit(3)]);
    await vi.waitFor(() => expect(queueOf(lab).items[0]?.status).toBe("training"));
    lab.actions.cancelQueued(2);
    lab.actions.cancelQueued(1);
    release();
    await emptied(lab);
    expect(lab.store.getState().edit.edits.map(({ prompt }) => prompt)).toEqual(["Prompt 3 is"]);
  });

  test("what was taken out can be put back", async () => {
    const lab = await openLab(createFakeEngine());
    lab.actions.pauseQueue(true);
    lab.actions.queueDrafts([edit(1), edit(2), edit(3)]);
    lab.actions.cancelQueued(2);
    lab.actions.restoreQueued();
    expect(queueOf(lab).items.map((item) => item.draft.prompt)).toEqual(["Prompt 1 is", "Prompt 3 is", "Prompt 2 is"]);
    lab.actions.emptyQueue();
    expect(queueOf(lab)).toMatchObject({ items: [], removed: [{}, {}, {}] });
    lab.actions.restoreQueued();
    expect(queueOf(lab).items).toHaveLength(3);
    expect(queueOf(lab).removed).toEqual([]);
  });

  test("a failure is kept with its reason, can be tried again or put right", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    engine.failNext("edit", "training-diverged");
    lab.actions.queueDrafts([edit(1), { ...edit(2), answer: "" }, edit(3)]);
    await vi.waitFor(() => expect(lab.store.getState().edit.edits).toHaveLength(1));
    await vi.waitFor(() => expect(statesOf(lab)).toEqual(["failed", "failed"]));
    expect(queueOf(lab).items.map(({ error }) => error?.code)).toEqual(["training-diverged", "empty-answer"]);
    lab.actions.retryQueued(1);
    await vi.waitFor(() => expect(lab.store.getState().edit.edits).toHaveLength(2));
    lab.actions.reviseQueued(2);
    expect(queueOf(lab).items).toEqual([]);
    expect(lab.store.getState().edit.form).toMatchObject({ prompt: "Prompt 2 is", answer: "" });
  });

  test("the form goes into it, unless something is missing", async () => {
    const lab = await openLab(createFakeEngine());
    lab.actions.setForm({ ...draft, answer: "" });
    lab.actions.queueForm();
    expect(lab.store.getState().edit).toMatchObject({ error: { code: "empty-answer" }, form: { prompt: draft.prompt } });
    lab.actions.setForm(draft);
    lab.actions.queueForm();
    expect(lab.store.getState().edit.form.prompt).toBe("");
    await vi.waitFor(() => expect(lab.store.getState().edit.edits).toHaveLength(1));
  });

  test("another model keeps what waits, and what was written is offered", async () => {
    const { engine, release } = heldEngine("edit");
    const lab = await openLab(engine);
    lab.actions.queueDrafts([edit(1), edit(2)]);
    await vi.waitFor(() => expect(queueOf(lab).items[0]?.status).toBe("training"));
    const loading = lab.actions.load(builtIn("int4"));
    release();
    await loading;
    expect(queueOf(lab)).toMatchObject({ paused: true });
    expect(queueOf(lab).items.map(({ draft: own, status }) => [own.prompt, status])).toEqual([
      ["Prompt 1 is", "waiting"],
      ["Prompt 2 is", "waiting"],
    ]);
    lab.actions.pauseQueue(false);
    await emptied(lab);
    await lab.actions.load(builtIn("int8"));
    expect(lab.store.getState().ledger.left.map(({ prompt }) => prompt)).toEqual(["Prompt 1 is", "Prompt 2 is"]);
    lab.actions.queueLeft();
    await emptied(lab);
    expect(lab.store.getState().edit.edits).toHaveLength(2);
  });
});

describe("a file of edits", () => {
  const file = (name: string, text: string) => ({ name, size: text.length, text: async () => text });

  test("is looked at before anything is queued", async () => {
    const lab = await openLab(createFakeEngine());
    await lab.actions.readImport(file("some.csv", "One is\nodd\nTwo is"));
    const { imports, queue } = lab.store.getState();
    expect(imports).toMatchObject({ status: "ready", name: "some.csv", facts: { records: 2, problemCount: 1 } });
    expect(imports.facts?.drafts.map(({ row, draft: own }) => [row, own.prompt])).toEqual([
      [1, "One is"],
      [3, "Two is"],
    ]);
    expect(queue.items).toEqual([]);
    lab.actions.closeImport();
    expect(lab.store.getState().imports.status).toBe("none");
  });

  test("that cannot be read says why", async () => {
    const lab = await openLab(createFakeEngine());
    await lab.actions.readImport(file("none.csv", ""));
    expect(lab.store.getState().imports).toMatchObject({ status: "failed", error: { code: "bad-edits" } });
  });
});
