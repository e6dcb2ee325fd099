import { afterEach, describe, expect, test, vi } from "vitest";
import { memoryStore, type ChunkStore } from "../weights/chunkStore.ts";
import { encodedModel, gpt2Folder, hostTensors } from "../weights/fixtures.ts";
import type { HostTensor } from "../weights/hostTensor.ts";
import { ownThread } from "../weights/packBand.ts";
import { createProgress } from "./loadProgress.ts";
import { putBackInLibrary, readLibrary, removeFromLibrary, sweepLibrary } from "./modelLibrary.ts";
import { openForLoading, type LoadingModel } from "./modelSources.ts";
import type { LoadProgress, ModelSource } from "./protocol.ts";

const config = { model_type: "gpt2", n_layer: 1, n_head: 4, n_embd: 32, n_positions: 16, vocab_size: 96 };
const folder = new Map([...gpt2Folder(), ["config.json", new TextEncoder().encode(JSON.stringify(config))] as const]);
const picked: ModelSource = {
  kind: "files",
  files: [...folder].map(([path, bytes]) => ({ path: `mine/${path}`, file: new Blob([Uint8Array.from(bytes)]) })),
};

function context(store?: ChunkStore) {
  const seen: LoadProgress[] = [];
  const progress = createProgress((fields) => seen.push(fields));
  return { seen, store, signal: new AbortController().signal, pause: undefined, progress, packer: ownThread };
}

async function readAll({ files }: LoadingModel): Promise<Map<string, HostTensor>> {
  const tensors = new Map<string, HostTensor>();
  for await (const tensor of files.tensors()) tensors.set(tensor.name, tensor);
  return tensors;
}

describe("files that were picked", () => {
  test("are packed as asked, and kept for the next time", async () => {
    const store = memoryStore();
    const first = context(store);
    const loading = await openForLoading(picked, 4, first);
    expect(loading.files).toMatchObject({ name: "mine", config });
    const tensors = await readAll(loading);
    expect(tensors.get("transformer.h.0.attn.c_attn.weight")).toMatchObject({ format: "int4", shape: [96, 32] });
    expect(tensors.get("transformer.wte.weight")).toMatchObject({ format: "int8" });
    await loading.finish();
    first.progress.flush();
    const total = folder.get("model.safetensors")?.length ?? 0;
    expect(first.seen.at(-1)).toMatchObject({ phase: "checking", notKept: null });
    expect(first.seen.at(-1)?.loadedBytes).toBeGreaterThanOrEqual(total);
    expect(first.seen.every(({ loadedBytes, totalBytes }) => totalBytes === 0 || loadedBytes <= totalBytes)).toBe(true);

    const [kept, ...others] = (await readLibrary(store)).models;
    expect(others).toEqual([]);
    expect(kept).toMatchObject({
      name: "mine",
      from: "mine",
      commit: null,
      quantization: "int4, groups of 32; transformer.wte.weight int8",
    });
    const again = await openForLoading({ kind: "kept", key: kept?.key ?? "" }, "stored", context(store));
    expect(await readAll(again)).toEqual(tensors);
    const key = kept?.key ?? "";
    await removeFromLibrary(store, key);
    expect(await readLibrary(store)).toMatchObject({ models: [], removed: [{ key, name: "mine", bytes: kept?.bytes }] });
    await expect(openForLoading({ kind: "kept", key }, "stored", context(store))).rejects.toMatchObject({ code: "unknown-model" });
    await putBackInLibrary(store, key);
    expect(await readLibrary(store)).toMatchObject({ models: [kept], removed: [] });
    expect(await readAll(await openForLoading({ kind: "kept", key }, "stored", context(store)))).toEqual(tensors);
    await removeFromLibrary(store, key);
    await sweepLibrary(store);
    expect(await store.keys("")).toEqual([]);
  });

  test("are loaded without a store too", async () => {
    const loading = await openForLoading(picked, 8, context());
    expect((await readAll(loading)).get("transformer.wte.weight")).toMatchObject({ format: "int8" });
    await loading.finish();
    await expect(openForLoading({ kind: "kept", key: "0" }, "stored", context())).rejects.toMatchObject({ code: "unknown-model" });
  });

  test("leave nothing when they are abandoned half-way", async () => {
    const store = memoryStore();
    const loading = await openForLoading(picked, 4, context(store));
    for await (const { name } of loading.files.tensors()) if (name.endsWith("wpe.weight")) break;
    await loading.abandon();
    expect(await store.keys("")).toEqual([]);
  });

  test("that are too much for the store are loaded all the same, and it is said", async () => {
    const full = context(memoryStore(1000));
    const loading = await openForLoading(picked, 4, full);
    expect((await readAll(loading)).size).toBe(6);
    await loading.finish();
    expect(full.seen.at(-1)?.notKept).toMatch(/full/);
  });
});

describe("our own shards at an address", () => {
  const serve = async (files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>) => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (url: string) => {
      const file = /^https:\/\/school\/model\/(.+)$/.exec(url)?.[1] ?? "";
      asked.push(file);
      const body = files.get(file);
      return body ? new Response(body) : new Response("gone", { status: 404 });
    });
    return asked;
  };
  afterEach(() => vi.unstubAllGlobals());

  test("are loaded, kept, and make no request the second time", async () => {
    const { manifest, files } = await encodedModel();
    const all = new Map([...files, ["manifest.json", Uint8Array.from(new TextEncoder().encode(JSON.stringify(manifest)))] as const]);
    const asked = await serve(all);
    const store = memoryStore();
    const source: ModelSource = { kind: "url", url: "https://school/model/manifest.json" };
    const first = await openForLoading(source, "stored", context(store));
    const tensors = await readAll(first);
    expect([...tensors.values()]).toEqual(hostTensors());
    await first.finish();
    const before = asked.length;
    expect(before).toBe(all.size);
    expect(await readAll(await openForLoading(source, "stored", context(store)))).toEqual(tensors);
    expect(asked.length).toBe(before);
  });
});
