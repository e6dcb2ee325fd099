import { describe, expect, test } from "vitest";
import type { Content } from "./content.ts";
import { openProjects, type Projects } from "./projects.ts";
import { migrations } from "./schema.ts";
import { tornFiles, type TornFiles } from "./testing/tornFiles.ts";

let time = 0;
const options = { migrations, now: () => ++time };
const content = (at: number): Content => ({ facts: { at }, arrays: { w: Float32Array.of(at, 0.1) } });
const named = ({ list }: Projects): string[] => list.map(({ name, deleted }) => (deleted === null ? name : `(${name})`)).sort();
const randomOf = (seed: number) => () => (seed = (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0) / 2 ** 32;

describe("projects", () => {
  test("are created, opened, renamed, copied, binned and brought back, and survive a restart", async () => {
    const files = tornFiles();
    const projects = await openProjects(files, options);
    const one = await projects.create("One", content(1));
    const document = await projects.open(one);
    await document.commit(content(2));
    await document.close();
    const two = await projects.duplicate(one, "Two");
    await projects.rename(one, "First");
    await projects.remove(one);
    expect(named(projects)).toEqual(["(First)", "Two"]);
    await projects.restore(one);
    await projects.remove(two);
    await projects.close();
    const again = await openProjects(files, options);
    expect(named(again)).toEqual(["First"]);
    expect((await again.open(one)).content).toEqual(content(2));
    expect((await files.list()).length).toBe(2);
    await expect(again.open(two)).rejects.toMatchObject({ code: "unknown-project" });
  });

  test("are found again where the list is lost", async () => {
    const files = tornFiles();
    const projects = await openProjects(files, options);
    const one = await projects.create("One", content(1));
    await projects.close();
    await files.remove("projects-1");
    const again = await openProjects(files, options);
    expect(named(again)).toEqual(["Recovered project"]);
    expect((await again.open(one)).content).toEqual(content(1));
  });

  test("are found again where the list is damaged, though its repair is cut at any operation", async () => {
    const damaged = async (stopAt: number) => {
      const files = tornFiles();
      const projects = await openProjects(files, options);
      for (const name of ["One", "Two", "Three"]) await projects.create(name, content(1));
      await projects.close();
      const list = await files.open("projects-1", { create: false });
      list.write(list.size >> 1, new Uint8Array(8));
      list.flush();
      list.close();
      return tornFiles({ stopAt }, files.contents());
    };
    for (let stopAt = 1; ; stopAt++) {
      const files = await damaged(stopAt);
      const isDone = await openProjects(files, options).then(
        () => true,
        () => false,
      );
      const projects = await openProjects(files.afterCrash(randomOf(stopAt)), options);
      expect(projects.list.length, `operation ${stopAt}`).toBe(3);
      for (const { id } of projects.list) expect((await projects.open(id)).content).toEqual(content(1));
      if (isDone) break;
    }
  });

  test("after a crash in any operation are those before it or after it, with no orphan", async () => {
    const whole = tornFiles();
    await script(whole, []);
    for (let stopAt = 1; stopAt <= whole.operations; stopAt++) {
      for (const seed of [1, 2, 3]) {
        const seen: string[][] = [[]];
        const files = tornFiles({ stopAt });
        await script(files, seen);
        const disk = files.afterCrash(randomOf(seed * 31 + stopAt));
        const projects = await openProjects(disk, options);
        // The bin is emptied by a start.
        const live = (names: readonly string[]): string => names.filter((name) => !name.startsWith("(")).join();
        const next = after[seen.length] ?? after.at(-1)!;
        expect([live(seen.at(-1)!), live(next)], `operation ${stopAt}, seed ${seed}`).toContain(named(projects).join());
        for (const { id } of projects.list) expect((await projects.open(id)).content).toEqual(content(1));
        expect((await disk.list()).length, `operation ${stopAt}, seed ${seed}`).toBe(projects.list.length + 1);
      }
    }
  });
});

/** What the script leads to, step by step. */
const after: readonly string[][] = [[], [], ["A"], ["A", "B"], ["A", "C"], ["(A)", "C"], ["A", "C"], ["(A)", "C"], ["C"]];

async function script(files: TornFiles, seen: string[][]): Promise<void> {
  try {
    const projects = await openProjects(files, options);
    const did = (): unknown => seen.push(named(projects));
    did();
    const a = await projects.create("A", content(1));
    did();
    const b = await projects.duplicate(a, "B");
    did();
    await projects.rename(b, "C");
    did();
    await projects.remove(a);
    did();
    await projects.restore(a);
    did();
    await projects.remove(a);
    did();
    await projects.emptyBin();
    did();
    await projects.close();
  } catch (thrown) {
    if (!files.isOff) throw thrown;
  }
}
