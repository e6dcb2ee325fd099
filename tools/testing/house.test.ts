// What must hold of the whole tree, and no linter checks.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Kernel } from "../../src/gpu/defineKernel.ts";
import { allKernels } from "../../src/kernels/allKernels.ts";
import { kernelCases } from "../../src/kernels/kernelCases.ts";
import { root } from "../lib/commands.mjs";

/** Files that git tracks or would track. */
function ownFiles(): string[] {
  const { stdout } = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  return stdout.split("\n").filter((file) => file !== "");
}

const files = ownFiles();
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const shaders = files.filter((file) => file.startsWith("shaders/") && file.endsWith(".wgsl"));

describe.skipIf(files.length === 0)("the tree", () => {
  test("every shader has a snake_case name and a row in the table of shaders", () => {
    const table = read("shaders/README.md");
    expect(shaders.length).toBeGreaterThan(0);
    expect(shaders.filter((shader) => !/^[a-z0-9_]+\.wgsl$/.test(basename(shader)))).toEqual([]);
    expect(shaders.filter((shader) => !table.includes(basename(shader)))).toEqual([]);
  });

  test("no file names a path of the machine it was written on", () => {
    // Spelled in parts, so that this file does not find itself.
    const paths = new RegExp(["", "(?:home|root|Users|work)", "[a-z]"].join("/"), "i");
    const texts = files.filter(
      (file) =>
        /\.(?:[cm]?[jt]sx?|json|wgsl|py|sh|md|html|css|ya?ml)$/.test(file) && !/(?:^|\/)package-lock\.json$|tokenizer\.json$/.test(file),
    );
    expect(
      texts.filter((file) =>
        read(file)
          .split("\n")
          .some((line) => paths.test(line.replaceAll(/https?:\/\/\S+/g, ""))),
      ),
    ).toEqual([]);
  });

  test("lock files name no download address", () => {
    const locks = files.filter((file) => file.endsWith("package-lock.json"));
    expect(locks).toContain("package-lock.json");
    expect(locks.filter((lock) => read(lock).includes('"resolved": "http'))).toEqual([]);
  });
});

describe("kernels", () => {
  const modules = import.meta.glob<Record<string, unknown>>(["../../src/kernels/*.ts", "!**/*.test.ts"], { eager: true });
  const isKernel = (value: unknown): value is Kernel => typeof value === "object" && value !== null && "spec" in value && "run" in value;

  test("each declared one is in the list that the tests run through, with cases", () => {
    const names = allKernels.map(({ spec }) => spec.name);
    const declared = Object.values(modules)
      .flatMap((module) => Object.values(module).flat())
      .filter(isKernel)
      .map(({ spec }) => spec.name);
    expect(new Set(names).size).toBe(names.length);
    expect(declared.filter((name) => !names.includes(name))).toEqual([]);
    expect(names.filter((name) => kernelCases(name).length < 3)).toEqual([]);
  });

  test("each shader is part of one that is tested", () => {
    const sources = allKernels.flatMap(({ spec }) => [spec.shader, ...Object.values(spec.variants ?? {})]).join("\n");
    expect(shaders.filter((shader) => !sources.includes(read(shader).trim()))).toEqual([]);
  });
});
