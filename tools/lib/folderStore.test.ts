import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { testStore } from "../../src/weights/testing/storeCases.ts";
import { folderStore } from "./folderStore.ts";

const home = await mkdtemp(join(tmpdir(), "store-"));
afterAll(() => rm(home, { recursive: true, force: true }));
let count = 0;
const newFolder = (): string => join(home, String(count++), "kept");

describe("a store in a folder", () => {
  testStore(() => folderStore(newFolder()));

  test("is there for the next program", async () => {
    const folder = newFolder();
    await (await folderStore(folder)).put("raw/a/0", Uint8Array.from([1, 2]));
    expect(await (await folderStore(folder)).get("raw/a/0")).toEqual(Uint8Array.from([1, 2]));
  });

  test("leaves no empty folders, and nothing outside its own", async () => {
    const folder = newFolder();
    const store = await folderStore(folder);
    await store.put("raw/a/b/0", new Uint8Array(1));
    await store.put("raw/c", new Uint8Array(1));
    await store.delete("raw/a/b/0");
    expect(await readdir(join(folder, "raw"))).toEqual(["c.bin"]);
    await store.delete("raw/c");
    expect(await readdir(folder)).toEqual([]);
    await expect(store.get("../../secret")).rejects.toMatchObject({ code: "internal" });
  });

  test("removes what was left half written long ago, and never shows it", async () => {
    const folder = newFolder();
    const [old, fresh] = [join(folder, "raw", "0.1-0.tmp"), join(folder, "raw", "1.1-1.tmp")];
    await mkdir(join(folder, "raw"), { recursive: true });
    for (const path of [old, fresh]) await writeFile(path, "half");
    await utimes(old, 1, 1);
    const store = await folderStore(folder);
    expect([existsSync(old), existsSync(fresh)]).toEqual([false, true]);
    expect(await store.keys("")).toEqual([]);
  });

  test("what cannot be written is an error that leaves nothing", async () => {
    const folder = newFolder();
    const store = await folderStore(folder);
    await expect(store.put(`raw/${"x".repeat(300)}`, new Uint8Array(1))).rejects.toThrow("ENAMETOOLONG");
    expect(await store.keys("")).toEqual([]);
  });
});
