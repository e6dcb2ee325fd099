import { describe, expect, test, vi } from "vitest";
import { EngineError } from "../lib/errors.ts";
import { defaultPrecision, distinctPrecisions, requestOf } from "./choiceSlice.ts";
import { createLab } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { activityOf } from "./selectors.ts";
import { builtIn, readAddress, readRepository, takesToken } from "./sourceRef.ts";
import { unfinishedOf } from "./storageSlice.ts";
import { createFakeEngine } from "./testing/fakeEngine.ts";
import { fakeCheckedModel } from "./testing/fakeSources.ts";
import { heldEngine, openLab, trainOne } from "./testing/openLab.ts";

const choiceOf = (lab: Lab) => lab.store.getState().choice;
const smol = { kind: "hub", id: "owner/smol" } as const;
const commit = "0123456789abcdef0123456789abcdef01234567";

describe("a source is read from what people type or paste", () => {
  test.each([
    ["gpt2", { kind: "hub", id: "gpt2" }],
    [" openai-community/gpt2/ ", { kind: "hub", id: "openai-community/gpt2" }],
    ["https://huggingface.co/Qwen/Qwen2-0.5B", { kind: "hub", id: "Qwen/Qwen2-0.5B" }],
    ["huggingface.co/a/b/tree/v1.0", { kind: "hub", id: "a/b", revision: "v1.0" }],
    ["https://hf.co/a/b/blob/main/x/m.Q4_1.gguf?download=true", { kind: "hub", id: "a/b", revision: "main", file: "x/m.Q4_1.gguf" }],
    ["https://huggingface.co/a/b/blob/main/config.json", { kind: "hub", id: "a/b", revision: "main" }],
  ])("%s", (text, source) => expect(readRepository(text)).toEqual({ source }));

  test.each([
    "",
    "a/b/c",
    "a b",
    "../b",
    "a/..",
    "https://example.com/a/b",
    "https://huggingface.co/datasets/a/b",
    "https://huggingface.co/",
  ])("%j is no repository", (text) => expect(readRepository(text)).toEqual({ issue: "repository" }));

  test("a revision and a mirror are taken over, and a mirror that is no address is refused", () => {
    expect(readRepository("a/b", " v2 ", "http://127.0.0.1:9/hub/")).toEqual({
      source: { kind: "hub", id: "a/b", revision: "v2", endpoint: "http://127.0.0.1:9/hub" },
    });
    expect(readRepository("a/b", "", "my mirror")).toEqual({ issue: "endpoint" });
    expect(readRepository("a/b", "", "file:///x")).toEqual({ issue: "endpoint" });
  });

  test("an address is http, and one on the Hub counts as its repository", () => {
    expect(readAddress("https://example.com/m.gguf")).toEqual({ source: { kind: "url", url: "https://example.com/m.gguf" } });
    expect(readAddress("https://huggingface.co/a/b/resolve/main/m.gguf")).toMatchObject({
      source: { kind: "hub", id: "a/b", file: "m.gguf" },
    });
    for (const odd of ["", "m.gguf", "file:///m.gguf", "javascript:alert(1)"]) expect(readAddress(odd)).toEqual({ issue: "address" });
  });

  test("plain http is for this machine: the page's policy refuses the rest", () => {
    for (const near of ["localhost:80", "127.0.0.1"]) expect(readAddress(`http://${near}/m`)).toMatchObject({ source: { kind: "url" } });
    for (const far of ["http://192.168.1.5/m.gguf", "http://localhost.example/m.gguf", "http://[::1]/m.gguf"])
      expect(readAddress(far), far).toEqual({ issue: "address" });
    expect(readRepository("a/b", "", "http://mirror.example")).toEqual({ issue: "endpoint" });
  });
});

describe("the precision offered first", () => {
  test("floats are packed to 8 bits, to 4 where there are over 1e9, and what is packed stays as it is", () => {
    expect(defaultPrecision(fakeCheckedModel(false, "BF16"))).toBe(8);
    expect(defaultPrecision(fakeCheckedModel(true, "F16"))).toBe(4);
    expect(defaultPrecision(fakeCheckedModel(false, "Q4_K"))).toBe("stored");
  });

  test("is one that fits, where there is one", () => {
    const model = fakeCheckedModel(false, "F32");
    const problem = { code: "device-limit", message: "Too large.", hint: "" } as const;
    const tight = { ...model, precisions: model.precisions.map((each) => (each.precision === 4 ? each : { ...each, problem })) };
    expect(defaultPrecision(tight)).toBe(4);
    const none = { ...model, precisions: model.precisions.map((each) => ({ ...each, problem })) };
    expect(defaultPrecision(none)).toBe(8);
    expect(defaultPrecision({ ...model, precisions: [] })).toBeNull();
  });
});

test("ways of keeping the weights that come to the same are offered once", () => {
  const model = fakeCheckedModel(false, "Q4_1");
  const [four, eight, stored] = model.precisions;
  if (!four || !eight || !stored) throw new Error("three precisions were expected");
  const same = { ...model, precisions: [{ ...stored, precision: 4 }, { ...stored, precision: 8 }, stored] as const };
  expect(distinctPrecisions(same)).toEqual([stored]);
  expect(distinctPrecisions(model)).toEqual([four, eight, stored]);
});

describe("choosing a model", () => {
  test("a check comes first; what is loaded is the commit that was checked", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    lab.actions.openChoice();
    await lab.actions.check(smol);
    expect(choiceOf(lab)).toMatchObject({ status: "checked", precision: 8, facts: { commit, model: { architecture: "llama" } } });
    lab.actions.setChoice({ precision: 4 });
    await lab.actions.loadChecked();
    expect(engine.lastParams("load")).toMatchObject({ source: { ...smol, revision: commit }, precision: 4, keep: true });
    const { model, storage, choice } = lab.store.getState();
    expect(model).toMatchObject({ status: "ready", loaded: { from: "owner/smol", commit, precision: 4 } });
    expect(storage.facts?.models).toMatchObject([{ key: "owner/smol" }]);
    expect(choice.open).toBe(false);
  });

  test("one of several files is named before anything can be loaded", async () => {
    const lab = await openLab(createFakeEngine());
    await lab.actions.check({ kind: "hub", id: "owner/many" });
    expect(choiceOf(lab)).toMatchObject({ status: "checked", precision: null, facts: { model: null } });
    expect(requestOf(choiceOf(lab))).toBeNull();
    await lab.actions.check({ kind: "hub", id: "owner/many", file: "a.Q4_1.gguf" });
    expect(requestOf(choiceOf(lab))).toMatchObject({ from: "owner/many/a.Q4_1.gguf", precision: "stored" });
    expect(choiceOf(lab).files.map(({ file }) => file)).toEqual(["a.Q4_1.gguf", "b.Q8_0.gguf"]);
    await lab.actions.check({ kind: "hub", id: "owner/other", file: "c.gguf" });
    expect(choiceOf(lab).files).toEqual([]);
  });

  test("a precision that does not fit is not loaded", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    await lab.actions.check({ kind: "hub", id: "owner/huge" });
    expect(choiceOf(lab).precision).toBe(4);
    const before = engine.calls.filter((kind) => kind === "load").length;
    lab.actions.setChoice({ precision: "stored" });
    await lab.actions.loadChecked();
    expect(engine.calls.filter((kind) => kind === "load")).toHaveLength(before);
  });

  test("what cannot be read says why and leaves the model in use", async () => {
    const lab = await openLab(createFakeEngine());
    await lab.actions.check({ kind: "url", url: "https://example.com/odd.gguf" });
    expect(choiceOf(lab)).toMatchObject({ status: "failed", error: { code: "unsupported-architecture" } });
    expect(activityOf(lab.store.getState())).toBe("idle");
  });

  test("an abandoned check leaves nothing behind", async () => {
    const { engine, release } = heldEngine("check");
    const lab = await openLab(engine);
    lab.actions.openChoice();
    const checking = lab.actions.check(smol);
    lab.actions.chooseAgain();
    release();
    await checking;
    expect(choiceOf(lab)).toMatchObject({ open: true, status: "choosing", facts: null });
  });

  test.each([
    [["a/x.gguf"], "a"],
    [["x.gguf"], "x.gguf"],
    [["config.json", "model.safetensors"], "config.json, model.safetensors"],
    [["a.gguf", "b.gguf", "c.gguf"], "a.gguf, b.gguf, …"],
  ])("picked files %j are called %s", async (paths, name) => {
    const lab = await openLab(createFakeEngine());
    await lab.actions.checkFiles(async () => paths.map((path) => ({ path, file: new Blob() })));
    expect(choiceOf(lab).source).toMatchObject({ name, count: paths.length });
  });

  test("files that cannot be found out say why, unless the choice went on", async () => {
    const lab = await openLab(createFakeEngine());
    const fail = () => Promise.reject(new EngineError("unknown-files", "Got too many.", "Choose fewer."));
    await lab.actions.checkFiles(fail);
    expect(choiceOf(lab)).toMatchObject({ status: "failed", error: { code: "unknown-files" } });
    const checking = lab.actions.checkFiles(fail);
    lab.actions.chooseAgain();
    await checking;
    expect(choiceOf(lab)).toMatchObject({ status: "choosing", error: null });
  });

  test("picked files are named by their folder and stay outside the store", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    const files = ["tiny/config.json", "tiny/model.safetensors"].map((path) => ({ path, file: new Blob([path]) }));
    await lab.actions.checkFiles(async () => files);
    expect(choiceOf(lab).source).toEqual({ kind: "files", name: "tiny", count: 2 });
    expect(engine.lastParams("check")).toEqual({ source: { kind: "files", files } });
    await lab.actions.loadChecked();
    expect(engine.lastParams("load")).toMatchObject({ source: { kind: "files", files } });
    const state = lab.store.getState();
    expect(structuredClone(state)).toEqual(JSON.parse(JSON.stringify(state)));
  });
});

describe("a token", () => {
  const gated = { kind: "hub", id: "meta/gated" } as const;
  const token = "hf_secret";

  test("goes to the host it was given for, and never into the store", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    await lab.actions.check(gated);
    expect(choiceOf(lab)).toMatchObject({ status: "failed", error: { code: "hub-refused" } });
    await lab.actions.giveToken(` ${token} `);
    expect(choiceOf(lab)).toMatchObject({ status: "checked", tokenHosts: ["huggingface.co"] });
    expect(engine.lastParams("check")).toEqual({ source: { ...gated, token } });
    await lab.actions.loadChecked();
    expect(engine.lastParams("load")).toMatchObject({ source: { token } });
    await lab.actions.check({ ...gated, endpoint: "https://mirror.example" });
    expect(engine.lastParams("check")).toEqual({ source: { ...gated, endpoint: "https://mirror.example" } });
    expect(JSON.stringify(lab.store.getState())).not.toContain(token);
  });

  test("is forgotten when asked to", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    await lab.actions.check(gated);
    await lab.actions.giveToken(token);
    lab.actions.forgetTokens();
    expect(choiceOf(lab).tokenHosts).toEqual([]);
    await lab.actions.check(gated);
    expect(choiceOf(lab).error).toMatchObject({ code: "hub-refused" });
  });
});

test("tokens are for the Hub itself and for servers on this machine", () => {
  const at = (endpoint?: string) => takesToken({ kind: "hub", id: "a/b", ...(endpoint === undefined ? {} : { endpoint }) });
  expect([at(), at("http://127.0.0.1:8080"), at("http://localhost"), at("https://huggingface.co/")]).toEqual([true, true, true, true]);
  expect([at("https://mirror.example"), at("https://huggingface.co.example"), at("http://huggingface.co"), at("?")]).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

describe("a load", () => {
  test("is held and goes on", async () => {
    const { engine, release } = heldEngine("load");
    const lab = createLab(engine, (path) => path);
    const booting = lab.actions.boot();
    await vi.waitFor(() => expect(lab.store.getState().model.status).toBe("loading"));
    lab.actions.pauseLoad(true);
    release();
    await vi.waitFor(() => expect(lab.store.getState().model.progress?.state).toBe("paused"));
    expect(lab.store.getState().model.pausing).toBe(true);
    lab.actions.pauseLoad(false);
    await booting;
    expect(lab.store.getState().model).toMatchObject({ status: "ready", pausing: false });
    lab.actions.pauseLoad(true);
    expect(lab.store.getState().model.pausing).toBe(false);
  });

  test("that is left off leaves the model before it and the edits, says what there is, and goes on from the list", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    await trainOne(lab);
    await lab.actions.check(smol);
    lab.store.subscribe(({ model }) => model.progress && lab.actions.cancelLoad());
    await lab.actions.loadChecked();
    const { model, edit, storage } = lab.store.getState();
    expect(model).toMatchObject({ status: "ready", loaded: builtIn("int8"), error: { code: "cancelled" } });
    expect(edit.edits).toHaveLength(1);
    const left = unfinishedOf(storage, model.request);
    expect(left).toMatchObject({ key: "left", bytes: 40_000_000 });
    expect(unfinishedOf(storage, builtIn("int4"))).toBeNull();
    lab.actions.dismissLoad();
    expect(lab.store.getState().model.error).toBeNull();
    await lab.actions.removeKept("left");
    expect(lab.store.getState().storage).toMatchObject({ changing: false, facts: { unfinished: [], removed: [{ key: "left" }] } });
    await lab.actions.putBack("left");
    expect(lab.store.getState().storage.facts).toMatchObject({ unfinished: [{ key: "left" }], removed: [] });
    await lab.actions.removeKept("left");
    await lab.actions.emptyBin();
    expect(lab.store.getState().storage.facts).toMatchObject({ unfinished: [], removed: [] });
  });
});

test("where a model had to make room for one that failed, neither it nor its edits are shown as there", async () => {
  const engine = createFakeEngine();
  const lab = await openLab(engine);
  await trainOne(lab);
  engine.failNext("load", "out-of-memory");
  engine.failNext("edits", "no-model");
  await lab.actions.load(builtIn("int4"));
  const { model, edit } = lab.store.getState();
  expect(model).toMatchObject({ status: "failed", facts: null, error: { code: "out-of-memory" } });
  expect(edit).toMatchObject({ edits: [], listError: null });
  expect(lab.frames.read()).toBeNull();
});

describe("storage", () => {
  test("a removal that fails says why and keeps the list", async () => {
    const engine = createFakeEngine();
    const lab = await openLab(engine);
    engine.failNext("remove", "no-space");
    await lab.actions.removeKept("x");
    expect(lab.store.getState().storage).toMatchObject({ changing: false, error: { code: "no-space" }, facts: { available: true } });
  });

  test("the browser's answer to the page that wants to keep it is shown", async () => {
    const engine = createFakeEngine();
    for (const [answer, persistence] of [
      [async () => true, "granted"],
      [async () => false, "refused"],
      [() => Promise.reject(new Error("blocked")), "refused"],
    ] as const) {
      const lab = createLab(engine, (path) => path, answer);
      await lab.actions.askToPersist();
      expect(lab.store.getState().storage.persistence).toBe(persistence);
    }
  });
});
