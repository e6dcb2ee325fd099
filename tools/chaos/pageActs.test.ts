import { expect, test } from "vitest";
import { createPrng } from "../../src/lib/prng.ts";
import { unaccounted } from "./keptFiles.ts";
import { drawAct } from "./pageActs.ts";

test("what is drawn can be done, and says what it leaves", () => {
  const prng = createPrng(1);
  const names = new Set<string>();
  let rows: readonly string[] = [];
  let history: (readonly string[])[] = [];
  for (let number = 0; number < 200; number++) {
    const state = { safety: "saved", rows, canUndo: history.length > 0 };
    const { name, after } = drawAct({ state, history, number, draw: (below) => prng.below(below) });
    names.add(name);
    if (name === "undo") expect(after).toBe(history.at(-1));
    if (name === "edit") expect(after.slice(1)).toEqual(rows);
    if (name === "switch") expect(after.filter((row, index) => row !== rows[index])).toHaveLength(1);
    if (name === "new project") expect(after).toEqual([]);
    history = name === "undo" || name === "new project" ? [] : [...history, rows];
    rows = after;
    expect(rows.length).toBeLessThanOrEqual(6);
  }
  expect([...names].sort()).toEqual(["edit", "new project", "switch", "undo"]);
});

test("a file too many and one too few are seen", () => {
  const files = ["projects/projects-1", "projects/pa-2", "projects/pb-1"];
  expect(unaccounted(files, ["pa", "pb"])).toEqual([]);
  expect(unaccounted(files, ["pa"])).toEqual(["projects/pb-1"]);
  expect(unaccounted(files, ["pa", "pb", "pc"])).toEqual(["no file of pc"]);
  const more = [...files, "projects/pa-3", "projects/pb-1.crswap", "left"];
  expect(unaccounted(more, ["pa", "pb"])).toEqual(["projects/pa-3", "projects/pb-1.crswap", "left"]);
});
