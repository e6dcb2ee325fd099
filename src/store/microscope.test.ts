import { expect, test, vi } from "vitest";
import { compareOf } from "./compare.ts";
import { microscopeOf } from "./microscope.ts";
import { withOverride } from "./microscopeSlice.ts";
import { createFakeEngine } from "./testing/fakeEngine.ts";
import { heldEngine, openLab, trainOne } from "./testing/openLab.ts";

test("one state for each expert of a layer", () => {
  const forced = withOverride([], 4, 1, "force");
  expect(withOverride(forced, 4, 1, "mute")).toEqual([{ layer: 4, expert: 1, kind: "mute" }]);
  expect(withOverride(withOverride(forced, 5, 1, "mute"), 4, 1, null)).toEqual([{ layer: 5, expert: 1, kind: "mute" }]);
});

test("a microscope stays with its lab", async () => {
  const [lab, other] = [await openLab(createFakeEngine()), await openLab(createFakeEngine())];
  microscopeOf(lab).actions.show("dial");
  expect(microscopeOf(lab).store.getState().view).toBe("dial");
  expect(microscopeOf(other).store.getState().view).toBe("heatmap");
});

test("an override generates both texts, with the edits on; the next one only its own", async () => {
  const engine = createFakeEngine();
  const lab = await openLab(engine);
  const { store, actions } = microscopeOf(lab);
  const generated = (): number => engine.calls.filter((kind) => kind === "generate").length;
  await actions.setOverride(4, 1, "force");
  expect(store.getState().trial).toMatchObject({ with: { status: "done", text: " Paris." }, without: { status: "done", text: " Paris." } });
  expect(engine.lastParams("generate")).toMatchObject({ edits: "on", overrides: [{ layer: 4, expert: 1, kind: "force" }] });
  expect(lab.frames.read()?.pieces).toHaveLength(6);
  expect(generated()).toBe(2);
  await actions.setOverride(5, 0, "mute");
  expect(generated()).toBe(3);
  expect(engine.lastParams("generate")?.overrides).toHaveLength(2);
  lab.actions.typePrompt("The capital of Germany is");
  await actions.tryOverrides();
  expect(generated()).toBe(5);
  actions.clearOverrides();
  expect(store.getState()).toMatchObject({ overrides: [], trial: { with: { status: "none" } } });
});

test("a failure is told, and the next try begins anew", async () => {
  const engine = createFakeEngine();
  const { store, actions } = microscopeOf(await openLab(engine));
  engine.failNext("generate", "gpu-error");
  await actions.setOverride(4, 1, "force");
  expect(store.getState().trial).toMatchObject({ error: { code: "gpu-error" }, with: { status: "none" } });
  await actions.tryOverrides();
  expect(store.getState().trial).toMatchObject({ error: null, with: { status: "done" } });
});

test("the second prompt has routing of its own", async () => {
  const lab = await openLab(createFakeEngine());
  const { store, actions, otherFrames } = microscopeOf(lab);
  actions.typeOther("The capital");
  actions.typeOther("The capital of Germany is");
  await vi.waitFor(() => expect(store.getState().other.status).toBe("done"));
  expect(otherFrames.read()?.pieces).toHaveLength(5);
  expect(lab.store.getState().routing.text).toBe("The capital of France is");
  actions.typeOther("");
  expect(otherFrames.read()).toBeNull();
});

test("while a map is on its way, the last wish alone waits for it", async () => {
  const { engine, release } = heldEngine("queryMap");
  const lab = await openLab(engine);
  const { store, actions } = microscopeOf(lab);
  const first = actions.mapQueries();
  lab.actions.typePrompt("a");
  await actions.mapQueries();
  lab.actions.typePrompt("b");
  await actions.mapQueries();
  release();
  await first;
  expect(engine.calls.filter((kind) => kind === "queryMap")).toHaveLength(2);
  expect(store.getState().map).toMatchObject({ status: "done", points: [{ key: "prompt", edit: null, text: "b" }] });
});

test("while the map is looked at, it follows the prompt; its edits' points stay where they were", async () => {
  const engine = createFakeEngine();
  const lab = await openLab(engine);
  await trainOne(lab);
  const { store, actions } = microscopeOf(lab);
  actions.show("map");
  await actions.mapQueries();
  const [first] = store.getState().map.points;
  lab.actions.openOverlay("microscope");
  lab.actions.typePrompt("The capital of Spain is");
  await vi.waitFor(() => expect(store.getState().map.points.at(-1)?.text).toBe("The capital of Spain is"));
  expect(store.getState().map.points[0]).toEqual(first);
  lab.actions.openOverlay("none");
  const asked = engine.calls.filter((kind) => kind === "queryMap").length;
  lab.actions.typePrompt("The capital of Peru is");
  await vi.waitFor(() => expect(lab.store.getState().routing.text).toBe("The capital of Peru is"));
  expect(engine.calls.filter((kind) => kind === "queryMap")).toHaveLength(asked);
});

test("prompts are measured once, until the edits change", async () => {
  const engine = createFakeEngine();
  const { store, actions } = microscopeOf(await openLab(engine));
  await actions.measureScopes(["a", "b"]);
  await actions.measureScopes(["a", "b", "c"]);
  expect(engine.lastParams("scopes")?.prompts).toEqual(["c"]);
  expect([...store.getState().scopes.of.keys()]).toEqual(["a", "b", "c"]);
  actions.forgetMeasures();
  await actions.measureScopes(["a"]);
  expect([...store.getState().scopes.of.keys()]).toEqual(["a"]);
  actions.forgetMeasures();
  engine.failNext("scopes", "gpu-error");
  await actions.measureScopes(["a"]);
  expect(store.getState().scopes).toMatchObject({ status: "failed", error: { code: "gpu-error" } });
});

test("other edits make other measures; another mixture starts anew", async () => {
  const lab = await openLab(createFakeEngine());
  const { store, actions } = microscopeOf(lab);
  await actions.measureScopes(["a"]);
  expect(store.getState().scopes.of.get("a")?.threshold).toBe(6);
  await actions.setOverride(4, 1, "force");
  await trainOne(lab);
  expect(store.getState().scopes.of.size).toBe(0);
  expect(store.getState().overrides).toHaveLength(1);
  const { facts } = lab.store.getState().model;
  if (!facts) throw new Error("no model");
  await lab.actions.applySettings({ ...facts.settings, hammingThreshold: 3 });
  expect(store.getState().overrides).toHaveLength(1);
  await lab.actions.applySettings({ ...facts.settings, experts: 8 });
  expect(store.getState().overrides).toHaveLength(0);
});

test("columns are asked one after the other, about the old and the new answer of the prompt's edit", async () => {
  const engine = createFakeEngine();
  const lab = await openLab(engine);
  await trainOne(lab);
  const { store, actions } = compareOf(lab);
  actions.fill("France's capital is");
  actions.choose("grace", true);
  await actions.run();
  const { columns, asked, running } = store.getState();
  expect(running).toBe(false);
  expect(asked).toEqual({ prompt: "France's capital is", old: "Paris", next: "Rome" });
  expect(columns.map(({ method, status, answer }) => [method, status, answer?.text])).toEqual([
    ["base", "done", " somewhere else."],
    ["paper", "done", " Rome."],
    ["grace", "done", " Rome."],
  ]);
  expect(engine.lastParams("column")?.question).toMatchObject({ answers: ["Paris", "Rome"] });
});

test("a failed column stands beside the others; what is stopped stays with what is done", async () => {
  const engine = createFakeEngine();
  const { store, actions } = compareOf(await openLab(engine));
  actions.fill("The capital of France is");
  engine.failNext("column", "training-diverged");
  await actions.run();
  expect(store.getState().columns.map(({ status }) => status)).toEqual(["failed", "done"]);

  const held = heldEngine("column");
  const second = compareOf(await openLab(held.engine));
  second.actions.fill("The capital of France is");
  const running = second.actions.run();
  await vi.waitFor(() => expect(second.store.getState().columns[0]?.status).toBe("answering"));
  second.actions.stop();
  held.release();
  await running;
  expect(second.store.getState()).toMatchObject({ running: false, columns: [{ status: "stopped" }, { status: "stopped" }] });
});
