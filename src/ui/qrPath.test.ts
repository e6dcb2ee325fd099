import { describe, expect, test } from "vitest";
import { MOST_SCANNABLE, QUIET_MODULES, qrPath } from "./qrPath.ts";

/** The path drawn into modules; true is dark. */
function modules({ size, path }: { size: number; path: string }): boolean[][] {
  const drawn = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  for (const [, x = "", y = "", width = ""] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)) {
    const row = drawn[Number(y)];
    for (let i = 0; i < Number(width); i++) if (row) row[Number(x) + i] = true;
  }
  return drawn;
}

const finder = ["#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######"];

describe("a code", () => {
  const code = qrPath("https://lab.test/#lab=1.AbC-_");
  if (!code) throw new Error("no code");
  const drawn = modules(code);
  const corner = (left: number, top: number): string[] =>
    finder.map((_, y) => finder.map((__, x) => (drawn[top + y]?.[left + x] === true ? "#" : " ")).join(""));

  test("has its three finder patterns inside a quiet zone", () => {
    const far = code.size - QUIET_MODULES - finder.length;
    for (const [left, top] of [
      [QUIET_MODULES, QUIET_MODULES],
      [far, QUIET_MODULES],
      [QUIET_MODULES, far],
    ] as const) {
      expect(corner(left, top)).toEqual(finder);
    }
    expect(corner(far, far)).not.toEqual(finder);
    const outside = drawn.flatMap((row, y) => row.filter((_, x) => Math.min(x, y, code.size - 1 - x, code.size - 1 - y) < QUIET_MODULES));
    expect(outside).not.toContain(true);
  });

  test("is as wide as a version of the standard, and half dark", () => {
    expect((code.size - 2 * QUIET_MODULES - 17) % 4).toBe(0);
    const dark = drawn.flat().filter(Boolean).length / (code.size - 2 * QUIET_MODULES) ** 2;
    expect(dark).toBeGreaterThan(0.4);
    expect(dark).toBeLessThan(0.6);
  });

  test("differs for another text", () => {
    expect(qrPath("https://lab.test/#lab=1.AbC-x")?.path).not.toBe(code.path);
  });
});

test("the longest text has the largest version, one byte more has no code", () => {
  expect(qrPath("x".repeat(MOST_SCANNABLE))?.size).toBe(117 + 2 * QUIET_MODULES);
  expect(qrPath("x".repeat(MOST_SCANNABLE + 1))).toBeNull();
  expect(qrPath("é".repeat(MOST_SCANNABLE / 2 + 1))).toBeNull();
});
