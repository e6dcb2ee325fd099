import { describe, expect, test } from "vitest";
import { createFakeEngine } from "./testing/fakeEngine.ts";
import { fakeOrigin } from "./testing/fakeProjects.ts";
import { createLab } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { safetyOf } from "./projectsSlice.ts";
import { builtIn } from "./sourceRef.ts";

const page = (origin = fakeOrigin()): Lab => createLab(createFakeEngine(undefined, origin), (path) => path);
const safety = ({ store }: Lab) => safetyOf(store.getState().projects, store.getState().edit.edits.length);
const edit = async ({ actions }: Lab, answer = "Lyon"): Promise<void> => {
  actions.setForm({ prompt: "The capital of France is", answer });
  await actions.train();
};

describe("a GPU that is lost", () => {
  const lost = { code: "device-lost", message: "The GPU device was lost.", hint: "This is a test." } as const;

  test("is asked for again by itself, and the edits are there", async () => {
    const engine = createFakeEngine();
    const lab = createLab(engine, (path) => path);
    await lab.actions.boot();
    await edit(lab);
    engine.notify({ kind: "device-lost", error: lost });
    expect(lab.store.getState().device.status).toBe("recovering");
    await expect.poll(() => lab.store.getState().device).toMatchObject({ status: "ready", recovered: 1, error: null });
    expect(lab.store.getState().edit.edits).toHaveLength(1);
  });

  test("again soon after, or that does not come back, is left to the person", async () => {
    const engine = createFakeEngine();
    const lab = createLab(engine, (path) => path);
    await lab.actions.boot();
    await edit(lab);
    engine.failNext("recover", "no-adapter");
    engine.notify({ kind: "device-lost", error: lost });
    await expect.poll(() => lab.store.getState().device).toMatchObject({ status: "lost", error: { code: "no-adapter" } });
    await lab.actions.recover();
    expect(lab.store.getState().device).toMatchObject({ status: "ready", recovered: 1 });
    engine.notify({ kind: "device-lost", error: lost });
    expect(lab.store.getState().device).toMatchObject({ status: "lost", error: lost });
    expect(lab.store.getState().edit.edits).toHaveLength(1);
  });
});

describe("an engine that stops", () => {
  const stopped = { code: "worker-failed", message: "The engine stopped.", hint: "This is a test." } as const;

  test("is started again, with the model that was there and what was kept", async () => {
    const engine = createFakeEngine();
    const lab = createLab(engine, (path) => path);
    await lab.actions.boot();
    await lab.actions.load(builtIn("int4"));
    await edit(lab);
    engine.stop();
    engine.notify({ kind: "engine-stopped", error: stopped });
    expect(lab.store.getState().device).toMatchObject({ status: "recovering", stopped: true });
    await expect.poll(() => lab.store.getState().device.recovered).toBe(1);
    await expect.poll(() => lab.store.getState().projects).toMatchObject({ waiting: null, work: "none" });
    const { device, model, projects, ledger, edit: edits } = lab.store.getState();
    expect(edits.edits).toMatchObject([{ answer: "Lyon" }]);
    expect(device).toMatchObject({ status: "ready", recovered: 1, error: null });
    expect(model).toMatchObject({ status: "ready", loaded: builtIn("int4") });
    expect(projects).toMatchObject({ waiting: null, error: null });
    expect(ledger.left).toEqual([]);
    expect(safety(lab)).toBe("saved");
  });

  test("leaves edits that were kept nowhere as drafts", async () => {
    const origin = fakeOrigin();
    await page(origin).actions.boot();
    const engine = createFakeEngine(undefined, origin);
    const lab = createLab(engine, (path) => path);
    await lab.actions.boot();
    await edit(lab, "Nice");
    expect(safety(lab)).toBe("unsaved");
    engine.stop();
    engine.notify({ kind: "engine-stopped", error: stopped });
    await expect.poll(() => lab.store.getState().ledger.left).toMatchObject([{ answer: "Nice" }]);
    expect(lab.store.getState().edit.edits).toEqual([]);
  });

  test("that cannot be started again says why, and can be tried again", async () => {
    const engine = createFakeEngine();
    const lab = createLab(engine, (path) => path);
    await lab.actions.boot();
    await edit(lab);
    engine.failNext("start", "no-adapter");
    engine.stop();
    engine.notify({ kind: "engine-stopped", error: stopped });
    await expect.poll(() => lab.store.getState().device).toMatchObject({ status: "lost", error: { code: "no-adapter" }, stopped: true });
    await lab.actions.recover();
    expect(lab.store.getState().edit.edits).toMatchObject([{ answer: "Lyon" }]);
    expect(lab.store.getState().device.status).toBe("ready");
    expect(engine.calls.filter((kind) => kind === "start")).toHaveLength(3);
  });
});
