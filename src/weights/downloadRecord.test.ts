import { describe, expect, test } from "vitest";
import { memoryStore } from "./chunkStore.ts";
import { findDownload, listDownloads, removeDownload, repositoryPlan, saveDownload, type DownloadPlan } from "./downloadRecord.ts";
import { KeptFile } from "./keptFile.ts";
import { sha256Hex } from "./manifest.ts";

const commits = ["0".repeat(40), "1".repeat(40)] as const;
const file = { path: "a/w.safetensors", url: "https://host/a/w.safetensors", bytes: 2500, sha256: "a".repeat(64) };
const utf8 = new TextEncoder();

function plan(commit: string, requestedRevision = "main"): DownloadPlan {
  return repositoryPlan({ id: "org/model", commit, requestedRevision, gated: false, licence: "mit", files: [file] });
}

describe("the record of a download", () => {
  test("is found by revision or commit; of several the one opened last", async () => {
    const store = memoryStore();
    await saveDownload(store, { plan: plan(commits[0]), complete: true, openedAt: 2 });
    await saveDownload(store, { plan: plan(commits[1]), complete: false, openedAt: 1 });
    expect(await findDownload(store, "org/model")).toEqual({ plan: plan(commits[0]), complete: true, openedAt: 2 });
    expect(await findDownload(store, "org/model", commits[1])).toMatchObject({
      complete: false,
      plan: { prefix: `raw/org/model@${commits[1]}/` },
    });
    expect(await findDownload(store, "org/model", "v2")).toBeUndefined();
    expect(await findDownload(store, "org/mode")).toBeUndefined();
    await removeDownload(store, plan(commits[0]).prefix);
    expect(await listDownloads(store)).toHaveLength(1);
  });

  const good = { format: 1, complete: true, openedAt: 1, plan: plan(commits[0]) };
  const withFile = (fields: object) => ({ ...good, plan: { ...good.plan, files: [{ ...file, ...fields }] } });
  test.each<[string, unknown]>([
    ["no JSON", undefined],
    ["no object", []],
    ["another format", { ...good, format: 2 }],
    ["no plan", { ...good, plan: null }],
    ["another place than it says", { ...good, plan: { ...good.plan, prefix: "raw/other/" } }],
    ["a path that leaves", withFile({ path: "../w" })],
    ["an address of another kind", withFile({ url: "file:///etc/passwd" })],
    ["a size that is none", withFile({ bytes: -1 })],
    ["a hash that is none", withFile({ sha256: "b" })],
    ["files that are none", { ...good, plan: { ...good.plan, files: [null] } }],
    ["wanted files without names", { ...good, plan: { ...good.plan, wanted: [1] } }],
  ])("counts as nothing with %s", async (_, value) => {
    const store = memoryStore();
    const key = `${good.plan.prefix}download.json`;
    await store.put(key, utf8.encode(JSON.stringify(good)));
    expect(await listDownloads(store)).toHaveLength(1);
    await store.put(key, utf8.encode(value === undefined ? "{" : JSON.stringify(value)));
    expect(await listDownloads(store)).toEqual([]);
  });
});

describe("the record of a file", () => {
  const chunk = (index: number) => new Uint8Array(index === 2 ? 500 : 1000).fill(index + 1);
  const key = "raw/x/files/a/w.safetensors/";

  async function kept() {
    const store = memoryStore();
    const own = await KeptFile.open(store, "raw/x/", file, 1000);
    for (const index of [0, 2]) {
      own.hashes[index] = await sha256Hex(chunk(index));
      await own.put(index, chunk(index));
    }
    return store;
  }

  test("names what is there, in the chunks that it was begun with", async () => {
    const again = await KeptFile.open(await kept(), "raw/x/", file, 777);
    expect([again.chunkBytes, again.count, again.held]).toEqual([1000, 3, [true, false, true]]);
    expect(await again.get(2)).toEqual(chunk(2));
    expect(await again.get(1)).toBeUndefined();
  });

  test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ["another byte", (bytes) => bytes.fill(9, 3, 4)],
    ["cut short", (bytes) => bytes.subarray(1)],
    ["empty", () => new Uint8Array()],
  ])("does not trust a chunk that is %s", async (_, damage) => {
    const store = await kept();
    await store.put(`${key}0`, Uint8Array.from(damage(chunk(0))));
    const again = await KeptFile.open(store, "raw/x/", file, 1000);
    expect(await again.get(0)).toBeUndefined();
    expect(again.held).toEqual([false, false, true]);
  });

  test.each<[string, object]>([
    ["of another size", { bytes: 2501 }],
    ["of another hash", { hash: "b".repeat(64) }],
    ["of another file", { path: "a/v" }],
    ["with chunks of no size", { chunkBytes: 0 }],
    ["with too few chunks", { chunks: [""] }],
    ["with a hash that is none", { chunks: ["x", "", ""] }],
    ["without a word on its check", { checked: 1 }],
  ])("is begun anew when it is %s", async (_, fields) => {
    const store = await kept();
    const record = JSON.parse(new TextDecoder().decode(await store.get(`${key}chunks.json`))) as object;
    await store.put(`${key}chunks.json`, utf8.encode(JSON.stringify({ ...record, ...fields })));
    expect((await KeptFile.open(store, "raw/x/", file, 1000)).held).toEqual([false, false, false]);
  });

  test("is written after the chunk it names, and each writing has all that was put before", async () => {
    const inner = memoryStore();
    const seen: string[] = [];
    const own = await KeptFile.open(
      { ...inner, put: async (name, bytes) => (seen.push(name.slice(key.length)), inner.put(name, bytes)) },
      "raw/x/",
      file,
      1000,
    );
    await Promise.all(
      [0, 1, 2].map(async (index) => {
        own.hashes[index] = await sha256Hex(chunk(index));
        await own.put(index, chunk(index));
      }),
    );
    expect(seen.filter((name) => name !== "chunks.json").toSorted()).toEqual(["0", "1", "2"]);
    expect(seen.at(-1)).toBe("chunks.json");
    expect((await KeptFile.open(inner, "raw/x/", file, 1000)).whole).toBe(true);
  });
});
