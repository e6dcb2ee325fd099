/** What every store of chunks does. */
import { expect, test } from "vitest";
import type { ChunkStore } from "../chunkStore.ts";

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

/** @param make an empty store */
export function testStore(make: () => Promise<ChunkStore>): void {
  test("gives back what was put, in arrays of its own", async () => {
    const store = await make();
    const own = bytes(1, 2, 3);
    await store.put("raw/a/0", own);
    own.fill(9);
    const first = await store.get("raw/a/0");
    expect(first).toEqual(bytes(1, 2, 3));
    first?.fill(7);
    expect(await store.get("raw/a/0")).toEqual(bytes(1, 2, 3));
    expect(await store.get("raw/a/1")).toBeUndefined();
    await store.put("raw/a/0", bytes());
    expect(await store.get("raw/a/0")).toEqual(bytes());
  });

  test("lists keys and sizes by the beginning of their keys, and forgets what is deleted", async () => {
    const store = await make();
    for (const [key, length] of [
      ["raw/a@1/0", 5],
      ["raw/a@1/10", 0],
      ["raw/a@12/0", 3],
      ["raw/a", 2],
      ["models/b/x.json", 1],
    ] as const)
      await store.put(key, new Uint8Array(length));
    expect(await store.keys("")).toEqual(["models/b/x.json", "raw/a", "raw/a@1/0", "raw/a@1/10", "raw/a@12/0"]);
    expect(await store.keys("raw/a@1")).toEqual(["raw/a@1/0", "raw/a@1/10", "raw/a@12/0"]);
    expect(await store.keys("raw/a@1/")).toEqual(["raw/a@1/0", "raw/a@1/10"]);
    expect([...(await store.sizes("raw/"))]).toEqual([
      ["raw/a", 2],
      ["raw/a@1/0", 5],
      ["raw/a@1/10", 0],
      ["raw/a@12/0", 3],
    ]);
    await store.delete("raw/a@1/0");
    await store.delete("raw/a@1/0");
    await store.delete("nothing/here");
    expect(await store.keys("raw/a@1/")).toEqual(["raw/a@1/10"]);
    expect(await store.keys("none/")).toEqual([]);
  });

  test("tells keys apart that only look alike", async () => {
    const store = await make();
    const keys = ["a.b/c", "a%2Eb/c", "a b/ü?#/%", "a/b.bin", "a/b", "a/b/c", "a/B c:*|<>\"'", "con/nul", "日本/语.gguf/0", "..x/...y"];
    for (const [index, key] of keys.entries()) await store.put(key, bytes(index));
    for (const [index, key] of keys.entries()) expect(await store.get(key), key).toEqual(bytes(index));
    expect(await store.keys("")).toEqual(keys.toSorted());
  });

  test("takes no key that could leave it", async () => {
    const store = await make();
    for (const key of ["", "/a", "a//b", "../a", "a/../../b", "a/.", "a/", `a/${"x".repeat(2001)}`, "a/\ud800"])
      await expect(store.put(key, bytes(1)), key).rejects.toMatchObject({ code: "internal" });
    expect(await store.keys("")).toEqual([]);
  });

  test("takes several at once", async () => {
    const store = await make();
    const keys = Array.from({ length: 40 }, (_, index) => `many/${index % 4}/${index}`);
    await Promise.all(keys.map((key, index) => store.put(key, new Uint8Array(index))));
    await Promise.all(keys.filter((_, index) => index % 4 > 0).map((key) => store.delete(key)));
    expect((await store.sizes("many/")).size).toBe(10);
    await Promise.all(keys.map((key) => store.put(key, bytes(1))));
    expect(await store.keys("many/")).toEqual(keys.toSorted());
  });
}
