import { describe, expect, test } from "vitest";
import { createDocument } from "../keeping/document.ts";
import type { Json } from "../keeping/patch.ts";
import { migrations } from "../keeping/schema.ts";
import { fakeLocks } from "../keeping/testing/fakeLocks.ts";
import { tornFiles } from "../keeping/testing/tornFiles.ts";
import { EngineError } from "../lib/errors.ts";
import { createKeeper, type KeeperParts } from "./keeper.ts";

const keeperOf = (parts: Partial<KeeperParts> = {}) => {
  const files = tornFiles();
  return createKeeper({ files: async () => files, locks: fakeLocks, now: () => 1, onChange: () => {}, ...parts });
};
const work = { content: { facts: { edits: [] }, arrays: {} }, about: { model: "atlas", edits: 1, request: null }, name: "atlas" };

describe("a browser that keeps nothing", () => {
  test.each<[string, Partial<KeeperParts>, RegExp]>([
    ["has no locks", { locks: () => undefined }, /got no Web Locks\.$/],
    [
      "refuses a lock",
      { locks: () => ({ request: () => Promise.reject(new DOMException("The request was denied.", "SecurityError")) }) },
      /denied\.$/,
    ],
    [
      "refuses its files",
      {
        files: async () => {
          throw new EngineError("storage-unavailable", "Got no folder.", "Allow it.");
        },
      },
      /Got no folder/,
    ],
  ])("that %s says so, and what to do; nothing is thrown and nothing pretends to be saved", async (_, parts, said) => {
    const keeper = keeperOf(parts);
    const { role, problem, saved } = await keeper.start(false);
    expect({ role, saved }).toEqual({ role: "none", saved: null });
    expect(problem).toMatchObject({ code: "storage-unavailable", message: expect.stringMatching(said) });
    await keeper.keep(work);
    expect(keeper.facts).toMatchObject({ saved: null, current: null });
    await expect(keeper.read("p1")).rejects.toMatchObject({ code: "storage-unavailable" });
  });
});

describe("files of a newer page", () => {
  test("are left as they are: this page keeps nothing, and says that it is the older one", async () => {
    const files = tornFiles();
    const options = { migrations: [...migrations, (facts: Json) => facts], now: () => 1 };
    await (await createDocument(files, "projects", { facts: { projects: [] }, arrays: {} }, options)).close();
    const before = new Map(files.contents());
    const keeper = keeperOf({ files: async () => files });
    const { role, problem } = await keeper.start(false);
    expect({ role, code: problem?.code }).toEqual({ role: "none", code: "newer-schema" });
    await keeper.keep(work);
    expect(new Map(files.contents())).toEqual(before);
  });
});

test("on a full disk another project is opened all the same", async () => {
  const files = tornFiles();
  const first = keeperOf({ files: async () => files });
  await first.start(false);
  const ids = [await first.create(work), await first.create({ ...work, name: "other" })];
  const disk = files.afterCrash(() => 0).contents();
  const room = [...disk.values()].reduce((sum, { length }) => sum + length, 0);
  const keeper = keeperOf({ files: async () => tornFiles({ room }, disk) });
  await keeper.start(false);
  for (const id of ids) {
    await keeper.use(id);
    expect(keeper.facts).toMatchObject({ role: "writer", current: id, problem: null });
  }
  await keeper.keep({ ...work, content: { facts: { edits: [1] }, arrays: {} } });
  expect(keeper.facts).toMatchObject({ saved: null, problem: { code: "no-space" } });
});

describe("a bit that flips on the disk", () => {
  const edited = (count: number) => ({
    ...work,
    content: { facts: { edits: [], count }, arrays: { learned: new Float32Array(1000).fill(count) } },
  });

  /** A project of four changes, with one bit of what the n-th wrote turned over. */
  async function flipped(change: number) {
    const files = tornFiles();
    let time = 100;
    const parts = { files: async () => files, now: () => (time += 100) };
    const keeper = keeperOf(parts);
    await keeper.start(false);
    const ends: number[] = [];
    for (let count = 1; count <= 4; count++) {
      await keeper.keep(edited(count));
      ends.push([...files.contents()].find(([name]) => /^p[0-9a-f]{16}-/.test(name))?.[1].length ?? 0);
    }
    const id = keeper.facts.current ?? "";
    await keeper.use(null);
    const file = await files.open(`${id}-1`, { create: false });
    const at = (ends[change - 2] ?? 0) + 2000;
    file.write(
      at,
      file.read(at, 1).map((byte) => byte ^ 8),
    );
    file.flush();
    file.close();
    const later = keeperOf({ ...parts, files: async () => files.afterCrash(() => 0) });
    await later.start(false);
    return { keeper: later, id };
  }

  test.each([2, 3, 4])(
    "in change %i is found: what was whole before it is in use, that is said, and the next change is saved",
    async (change) => {
      const { keeper, id } = await flipped(change);
      const before = edited(change - 1).content;
      expect(await keeper.read(id)).toEqual(before);
      await keeper.use(id);
      expect(keeper.facts).toMatchObject({ current: id, problem: { code: "bad-project" } });
      await keeper.keep(edited(9));
      expect(keeper.facts.problem).toBeNull();
      await keeper.use(null);
      expect(await keeper.read(id)).toEqual(edited(9).content);
    },
  );
});

test("names are made unlike each other, and one of nothing is refused", async () => {
  const keeper = keeperOf();
  await keeper.start(false);
  await keeper.create(work);
  await keeper.create(work);
  const { list } = keeper.facts;
  expect(list.map(({ name }) => name)).toEqual(["atlas (2)", "atlas"]);
  await expect(keeper.rename(list[0]?.id ?? "", "  ")).rejects.toMatchObject({ code: "bad-settings" });
});
