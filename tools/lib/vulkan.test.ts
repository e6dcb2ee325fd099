import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { adapterFault, askedAdapter, findLavapipe } from "./vulkan.mjs";

beforeEach(() => {
  vi.stubEnv("VK_ICD_FILENAMES", "");
  vi.stubEnv("ELDER_ADAPTER", "");
});
afterEach(() => vi.unstubAllEnvs());

describe("ELDER_ADAPTER", () => {
  test("asks for one of the two adapters, or for none", () => {
    expect(askedAdapter()).toBeUndefined();
    vi.stubEnv("ELDER_ADAPTER", "lavapipe");
    expect(askedAdapter()).toBe("lavapipe");
    vi.stubEnv("ELDER_ADAPTER", "llvmpipe");
    expect(askedAdapter).toThrow('ELDER_ADAPTER is "llvmpipe"; it can be swiftshader or lavapipe.');
  });

  test("gives way to VK_ICD_FILENAMES", () => {
    vi.stubEnv("ELDER_ADAPTER", "lavapipe");
    vi.stubEnv("VK_ICD_FILENAMES", "own.json");
    expect(askedAdapter()).toBeUndefined();
  });
});

describe("lavapipe's driver file", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "icd-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (...files: string[]): void => files.forEach((file) => writeFileSync(join(folder, file), "{}"));

  test("may bear the processor's name", () => {
    const own = { x64: "lvp_icd.x86_64.json", arm64: "lvp_icd.aarch64.json" }[process.arch as string] ?? "lvp_icd.other.json";
    write("intel_icd.json", own);
    expect(findLavapipe(folder)).toBe(join(folder, own));
  });

  test("is found without it, before that of another processor", () => {
    write("lvp_icd.i686.json", "lvp_icd.json");
    expect(findLavapipe(folder)).toBe(join(folder, "lvp_icd.json"));
  });

  test("may be missing, with its folder or alone", () => {
    write("intel_icd.json");
    expect(findLavapipe(folder)).toBeUndefined();
    expect(findLavapipe(join(folder, "none"))).toBeUndefined();
  });
});

test("an adapter other than the one asked for is told, with what to do", () => {
  const swiftShader = { description: "SwiftShader driver 5.0.0" };
  const mesa = (version: string): { description: string } => ({ description: `llvmpipe: Mesa ${version} (LLVM 15.0.6) 0.0.1` });
  expect(adapterFault("swiftshader", swiftShader)).toBeUndefined();
  expect(adapterFault("lavapipe", mesa("25.0.7-2~bpo12+1"))).toBeUndefined();
  expect(adapterFault("lavapipe", mesa("24.0.0-devel"))).toBeUndefined();
  expect(adapterFault("lavapipe", mesa("22.3.6"))).toContain("of Mesa 22.3.6, too old. lavapipe comes with Mesa 24 or newer");
  expect(adapterFault("lavapipe", swiftShader)).toBe("ELDER_ADAPTER asks for lavapipe, and Dawn gives SwiftShader driver 5.0.0.");
  expect(adapterFault("lavapipe", undefined)).toContain("Dawn gives no adapter. lavapipe comes with");
});
