import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { main } from "./reference.ts";

const golden = join(import.meta.dirname, "testing/reference/tiny-llama-tied");
let folder = "";
let printed: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reference-"));
  await cp(golden, folder, { recursive: true });
  printed = [];
  const keep = (line: unknown): void => void printed.push(String(line));
  vi.spyOn(console, "log").mockImplementation(keep);
  vi.spyOn(console, "error").mockImplementation(keep);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

interface Printed {
  readonly passed: boolean;
  readonly results: readonly { readonly findings: readonly { readonly quantity: string; readonly passed: boolean }[] }[];
}

test("golden values pass, and one changed loss fails by name", async () => {
  expect(await main([folder, "--json"])).toBe(0);
  expect((JSON.parse(printed.join("\n")) as Printed).passed).toBe(true);

  const facts = JSON.parse(await readFile(join(folder, "elder.json"), "utf8")) as Record<string, unknown>;
  await writeFile(join(folder, "elder.json"), JSON.stringify({ ...facts, guided_loss: Number(facts["guided_loss"]) * 1.001 }));
  printed = [];
  expect(await main([folder, "--json"])).toBe(1);
  const failed = (JSON.parse(printed.join("\n")) as Printed).results.flatMap(({ findings }) => findings.filter(({ passed }) => !passed));
  expect(failed.map(({ quantity }) => quantity)).toEqual(["guided loss"]);
});

test("weights that are not the golden model's fail", async () => {
  const bytes = await readFile(join(folder, "model.safetensors"));
  // A sign within the last tensor.
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 0x80, bytes.length - 1);
  await writeFile(join(folder, "model.safetensors"), bytes);
  expect(await main([folder])).toBe(1);
  expect(printed.join("\n")).toContain("FAIL");
});

test("a folder that cannot be read ends with code 2 and says what is missing", async () => {
  await rm(join(folder, "elder.safetensors"));
  expect(await main([folder])).toBe(2);
  expect(printed.join("\n")).toContain("has no elder.safetensors");
  expect(await main([join(folder, "nowhere")])).toBe(2);
  expect(await main([])).toBe(2);
});
