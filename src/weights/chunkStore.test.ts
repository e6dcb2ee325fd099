import { describe, expect, test } from "vitest";
import { cacheStorageStore } from "./cacheStorageStore.ts";
import { memoryStore } from "./chunkStore.ts";
import { fakeCaches } from "./testing/fakeCaches.ts";
import { testStore } from "./testing/storeCases.ts";

describe("a store in memory", () => {
  testStore(async () => memoryStore());

  test("says what is free when it is full, and keeps what it has", async () => {
    const store = memoryStore(100);
    await store.put("a", new Uint8Array(60));
    await expect(store.put("b", new Uint8Array(50))).rejects.toMatchObject({
      code: "no-space",
      message: "The memory kept for downloads is full: got room for 40 bytes, expected 50.",
    });
    await store.put("a", new Uint8Array(100));
    expect([...(await store.sizes(""))]).toEqual([["a", 100]]);
  });
});

describe("a store in Cache Storage", () => {
  const open = async (limit = Infinity) => {
    const store = await cacheStorageStore({ caches: fakeCaches(limit), estimate: async () => ({ quota: 1000, usage: 990 }) });
    if (!store) throw new Error("no store");
    return store;
  };
  testStore(() => open());

  test("says what is free when it is full", async () => {
    const store = await open(10);
    await store.put("a", new Uint8Array(10));
    await expect(store.put("b", new Uint8Array(20))).rejects.toMatchObject({
      code: "no-space",
      message: "The browser's storage for this page is full: got room for 10 bytes, expected 20.",
    });
    expect(await store.keys("")).toEqual(["a"]);
  });

  test("is not there where the browser has none, or refuses it", async () => {
    expect(await cacheStorageStore({ caches: undefined })).toBeUndefined();
    const refusing = { open: () => Promise.reject(new DOMException("denied", "SecurityError")) } as unknown as CacheStorage;
    expect(await cacheStorageStore({ caches: refusing })).toBeUndefined();
  });
});
