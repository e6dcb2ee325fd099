import { describe, expect, test } from "vitest";
import { createHistory } from "./history.ts";

interface Entry {
  readonly name: string;
  readonly arrays: Readonly<Record<string, Float32Array>>;
}
const entry = (name: string, ...arrays: Float32Array[]): Entry => ({
  name,
  arrays: Object.fromEntries(arrays.map((one, i) => [`${i}`, one])),
});

describe("history", () => {
  test("goes back and forth, and forgets what could be done again once something else is done", () => {
    const history = createHistory<Entry>(({ arrays }) => arrays);
    expect(() => history.back(entry("now"))).toThrow(expect.objectContaining({ code: "nothing-to-undo" }));
    history.push(entry("a"));
    history.push(entry("b"));
    expect(history.back(entry("c")).name).toBe("b");
    expect(history.back(entry("b")).name).toBe("a");
    expect(history.forth(entry("a")).name).toBe("b");
    expect([history.canUndo, history.canRedo]).toEqual([true, true]);
    history.push(entry("b"));
    expect(history.canRedo).toBe(false);
    expect(() => history.forth(entry("d"))).toThrow(expect.objectContaining({ code: "nothing-to-undo" }));
  });

  test("drops the oldest beyond its bytes; arrays that steps share count once, and the last step always stays", () => {
    const shared = new Float32Array(10);
    const history = createHistory<Entry>(({ arrays }) => arrays, 60);
    for (const name of ["a", "b", "c"]) history.push(entry(name, shared));
    history.push(entry("d", shared, new Float32Array(5)));
    expect(["e", "d", "c", "b"].map((name) => history.back(entry(name)).name)).toEqual(["d", "c", "b", "a"]);
    const small = createHistory<Entry>(({ arrays }) => arrays, 60);
    small.push(entry("a", new Float32Array(10)));
    small.push(entry("b", new Float32Array(100)));
    expect(small.back(entry("c")).name).toBe("b");
    expect(small.canUndo).toBe(false);
  });
});
