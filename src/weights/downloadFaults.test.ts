import { afterEach, describe, expect, test, vi } from "vitest";
import type { Fault } from "../../tools/testing/hubFaults.ts";
import { EngineError, errorFacts, type ErrorCode, type ErrorFacts } from "../lib/errors.ts";
import type { ChunkedDownloadOptions } from "./chunkedDownload.ts";
import { memoryStore, type ChunkStore } from "./chunkStore.ts";
import { askedBytes, hastyClock, randomBytes, readAll, serve, type Case } from "./testing/hubCases.ts";

let running: Case | undefined;
const start = async (...parameters: Parameters<typeof serve>): Promise<Case> => (running = await serve(...parameters));
afterEach(() => running?.server.close());

const weights = randomBytes(6, 20_500);
const files = { "config.json": randomBytes(7, 1500), "w.safetensors": weights };
const always = 1000;

async function refusal(promise: Promise<unknown>): Promise<ErrorFacts> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof EngineError) return errorFacts(thrown);
    throw thrown;
  }
  throw new Error("it was accepted");
}

const isSame = (bytes: Uint8Array, path: keyof typeof files): boolean => Buffer.compare(bytes, files[path]) === 0;

describe("one fault is overcome:", () => {
  const cases: readonly [string, Fault][] = [
    ["no answer", { kind: "drop" }],
    ["a body cut before its first byte", { kind: "cutAfter", bytes: 0 }],
    ["a body cut in the middle of a chunk", { kind: "cutAfter", bytes: 1234 }],
    ["a body that ends early without an error", { kind: "shorter", by: 777 }],
    ["a body that is longer than its range", { kind: "longer", by: 1 }],
    ["the whole file instead of a range", { kind: "whole" }],
    ["a Content-Range of other bytes", { kind: "contentRange", shift: 1000 }],
    ["a Content-Range of another file", { kind: "total", by: 1 }],
    ["a login page", { kind: "html" }],
    ["a Git LFS pointer", { kind: "pointer" }],
    ["trouble of the server", { kind: "status", status: 500 }],
    ["storage that refuses its own signed address", { kind: "status", status: 403 }],
    ["storage that lost the file for a moment", { kind: "status", status: 404 }],
    ["a range that is said not to be there", { kind: "status", status: 416 }],
    ["bytes that trickle", { kind: "trickle", bytes: 400, everyMs: 1 }],
  ];
  test.each(cases.flatMap(([name, fault]) => [1, 4].map((parallel) => [name, parallel, fault] as const)))(
    "%s, %i at once",
    async (_, parallel, fault) => {
      const { open, server } = await start(files);
      server.faults.add({ ...fault, when: ({ at }) => at === "cdn" });
      const download = await open({ parallel });
      expect(isSame(await readAll(download, "w.safetensors"), "w.safetensors")).toBe(true);
      expect(isSame(await readAll(download, "config.json"), "config.json")).toBe(true);
      await download.complete();
      expect(server.faults.left()).toBe(0);
      expect(download.progress()).toMatchObject({ state: "done", kept: true });
    },
  );

  test("another ETag, later in the file", async () => {
    const { open, server } = await start(files);
    server.faults.add({ kind: "etag", when: ({ range }) => range?.[0] === 8000 });
    expect(isSame(await readAll(await open(), "w.safetensors"), "w.safetensors")).toBe(true);
    expect(server.faults.left()).toBe(0);
  });

  test("silence in the middle of a body", async () => {
    const { open, server } = await start(files);
    server.faults.add({ kind: "hang", bytes: 1500, when: ({ at }) => at === "cdn" });
    const download = await open({ stallMs: 60 });
    expect(isSame(await readAll(download, "w.safetensors"), "w.safetensors")).toBe(true);
    await download.complete();
  });

  test("signed addresses that expire in the middle: the file's own address is asked again", async () => {
    const { open, server } = await start(files, { signedUses: 2 });
    const clock = hastyClock();
    const download = await open({ parallel: 1, clock });
    expect(isSame(await readAll(download, "w.safetensors"), "w.safetensors")).toBe(true);
    const seen = server.log.filter(({ file }) => file === "w.safetensors").map(({ at, status }) => `${at} ${status}`);
    // Twice through the redirect and the address it gave, which then is refused.
    expect(seen).toEqual([
      "hub 302",
      "cdn 206",
      "cdn 206",
      "cdn 403",
      "hub 302",
      "cdn 206",
      "cdn 206",
      "cdn 403",
      "hub 302",
      "cdn 206",
      "cdn 206",
    ]);
    expect(clock.slept).toEqual([]);
  });

  test("a server without ranges is read from the beginning, once", async () => {
    const { open, server } = await start(files);
    server.faults.add({ kind: "whole", times: always });
    const download = await open();
    expect(isSame(await readAll(download, "w.safetensors"), "w.safetensors")).toBe(true);
    await download.complete();
    const sent = server.log.filter(({ at, file }) => at === "cdn" && file === "w.safetensors");
    // All but the last of those that were under way at once are broken off.
    expect(sent.length).toBeLessThanOrEqual(5);
  });

  test("a server without ranges that is cut again and again: what is here is passed over", async () => {
    const { open, server } = await start(files);
    const store = memoryStore();
    for (const bytes of [3500, 9100, 9100, 15_000]) server.faults.add({ kind: "cutAfter", bytes, when: ({ at }) => at === "cdn" });
    const first = await open({ store, parallel: 1, tries: 3, fetch: withoutRanges });
    expect(isSame(await readAll(first, "w.safetensors"), "w.safetensors")).toBe(true);
    await first.complete();
    expect(server.log.filter(({ at }) => at === "cdn")).toHaveLength(5);
  });
});

describe("what lasts is an error:", () => {
  const cases: readonly [string, Fault, ErrorCode, RegExp][] = [
    ["no answer", { kind: "drop" }, "fetch-failed", /w\.safetensors: got no answer, expected the file's bytes/],
    ["cuts that bring nothing", { kind: "cutAfter", bytes: 0 }, "fetch-failed", /got a connection that broke|got 0 bytes of/],
    ["bodies that are too long", { kind: "longer", by: 5 }, "fetch-failed", /got more than the \d+ bytes that its answer promised/],
    ["wrong ranges", { kind: "contentRange", shift: 7 }, "fetch-failed", /got the range "bytes \d+-\d+\/20500", expected bytes \d+ to \d+/],
    ["another size", { kind: "total", by: 5 }, "file-changed", /got a file of 20505 bytes, expected 20500 bytes/],
    ["another size, said by 416", { kind: "status", status: 416 }, "file-changed", /got a file that ends earlier/],
    ["a login page", { kind: "html" }, "bad-shard", /got an HTML page, expected the file itself/],
    ["a Git LFS pointer", { kind: "pointer" }, "bad-shard", /got a Git LFS pointer, expected the file itself/],
    ["trouble of the server", { kind: "status", status: 502 }, "fetch-failed", /got HTTP 502/],
    ["storage that lets nobody in", { kind: "status", status: 403 }, "fetch-failed", /got HTTP 403 from the storage/],
    ["too many requests", { kind: "status", status: 429, retryAfter: "3" }, "hub-refused", /got HTTP 429/],
    ["too many requests, for hours", { kind: "status", status: 429, retryAfter: "7200" }, "hub-refused", /got HTTP 429/],
  ];
  test.each(cases)("%s", async (_, fault, code, message) => {
    const { open, server } = await start(files);
    server.faults.add({ ...fault, times: always, when: ({ at }) => at === "cdn" });
    const download = await open();
    const facts = await refusal(readAll(download, "w.safetensors"));
    expect(facts.code).toBe(code);
    expect(facts.message).toMatch(message);
    expect(JSON.stringify(facts)).not.toContain("Signature");
    expect(await refusal(download.complete())).toEqual(facts);
    expect(download.progress().state).toBe("failed");
    // Six tries of each of four requests, and not one after the failure.
    expect(server.log.filter(({ at }) => at === "cdn").length).toBeLessThanOrEqual(24);
  });

  test("a file that changed in the middle", async () => {
    const { open, server } = await start(files);
    server.faults.add({ kind: "etag", times: always, when: ({ range }) => (range?.[0] ?? 0) >= 8000 });
    expect(await refusal(readAll(await open(), "w.safetensors"))).toMatchObject({
      code: "file-changed",
      message: expect.stringContaining('got the ETag "another"'),
    });
  });

  test("pauses grow, and are as long as the server asks", async () => {
    const { open, server } = await start(files);
    const clock = hastyClock();
    server.faults.add({ kind: "status", status: 503, times: 4 }, { kind: "status", status: 429, retryAfter: "9", times: 1 });
    await (await open({ clock, parallel: 1 })).complete();
    expect(clock.slept).toEqual([500, 1000, 2000, 4000, 9000]);
  });

  test.each([0, 999, 1000, 7500, 20_499])(
    "one bit of byte %i flipped: the whole file's hash finds it, and the file is removed",
    async (at) => {
      const { open, server } = await start(files);
      const store = memoryStore();
      server.faults.add({ kind: "flip", at, when: ({ at: place }) => place === "cdn" });
      const download = await open({ store });
      const facts = await refusal(readAll(download, "w.safetensors"));
      expect(facts.code).toBe("bad-shard");
      expect(facts.message).toMatch(/^w\.safetensors: got SHA-256 [0-9a-f]{64} of the whole file, expected [0-9a-f]{64}\.$/);
      expect((await store.keys("")).filter((key) => key.includes("w.safetensors/"))).toEqual([]);
      server.faults.clear();
      const again = await open({ store });
      expect(isSame(await readAll(again, "w.safetensors"), "w.safetensors")).toBe(true);
    },
  );

  test("one bit of a small file flipped: git's hash finds it", async () => {
    const { open, server } = await start(files);
    server.faults.add({ kind: "flip", at: 1499, when: ({ at }) => at === "hub" });
    expect(await refusal(readAll(await open(), "config.json"))).toMatchObject({
      code: "bad-shard",
      message: expect.stringContaining("git object id"),
    });
  });

  test("what a large file gave out early is taken back by complete", async () => {
    const { open, server } = await start(files);
    server.faults.add({ kind: "flip", at: 100, when: ({ at }) => at === "cdn" });
    const download = await open({ checkFirstBytes: 0 });
    const bytes = await download.files.open("w.safetensors")?.read(0, 200);
    expect(bytes).toHaveLength(200);
    expect(await refusal(download.complete())).toMatchObject({ code: "bad-shard" });
  });
});

describe("a store that takes no more", () => {
  const options: readonly [string, () => Pick<ChunkedDownloadOptions, "store">, RegExp][] = [
    ["is full in the middle", () => ({ store: memoryStore(9000) }), /full: got room for \d+ bytes, expected \d+/],
    ["is full from the beginning", () => ({ store: memoryStore(10) }), /full/],
    ["is not there", () => ({ store: undefined }), /no storage/],
    ["breaks", () => ({ store: breaking(memoryStore()) }), /an error of the storage \(disk on fire\)/],
  ];
  test.each(
    options.flatMap(([name, make, message]) => [0, Infinity].map((checkFirstBytes) => [name, checkFirstBytes, make, message] as const)),
  )("because it %s: the download goes on (files checked first up to %d bytes)", async (_, checkFirstBytes, make, message) => {
    const { open, server } = await start(files);
    const download = await open({ ...make(), checkFirstBytes });
    for (const piece of [3000, 20_500]) {
      expect(isSame(await readAll(download, "w.safetensors", piece), "w.safetensors")).toBe(true);
      expect(isSame(await readAll(download, "config.json"), "config.json")).toBe(true);
    }
    await download.complete();
    const { state, kept, notKept } = download.progress();
    expect([state, kept, notKept?.code]).toEqual(["done", false, "no-space"]);
    expect(notKept?.message).toMatch(message);
    // Once for each reading in order, and once before where it is checked first.
    expect(askedBytes(server, files)).toBeLessThanOrEqual((checkFirstBytes > 0 ? 3 : 2) * 22_000 + 4000);
  });

  test("nothing is fetched that nobody reads, until all is to be checked", async () => {
    const { open, server } = await start(files);
    const download = await open({ store: undefined });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.log).toEqual([]);
    await download.complete();
    expect(askedBytes(server, files)).toBe(22_000);
  });
});

test("closes though a body whose request is aborted after its last byte never ends", async () => {
  const { open } = await start(files);
  let bodies = 0;
  const download = await open({
    fetch: async (url, init) => {
      const { status, headers, body } = await fetch(url, init);
      const came = new Uint8Array(await new Response(body).arrayBuffer());
      bodies += 1;
      // Deaf to the signal, as Node's are at that moment.
      return new Response(new ReadableStream({ start: (controller) => controller.enqueue(came) }), { status, headers });
    },
  });
  await vi.waitUntil(() => bodies > 0);
  await download.close();
  expect(download.progress().state).toBe("failed");
});

/** As a server that knows none would be asked. */
async function withoutRanges(url: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.delete("range");
  return fetch(url, { ...init, headers });
}

/** Takes three, then fails. */
function breaking(inner: ChunkStore): ChunkStore {
  let count = 0;
  return {
    ...inner,
    put: async (key, bytes) => {
      if (++count > 6) throw new Error("disk on fire");
      await inner.put(key, bytes);
    },
  };
}
