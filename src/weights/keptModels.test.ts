import { describe, expect, test } from "vitest";
import { memoryStore, type ChunkStore } from "./chunkStore.ts";
import { memoryFiles } from "./fileSets.ts";
import { encodedModel, hostTensors } from "./fixtures.ts";
import type { HostTensor, ModelFiles } from "./hostTensor.ts";
import { findKept, keepModel, keptKey, listKept, openKept, removeKept, sweepKept } from "./keptModels.ts";
import { readModel } from "./readModel.ts";

const { manifest, files } = await encodedModel();
const plans = { folder: () => () => undefined, gguf: { config: () => ({}), plan: () => () => undefined, factors: "" } };
const source = (): Promise<ModelFiles> => {
  const all = new Map<string, Uint8Array>([...files, ["manifest.json", new TextEncoder().encode(JSON.stringify(manifest))]]);
  return readModel(memoryFiles("tiny", all), plans, { precision: "stored" });
};
const about = { name: "tiny", from: "org/tiny", source: "a source", commit: "c0ffee", quantization: "int8" };

async function tensorsOf(model: Pick<ModelFiles, "tensors">): Promise<HostTensor[]> {
  const tensors: HostTensor[] = [];
  for await (const tensor of model.tensors()) tensors.push(tensor);
  return tensors;
}

async function kept(store: ChunkStore): Promise<string> {
  const key = await keptKey(about.source);
  const keeping = keepModel(store, key, await source(), about);
  expect(await tensorsOf(keeping)).toEqual(hostTensors());
  await keeping.commit();
  expect(keeping.problem).toBeNull();
  return key;
}

describe("a model that is kept while it is read", () => {
  test("comes back the same, and says where it came from", async () => {
    const store = memoryStore();
    const key = await kept(store);
    expect(await listKept(store)).toEqual([expect.objectContaining({ ...about, key })]);
    const model = await openKept(store, key);
    expect(model).toMatchObject({ name: "tiny", config: { model_type: "gpt2" }, tokenizerConfig: { eos_token: "<|endoftext|>" } });
    expect(await tensorsOf(model)).toEqual(hostTensors());
  });

  test("is whole only once it is committed, and what is not is swept", async () => {
    const store = memoryStore();
    const key = await keptKey(about.source);
    const keeping = keepModel(store, key, await source(), about);
    await tensorsOf(keeping);
    expect(await findKept(store, key)).toBeUndefined();
    expect(await listKept(store)).toEqual([]);
    await sweepKept(store);
    expect(await store.keys("")).toEqual([]);
  });

  test("survives the sweep, and goes wholly when it is removed", async () => {
    const store = memoryStore();
    const key = await kept(store);
    const before = await store.keys("");
    await sweepKept(store);
    expect(await store.keys("")).toEqual(before);
    await removeKept(store, key);
    expect(await store.keys("")).toEqual([]);
    await expect(openKept(store, key)).rejects.toMatchObject({ code: "unknown-model" });
  });

  test("is read to its end though the store is full, and leaves nothing there", async () => {
    const store = memoryStore(500);
    const keeping = keepModel(store, "full", await source(), about);
    expect(await tensorsOf(keeping)).toEqual(hostTensors());
    await keeping.commit();
    expect(keeping.problem).toMatch(/full|room/);
    expect(await store.keys("")).toEqual([]);
  });

  test("that was damaged in the store is refused", async () => {
    const store = memoryStore();
    const key = await kept(store);
    const shard = `models/${key}/shard-0000.bin`;
    const bytes = (await store.get(shard)) ?? new Uint8Array();
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await store.put(shard, bytes);
    await expect(openKept(store, key).then(tensorsOf)).rejects.toMatchObject({ code: "bad-shard" });
  });
});

test("sources that differ have keys of their own", async () => {
  const keys = await Promise.all(["a", "b", "a"].map(keptKey));
  expect(keys[0]).toBe(keys[2]);
  expect(keys[0]).not.toBe(keys[1]);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
});
