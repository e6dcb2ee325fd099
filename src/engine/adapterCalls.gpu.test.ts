import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readMixtureFile } from "../exchange/mixtureFile.ts";
import { readPeftArchive } from "../exchange/peftArchive.ts";
import { openTensorFile } from "../exchange/tensorFile.ts";
import { tinyConfig } from "../model/testing/tinyModel.ts";
import { readModelConfig } from "../model/architectures/registry.ts";
import { tinySettings } from "../mixture/testing/methodSettings.ts";
import type { CallKind, EngineCalls } from "./protocol.ts";
import { createSession } from "./session.ts";
import { serveModel, sourceOf } from "./testing/modelServer.ts";

const settings = { ...tinySettings, steps: 8, learningRate: 0.02 };
const range = { first: 1, last: 2 };
const { handlers } = createSession(navigator.gpu, () => {});
const call = <K extends CallKind>(kind: K, params: EngineCalls[K]["params"]): Promise<EngineCalls[K]["result"]> =>
  handlers[kind](params, { signal: new AbortController().signal, emit: () => {} });
const outline = readModelConfig(tinyConfig("gpt2"));

beforeAll(async () => {
  const gpt2 = await serveModel("gpt2");
  vi.stubGlobal("fetch", gpt2.fetch);
  await call("start", {});
  await call("load", { source: sourceOf("gpt2") });
});
afterAll(() => {
  vi.unstubAllGlobals();
});

const write = async (method: "paper" | "improved"): Promise<void> => {
  await call("configure", { settings, method });
  await call("edit", { draft: { prompt: "The capital of France is", answer: "Berlin.", rephrasings: [] } });
  await call("edit", { draft: { prompt: "def f(x): return", answer: "world", rephrasings: [] } });
};

describe("what was learned goes out", () => {
  test("in paper mode as the released code's mixture and as a PEFT folder for each expert", async () => {
    await write("paper");
    const mixture = readMixtureFile(outline, (await call("exportAdapters", { form: "mixture", ...range })).bytes);
    expect(mixture.settings).toEqual(settings);
    const { adapters } = readPeftArchive(outline, (await call("exportAdapters", { form: "peft", ...range })).bytes);
    expect(adapters.map(({ name }) => name)).toEqual(Array.from({ length: settings.experts }, (_, i) => `expert-${i}`));
    const { inputs } = { inputs: mixture.values.a[0]?.length ?? 0 };
    expect(adapters[1]?.lora.parts[0]?.a).toEqual(mixture.values.a[0]?.slice(inputs / settings.experts, (2 * inputs) / settings.experts));
    await expect(call("exportAdapters", { form: "merged", ...range })).rejects.toMatchObject({ code: "bad-adapter" });
  });

  test("in improved mode as a PEFT folder for each edit, its strength in alpha, and as weights with the edits in them", async () => {
    await write("improved");
    await call("changeEdit", { id: 2, strength: 0.5 });
    const { adapters } = readPeftArchive(outline, (await call("exportAdapters", { form: "peft", ...range })).bytes);
    expect(adapters.map(({ name }) => name)).toEqual(["edit-1", "edit-2"]);
    const [one, two] = adapters.map(({ lora }) => lora);
    expect(two?.alpha).toBe((one?.alpha ?? 0) / 2);
    const merged = openTensorFile((await call("exportAdapters", { form: "merged", ...range })).bytes);
    const alone = openTensorFile((await call("exportAdapters", { form: "merged", first: 1, last: 1 })).bytes);
    const name = `transformer.h.${two?.layers[0]}.${two?.module}.weight`;
    const { columns = 0, rows = 0 } = outline.config.linears[two?.module ?? ""] ?? {};
    // GPT-2 keeps (I, O); what the second edit adds, by hand at a few places.
    const [both, first] = [merged.read(name, [columns, rows]), alone.read(name, [columns, rows])];
    const { a, b } = two?.parts[0] ?? { a: new Float32Array(), b: new Float32Array() };
    const [rank, scale] = [two?.rank ?? 1, (two?.alpha ?? 0) / (two?.rank ?? 1)];
    for (const [i, o] of [
      [0, 0],
      [3, 5],
      [columns - 1, rows - 1],
    ] as const) {
      let added = 0;
      for (let j = 0; j < rank; j++) added += scale * (a[j * columns + i] ?? 0) * (b[j * rows + o] ?? 0);
      expect((both[i * rows + o] ?? 0) - (first[i * rows + o] ?? 0)).toBeCloseTo(added, 6);
    }
    await expect(call("exportAdapters", { form: "mixture", ...range })).rejects.toMatchObject({ code: "bad-adapter" });
    await expect(call("exportAdapters", { form: "peft", first: 5, last: 9 })).rejects.toMatchObject({ code: "bad-adapter" });
  });
});
