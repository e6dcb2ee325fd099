import { afterEach, describe, expect, test } from "vitest";
import type { ChunkedDownload } from "./chunkedDownload.ts";
import { memoryStore } from "./chunkStore.ts";
import { findDownload, listDownloads } from "./downloadRecord.ts";
import { hubAccess } from "./hubAccess.ts";
import {
  askedBytes,
  counting,
  crashingStore,
  goldenFiles,
  randomBytes,
  readAll,
  serve,
  smallModel,
  type Case,
} from "./testing/hubCases.ts";

let running: Case | undefined;
const start = async (...parameters: Parameters<typeof serve>): Promise<Case> => (running = await serve(...parameters));
afterEach(() => running?.server.close());

/** True when all of its files are those of the server. */
async function isSame(download: ChunkedDownload, files: Case["files"], piece?: number): Promise<boolean> {
  for (const [path, bytes] of Object.entries(files)) if (Buffer.compare(await readAll(download, path, piece), bytes) !== 0) return false;
  return true;
}

/** Resolves once this many bytes are in the store. */
async function untilLoaded(download: ChunkedDownload, bytes: number): Promise<void> {
  while (download.progress().loadedBytes < bytes) await new Promise((resolve) => setTimeout(resolve, 1));
}

const golden = ["tiny-gpt2", "tiny-llama", "tiny-llama-tied"];
const model = smallModel;
const modelBytes = Object.values(model).reduce((sum, { length }) => sum + length, 0);

describe("a golden folder as a repository", () => {
  test.each(golden.flatMap((name) => [1, 4].map((parallel) => [name, parallel] as const)))(
    "%s, %i at once, comes byte for byte; opened again it makes no request",
    async (name, parallel) => {
      const { open, files, server } = await start(goldenFiles(name), { signedUses: 3 });
      const store = memoryStore();
      const options = { store, parallel, chunkBytes: 16_384, requestBytes: 65_536 };
      const download = await open(options);
      expect(await isSame(download, files, 50_000)).toBe(true);
      await download.complete();
      expect(download.progress()).toMatchObject({ state: "done", kept: true, notes: [] });
      expect(askedBytes(server, files)).toBe(Object.values(files).reduce((sum, { length }) => sum + length, 0));
      server.log.length = 0;
      await server.close();
      const kept = await findDownload(store, "org/model");
      expect(kept).toMatchObject({ complete: true });
      const again = await open({ ...options, parallel: 1 });
      expect(again.progress().state).toBe("done");
      expect(await isSame(again, files, 33_333)).toBe(true);
      await again.complete();
      expect(again.progress().receivedBytes).toBe(0);
      expect(server.log).toEqual([]);
    },
  );
});

describe("a connection that is cut", () => {
  const chunkBytes = 1000;
  // At, before and after each boundary of chunks; with these sizes also of requests and of the file.
  const boundaries = Array.from({ length: 11 }, (_, index) => index * chunkBytes);
  const cuts = [...boundaries.flatMap((at) => [at - 1, at, at + 1]).filter((at) => at >= 0), 10_499];

  test.each([1, 4])("at every chunk boundary, %i at once, loses no byte and fetches none twice", async (parallel) => {
    const files = { "w.safetensors": randomBytes(5, 10_500) };
    const { open, server } = await start(files);
    for (const at of cuts) {
      server.log.length = 0;
      server.faults.add({ kind: "cut", at });
      const download = await open({ parallel });
      expect(await isSame(download, files, 3000), `cut at ${at}`).toBe(true);
      await download.complete();
      expect(server.faults.left()).toBe(0);
      // What was on its way when the connection broke may be lost: at most a chunk.
      expect(download.progress().receivedBytes - 10_500).toBeLessThanOrEqual(chunkBytes);
      await download.close();
    }
  });

  test("at all boundaries of one download", async () => {
    const files = goldenFiles("tiny-llama-tied");
    const { open, server } = await start(files);
    const size = files["model.safetensors"]?.length ?? 0;
    for (let at = 8192; at < size; at += 8192) server.faults.add({ kind: "cut", at });
    const download = await open({ chunkBytes: 8192, requestBytes: 32_768 });
    expect(await isSame(download, files)).toBe(true);
    await download.complete();
    expect(server.faults.left()).toBe(0);
  });
});

describe("what is kept", () => {
  test.each([1, 4])("survives a crash: with %i at once only what was under way is fetched again", async (parallel) => {
    const { open, files } = await start(model);
    for (const enough of [1, 9000, 30_000, 60_000]) {
      const inner = memoryStore();
      const store = crashingStore(inner);
      const first = await open({ store, parallel, fetch: slowly(fetch) });
      await untilLoaded(first, enough);
      store.crash();
      const before = [...(await inner.sizes(""))].filter(([key]) => /\/\d+$/.test(key)).reduce((sum, [, bytes]) => sum + bytes, 0);
      void first.close();
      const asker = counting();
      const second = await open({ store: inner, parallel, fetch: asker.fetch });
      expect(await isSame(second, files)).toBe(true);
      await second.complete();
      // A chunk that was put but not yet named counts as under way.
      expect(asker.bytes).toBeLessThanOrEqual(modelBytes - before + parallel * 1000);
      expect(asker.bytes).toBeGreaterThanOrEqual(modelBytes - before);
      expect((await listDownloads(inner)).map(({ complete }) => complete)).toEqual([true]);
      await second.close();
    }
  });

  test("goes on after it was cancelled", async () => {
    const { open, files } = await start(model);
    const store = memoryStore();
    const stop = new AbortController();
    const first = await open({ store, signal: stop.signal, fetch: slowly(fetch) });
    const reading = readAll(first, "b.safetensors");
    await untilLoaded(first, 20_000);
    stop.abort();
    await expect(reading).rejects.toMatchObject({ code: "cancelled" });
    await expect(first.complete()).rejects.toMatchObject({ code: "cancelled" });
    expect(first.progress().state).toBe("failed");
    await first.close();
    expect(await findDownload(store, "org/model")).toMatchObject({ complete: false, plan: { commit: running?.plan.commit } });
    const asker = counting();
    const second = await open({ store, fetch: asker.fetch });
    const { loadedBytes } = second.progress();
    expect(loadedBytes).toBeGreaterThanOrEqual(16_000);
    expect(await isSame(second, files)).toBe(true);
    await second.complete();
    expect(asker.bytes).toBe(modelBytes - loadedBytes);
  });

  test("is fetched again where it was damaged, and that is said", async () => {
    const { open, server, files } = await start(model);
    const store = memoryStore();
    await (await open({ store })).complete();
    const key = (await store.keys("")).find((text) => text.endsWith("a.safetensors/7")) ?? "";
    await store.put(key, randomBytes(9, 1000));
    server.log.length = 0;
    const again = await open({ store });
    expect(await isSame(again, files)).toBe(true);
    expect(askedBytes(server, files)).toBe(1000);
    expect(again.progress().notes).toEqual(["a.safetensors: chunk 7 was damaged or missing in the storage, and is fetched again."]);
    await again.complete();
    await again.close();
    await store.delete(key);
    const third = await open({ store });
    await third.verify();
    expect(third.progress().notes).toHaveLength(1);
    expect((await store.get(key))?.length).toBe(1000);
    expect(third.progress().state).toBe("done");
  });

  test("is removed when it is discarded, and nothing else", async () => {
    const { open } = await start(model);
    const store = memoryStore();
    await store.put("models/other", new Uint8Array(1));
    const download = await open({ store });
    await download.complete();
    await download.discard();
    expect(await store.keys("")).toEqual(["models/other"]);
    await expect(readAll(download, "a.safetensors")).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("a pause", () => {
  test("breaks off requests, and loses nothing when it ends", async () => {
    const { open, files } = await start(model);
    let requests = 0;
    const counted = (url: string, init: RequestInit) => (requests++, fetch(url, init));
    const download = await open({ paused: true, fetch: counted });
    expect(download.progress()).toMatchObject({ state: "paused", loadedBytes: 0 });
    expect(requests).toBe(0);
    const reading = readAll(download, "a.safetensors");
    for (let round = 1; round < 6; round++) {
      download.resume();
      await untilLoaded(download, round * 9000);
      const { loadedBytes } = download.progress();
      download.pause();
      expect(download.progress().state).toBe("paused");
      const before = requests;
      await new Promise((resolve) => setTimeout(resolve, 15));
      expect(requests).toBe(before);
      expect(download.progress().loadedBytes).toBeGreaterThanOrEqual(loadedBytes);
    }
    download.resume();
    expect(Buffer.compare(await reading, files["a.safetensors"] ?? new Uint8Array())).toBe(0);
    await download.complete();
  });
});

test("a pause in the very moment of going on makes no request", async () => {
  const { open } = await start(model);
  let requests = 0;
  const counted = (url: string, init: RequestInit) => (requests++, fetch(url, init));
  const download = await open({ paused: true, fetch: counted });
  // Jobs begin to wait, and are let go and held again before they can run.
  download.resume();
  download.pause();
  await new Promise((resolve) => setTimeout(resolve, 15));
  download.resume();
  download.pause();
  await new Promise((resolve) => setTimeout(resolve, 15));
  expect(requests).toBe(0);
  download.resume();
  await download.complete();
});

describe("a token", () => {
  test("opens gated files, and is not shown to the storage", async () => {
    const { open, server, files } = await start(model, {
      repositories: { "org/model": { files: model, gated: true } },
      signedUses: 2,
    });
    const refused = await open();
    await expect(readAll(refused, "config.json")).rejects.toMatchObject({
      code: "hub-refused",
      hint: expect.stringContaining("accept its terms"),
    });
    const stranger = await open({ access: hubAccess(server.endpoint, "hf_stranger") });
    await expect(stranger.complete()).rejects.toMatchObject({ code: "hub-refused", hint: expect.stringContaining("has not been let in") });
    server.log.length = 0;
    const store = memoryStore();
    const download = await open({ access: hubAccess(server.endpoint, "hf_reader"), store });
    expect(await isSame(download, files)).toBe(true);
    await download.complete();
    const seen = (at: "hub" | "cdn") =>
      new Set(server.log.filter((request) => request.at === at).map(({ authorization }) => authorization));
    expect(seen("hub")).toEqual(new Set([true]));
    expect(seen("cdn")).toEqual(new Set([false]));
    const kept = await Promise.all((await store.keys("")).map((key) => store.get(key)));
    expect(kept.some((bytes) => Buffer.from(bytes ?? []).includes("hf_reader") || Buffer.from(bytes ?? []).includes("Signature"))).toBe(
      false,
    );
  });
});

/** Bodies come in small pieces, with time between them. */
function slowly(inner: (url: string, init: RequestInit) => Promise<Response>) {
  return async (url: string, init: RequestInit): Promise<Response> => {
    const response = await inner(url, init);
    const slow = new TransformStream<Uint8Array, Uint8Array>({
      async transform(bytes, controller) {
        for (let at = 0; at < bytes.length; at += 300) {
          controller.enqueue(bytes.subarray(at, at + 300));
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      },
    });
    const copy = new Response(response.body?.pipeThrough(slow) ?? null, response);
    Object.defineProperties(copy, { url: { value: response.url }, redirected: { value: response.redirected } });
    return copy;
  };
}
