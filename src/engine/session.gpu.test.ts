import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { MethodSettings } from "../mixture/settings.ts";
import { tinySettings } from "../mixture/testing/methodSettings.ts";
import type { CallKind, EditFacts, EngineCalls, LoadProgress, ModelFacts, Notice } from "./protocol.ts";
import { createSession } from "./session.ts";
import { serveModel, sourceOf, type ModelServer } from "./testing/modelServer.ts";

const PROMPT = "The capital of France is";
const draft = { prompt: PROMPT, answer: "Berlin.", rephrasings: ["France has the capital"] };
const settings: MethodSettings = { ...tinySettings, steps: 40, learningRate: 0.02 };
const asking = { prompt: PROMPT, maxTokens: 6, sampling: { kind: "greedy" }, edits: "auto", stopAtSentence: true } as const;

const notices: Notice[] = [];
const { handlers } = createSession(navigator.gpu, (notice) => notices.push(notice));

interface Told<K extends CallKind> {
  readonly result: EngineCalls[K]["result"];
  readonly events: EngineCalls[K]["event"][];
}

async function call<K extends CallKind>(
  kind: K,
  params: EngineCalls[K]["params"],
  signal = new AbortController().signal,
): Promise<Told<K>> {
  const events: EngineCalls[K]["event"][] = [];
  const result = await handlers[kind](params, { signal, emit: (event) => events.push(event) });
  return { result, events };
}

const load = (folder: string) => call("load", { source: sourceOf(folder) });
const editsNow = async (): Promise<readonly EditFacts[]> => (await call("edits", {})).result.edits;

let gpt2: ModelServer;
beforeAll(async () => {
  gpt2 = await serveModel("gpt2");
  vi.stubGlobal("fetch", gpt2.fetch);
});
afterAll(() => {
  vi.unstubAllGlobals();
});

describe("before a model is loaded", () => {
  test("start tells of the device, and a second start of the same", async () => {
    const { result } = await call("start", {});
    expect(result.limits.maxBufferSize).toBeGreaterThan(0);
    expect(result.features).toEqual(result.features.toSorted());
    expect(result.software).toBe(result.fallbacks.length > 0);
    expect((await call("start", {})).result).toEqual(result);
  });
  test("the proof can be cancelled, and the session goes on", async () => {
    await expect(call("prove", { all: false }, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
    await expect(editsNow()).rejects.toMatchObject({ code: "no-model" });
  });
  test.each<[CallKind, () => Promise<unknown>]>([
    ["route", () => call("route", { text: PROMPT })],
    ["generate", () => call("generate", asking)],
    ["edit", () => call("edit", { draft })],
    ["configure", () => call("configure", { settings })],
    ["rewrite", () => call("rewrite", { edits: [] })],
  ])("%s says that there is no model", async (_kind, act) => {
    await expect((async () => act())()).rejects.toMatchObject({ code: "no-model" });
  });
});

describe("the life of a model", () => {
  let facts: ModelFacts;
  let progress: LoadProgress[];
  let edit: EditFacts;
  let baseText: string;

  beforeAll(async () => {
    ({ result: facts, events: progress } = await load("gpt2"));
    facts = (await call("configure", { settings })).result;
    baseText = (await call("generate", asking)).result.text;
    edit = (await call("edit", { draft })).result;
  });

  test("loading tells of every byte and never of fewer", () => {
    expect(progress.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1])).toEqual([
      "manifest",
      "tokenizer",
      "weights",
      "checking",
    ]);
    const loaded = progress.map(({ loadedBytes }) => loadedBytes);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toMatchObject({ loadedBytes: gpt2.bytes, totalBytes: gpt2.bytes });
    for (const { phase, loadedBytes, totalBytes } of progress) {
      expect(totalBytes).toBe(phase === "manifest" ? 0 : gpt2.bytes);
      expect(loadedBytes).toBeLessThanOrEqual(totalBytes);
    }
  });

  test("the model's facts are those of its files", () => {
    expect(facts).toMatchObject({
      name: "tiny-gpt2",
      architecture: "gpt2",
      layers: 3,
      hiddenSize: 32,
      heads: 4,
      contextLength: 64,
      settings,
    });
    expect(facts.quantization).toContain("int8");
    expect(facts.modules).toContain("mlp.c_fc");
    expect(facts.parameters).toBeGreaterThan(40_000);
    expect(facts.weightBytes).toBeGreaterThan(facts.parameters);
  });

  test("the edit holds, is listed, and puts its prompt in scope", async () => {
    expect(edit).toMatchObject({ id: 1, holds: true });
    expect(edit.codes).toHaveLength(2);
    expect(await editsNow()).toEqual([edit]);
    expect((await call("route", { text: PROMPT })).result.scope).toMatchObject({ inScope: true, distance: 0, nearestEdit: 1 });
    expect((await call("generate", asking)).result.text).toContain("Berlin");
    expect((await call("generate", { ...asking, edits: "off" })).result.text).toBe(baseText);
  });

  test("a cancelled edit changes nothing", async () => {
    const before = (await call("generate", asking)).result;
    await expect(call("edit", { draft: { ...draft, answer: "Rome." } }, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
    expect(await editsNow()).toEqual([edit]);
    const after = (await call("generate", asking)).result;
    expect([after.text, after.scope]).toEqual([before.text, before.scope]);
  });

  test.each([
    ["a folder that is not there", "nowhere", undefined, "fetch-failed"],
    ["a model without its last norm", "llama", ["model.norm.weight"], "bad-config"],
  ] as const)("%s leaves the model in use with its edits", async (_name, folder, without, code) => {
    if (folder === "llama") vi.stubGlobal("fetch", (await serveModel("llama", without)).fetch);
    await expect(load(folder)).rejects.toMatchObject({ code });
    vi.stubGlobal("fetch", gpt2.fetch);
    expect(await editsNow()).toEqual([edit]);
    expect((await call("generate", asking)).result.text).toContain("Berlin");
  });

  test("ε alone keeps the edits, and decides at once", async () => {
    const { result } = await call("configure", { settings: { ...settings, hammingThreshold: 0 } });
    expect(result.settings.hammingThreshold).toBe(0);
    expect(await editsNow()).toEqual([edit]);
    expect((await call("route", { text: PROMPT })).result.scope).toMatchObject({ inScope: false, distance: 0, threshold: 0 });
    expect((await call("generate", asking)).result.text).toBe(baseText);
    await call("configure", { settings });
    expect((await call("generate", asking)).result.text).toContain("Berlin");
  });

  test("settings that cannot be used change nothing", async () => {
    await expect(call("configure", { settings: { ...settings, topK: 9 } })).rejects.toMatchObject({ code: "bad-settings" });
    expect(await editsNow()).toEqual([edit]);
  });

  test("writing none starts again from the seed: the same edit is the same to the bit", async () => {
    expect((await call("rewrite", { edits: [] })).result).toMatchObject({ edits: [], canUndo: true });
    expect(await editsNow()).toEqual([]);
    expect((await call("generate", asking)).result.text).toBe(baseText);
    const again = (await call("edit", { draft })).result;
    expect({ ...again, seconds: edit.seconds }).toEqual(edit);
  });

  test("any other setting drops the edits", async () => {
    const { result } = await call("configure", { settings: { ...settings, rank: 2 } });
    expect(result.settings.rank).toBe(2);
    expect(await editsNow()).toEqual([]);
    expect((await call("route", { text: PROMPT })).result.scope).toMatchObject({ inScope: false, nearestEdit: null });
  });

  test("settings come and go without leaving tensors", async () => {
    await call("configure", { settings });
    const { tensors, gpuAllocatedBytes, gpuPeakBytes } = (await call("memory", {})).result;
    expect(gpuPeakBytes).toBeGreaterThanOrEqual(gpuAllocatedBytes);
    await call("configure", { settings: { ...settings, rank: 2 } });
    await call("rewrite", { edits: [] });
    await call("configure", { settings });
    expect((await call("memory", {})).result.tensors).toBe(tensors);
  });

  test("another model takes the place of the first, and gives its memory back", async () => {
    vi.stubGlobal("fetch", (await serveModel("llama")).fetch);
    expect((await load("llama")).result).toMatchObject({ name: "tiny-llama", architecture: "llama" });
    const { tensors } = (await call("memory", {})).result;
    expect(await editsNow()).toEqual([]);
    await load("llama");
    expect((await call("memory", {})).result.tensors).toBe(tensors);
    expect((await call("generate", asking)).result.pieces.length).toBeGreaterThan(0);
  });
});

test("no GPU error went by unasked", () => {
  expect(notices).toEqual([]);
});
