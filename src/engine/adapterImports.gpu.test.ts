import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readPeftArchive } from "../exchange/peftArchive.ts";
import { fakeLocks } from "../keeping/testing/fakeLocks.ts";
import { tornFiles } from "../keeping/testing/tornFiles.ts";
import { tinySettings } from "../mixture/testing/methodSettings.ts";
import { readModelConfig } from "../model/architectures/registry.ts";
import { tinyConfig } from "../model/testing/tinyModel.ts";
import { openSafetensors } from "../weights/safetensors.ts";
import { writeSafetensors } from "../weights/safetensorsWriter.ts";
import type { AdapterExport, CallKind, EngineCalls, ImportedAdapters } from "./protocol.ts";
import { createSession } from "./session.ts";
import { serveModel, sourceOf } from "./testing/modelServer.ts";

const settings = { ...tinySettings, steps: 8, learningRate: 0.02 };
const request = { source: { kind: "built-in", variant: "int8" } };
const france = { prompt: "The capital of France is", answer: "Berlin.", rephrasings: [] };
const code = { prompt: "def f(x): return", answer: "world", rephrasings: [] };
const outline = readModelConfig(tinyConfig("gpt2"));

beforeAll(async () => {
  const [gpt2, llama] = await Promise.all([serveModel("gpt2"), serveModel("llama")]);
  vi.stubGlobal("fetch", (url: string) => (url.includes("/llama/") ? llama : gpt2).fetch(url));
});
afterAll(() => {
  vi.unstubAllGlobals();
});

/** A page with a browser's storage of its own, on a model. */
async function page(folder: "gpt2" | "llama" = "gpt2") {
  const [files, locks] = [tornFiles(), fakeLocks()];
  const { handlers } = createSession(navigator.gpu, () => {}, undefined, {
    files: async () => files,
    locks: () => locks,
    onChange: () => {},
  });
  const call = <K extends CallKind>(kind: K, params: EngineCalls[K]["params"]): Promise<EngineCalls[K]["result"]> =>
    handlers[kind](params, { signal: new AbortController().signal, emit: () => {} });
  await call("start", {});
  await call("keepHere", { takeOver: false });
  await call("load", { source: sourceOf(folder), request });
  /** The text, and the probability of each token and of those that were near, to the bit. */
  const ask = async (prompt: string, edits: "auto" | "off" = "auto") => {
    const odds: unknown[] = [];
    const params = { prompt, maxTokens: 6, sampling: { kind: "greedy" }, edits, stopAtSentence: false } as const;
    const told = (event: EngineCalls["generate"]["event"]): void => {
      if (event.kind === "token") odds.push([event.probability, event.candidates]);
    };
    const { text } = await handlers.generate(params, { signal: new AbortController().signal, emit: told });
    return { text, odds };
  };
  const exported = async (form: AdapterExport["form"]) => (await call("exportAdapters", { form, first: 1, last: 2 })).bytes;
  const take = (handed: readonly Uint8Array<ArrayBuffer>[], asked: string | null = null): Promise<ImportedAdapters> =>
    call("importAdapters", { files: handed.map((bytes, i) => ({ name: `file ${i}`, bytes })), name: "Taken", folder: asked });
  const open = async (taken: ImportedAdapters) => {
    if (taken.kind !== "project") throw new Error("Got a choice, expected a project");
    return call("openProject", { id: taken.id });
  };
  return { call, ask, exported, take, open };
}

const edited = async () => {
  const own = await page();
  await own.call("configure", { settings, method: "paper" });
  await own.call("edit", { draft: france });
  await own.call("edit", { draft: code });
  return own;
};

/** The tensors alone, as the released code saves them. */
function released(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const file = openSafetensors(bytes);
  return writeSafetensors([...file.entries.values()].map(({ name, shape }) => ({ name, shape, data: file.readTensor(name).data })));
}
const prompts = [france.prompt, code.prompt, "for x in"];
const answers = async ({ ask }: Pick<Awaited<ReturnType<typeof page>>, "ask">) => {
  const all = [];
  for (const prompt of prompts) all.push(await ask(prompt));
  return all;
};

describe("a mixture that a page exported", () => {
  test("is the same project again on another page: edits, answers to the bit, and the same file", async () => {
    const first = await edited();
    await first.call("changeEdit", { id: 2, strength: 0.5 });
    const [file, before] = [await first.exported("mixture"), await answers(first)];
    expect(before[0]?.odds).not.toEqual((await first.ask(france.prompt, "off")).odds);
    const second = await page();
    const { ledger, model } = await second.open(await second.take([file]));
    expect(model).toMatchObject({ method: "paper", settings, imported: false });
    expect(ledger.edits).toEqual((await first.call("edits", {})).edits);
    expect(await answers(second)).toEqual(before);
    expect(await second.exported("mixture")).toEqual(file);
    // All of it is there: the edits can be written again from the seed.
    expect((await second.call("rewrite", { edits: [code, france] })).edits.map(({ prompt }) => prompt)).toEqual([
      code.prompt,
      france.prompt,
    ]);
  });

  test("goes as one of several projects: what was in use stays in the list", async () => {
    const own = await edited();
    const file = await own.exported("mixture");
    const { id } = (await own.take([file])) as { id: string };
    expect((await own.call("edits", {})).edits).toHaveLength(2);
    const { list, current } = await own.call("keepHere", { takeOver: false });
    expect(list.map(({ name }) => name)).toContain("Taken");
    expect(current).not.toBe(id);
  });
});

describe("a mixture of the released code, which names no edits", () => {
  test("answers every prompt; edits come on top, and can be undone and written again, not taken for themselves", async () => {
    const first = await edited();
    const [file, before] = [released(await first.exported("mixture")), await answers(first)];
    const second = await page();
    // Alpha and k are not in the file: those in use are taken.
    await second.call("configure", { settings: { ...settings, layers: [0], experts: 3 }, method: "paper" });
    const { ledger, model } = await second.open(await second.take([file]));
    expect(ledger.edits).toEqual([]);
    expect(model).toMatchObject({ method: "paper", imported: true, settings: { layers: settings.layers, experts: settings.experts } });
    const after = await answers(second);
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]?.odds).not.toEqual((await second.ask(prompts[2] ?? "", "off")).odds);
    expect(released(await second.exported("mixture"))).toEqual(file);

    const draft = { prompt: "for x in", answer: "range", rephrasings: [] };
    await second.call("edit", { draft });
    const written = await answers(second);
    expect(written).not.toEqual(after);
    await expect(second.call("forget", { id: 1 })).rejects.toMatchObject({ code: "bad-settings" });
    await expect(second.call("changeEdit", { id: 1, on: false })).rejects.toMatchObject({ code: "bad-settings" });
    await expect(second.call("configure", { settings, method: "improved" })).rejects.toMatchObject({ code: "bad-settings" });
    await second.call("undo", {});
    expect(await answers(second)).toEqual(after);
    // Not from the seed: from what was imported.
    await second.call("rewrite", { edits: [draft] });
    expect(await answers(second)).toEqual(written);
    // Kept with its beginning, and so is what is opened again.
    const { current } = await second.call("keepHere", { takeOver: false });
    await second.call("newProject", { name: "Other", request });
    expect((await second.call("edits", {})).edits).toEqual([]);
    expect((await second.call("openProject", { id: current ?? "" })).model.imported).toBe(true);
    expect(await answers(second)).toEqual(written);
    expect((await second.call("rewrite", { edits: [] })).edits).toEqual([]);
    expect(await answers(second)).toEqual(after);
  });
});

describe("PEFT folders", () => {
  test("of several one is chosen; its project answers every prompt and gives the same adapter again, to the bit", async () => {
    const first = await edited();
    const zip = await first.exported("peft");
    const second = await page();
    const folders = ["expert-0", "expert-1", "expert-2", "expert-3"];
    expect(await second.take([zip])).toEqual({ kind: "choice", folders });
    await expect(second.take([zip], "expert-9")).rejects.toMatchObject({ code: "bad-adapter" });
    const used = (await first.call("edits", {})).edits[0]?.allocation?.[0]?.[0] ?? 0;
    const { model } = await second.open(await second.take([zip], `expert-${used}`));
    expect(model).toMatchObject({
      method: "paper",
      imported: true,
      settings: { experts: 1, topK: 1, rank: settings.rank, alpha: settings.alpha },
    });
    const after = await answers(second);
    expect(after[2]?.odds).not.toEqual((await second.ask(prompts[2] ?? "", "off")).odds);
    const again = readPeftArchive(outline, await second.exported("peft")).adapters;
    expect(again.map(({ lora }) => lora)).toEqual([readPeftArchive(outline, zip).adapters[used]?.lora]);
    // A file with one folder needs no choice.
    const third = await page();
    await third.open(await third.take([await second.exported("peft")]));
    expect(await answers(third)).toEqual(after);
  });
});

test("what does not fit is refused, and nothing is added", async () => {
  const first = await edited();
  const file = await first.exported("mixture");
  const other = await page("llama");
  await expect(other.take([file])).rejects.toMatchObject({ code: "bad-adapter" });
  const broken = file.slice(0, -5);
  const own = await page();
  await expect(own.take([broken])).rejects.toMatchObject({ code: "bad-safetensors" });
  await expect(own.take([Uint8Array.of(1, 2, 3)])).rejects.toMatchObject({ code: "bad-adapter" });
  expect((await own.call("keepHere", { takeOver: false })).list).toEqual([]);
});
