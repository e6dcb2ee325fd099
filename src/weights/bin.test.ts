import { describe, expect, it } from "vitest";
import { emptyBin, listBin, putAway, putBack } from "./bin.ts";
import { memoryStore } from "./chunkStore.ts";

const record = "models/a/about.json";
const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

async function filled() {
  const store = memoryStore();
  await store.put(record, bytes(1));
  await store.put("models/a/shard-0", bytes(2, 3));
  await store.put("models/b/about.json", bytes(4));
  return store;
}

describe("the bin of what is kept", () => {
  it("sets a record aside and puts it back as it was", async () => {
    const store = await filled();
    await putAway(store, record);
    expect(await store.get(record)).toBeUndefined();
    expect([...(await listBin(store, "models/")).keys()]).toEqual([record]);
    await putBack(store, record);
    expect(await store.get(record)).toEqual(bytes(1));
    expect((await listBin(store, "models/")).size).toBe(0);
    expect(await store.get("models/a/shard-0")).toEqual(bytes(2, 3));
  });

  it("is emptied with all of a folder, and nothing of another's", async () => {
    const store = await filled();
    await putAway(store, record);
    await emptyBin(store, "models/");
    expect(await store.keys("")).toEqual(["models/b/about.json"]);
  });

  it("leaves what took the place of a removed one", async () => {
    const store = await filled();
    await putAway(store, record);
    await store.put(record, bytes(9));
    await putBack(store, record);
    expect(await store.get(record)).toEqual(bytes(9));
    await emptyBin(store, "models/");
    expect(await store.keys("models/a/")).toEqual([record, "models/a/shard-0"]);
  });

  it("does nothing for what is not there", async () => {
    const store = memoryStore();
    await putAway(store, record);
    await putBack(store, record);
    await emptyBin(store, "");
    expect(await store.keys("")).toEqual([]);
  });
});
