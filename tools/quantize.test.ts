import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { tensorPlan } from "../src/model/tensorPlan.ts";
import { gpt2Folder } from "../src/weights/fixtures.ts";
import type { HostTensor } from "../src/weights/hostTensor.ts";
import { memoryFiles } from "../src/weights/fileSets.ts";
import { modelPlans } from "../src/model/modelPlans.ts";
import { readModel } from "../src/weights/readModel.ts";
import { loadModelFiles } from "../src/weights/httpShards.ts";
import { dequantizeTensor } from "../src/weights/quantize.ts";
import { writeSafetensors } from "../src/weights/safetensorsWriter.ts";
import { main } from "./quantize.ts";

let printed: string[] = [];
beforeEach(() => {
  printed = [];
  for (const method of ["log", "error"] as const) vi.spyOn(console, method).mockImplementation((line: string) => void printed.push(line));
});
afterEach(() => vi.restoreAllMocks());

async function folderOf(files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "quantize-"));
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
  return folder;
}

/** The written folder as the page would read it. */
async function readBack(folder: string): Promise<Map<string, HostTensor>> {
  const fetch = async (url: string) => new Response(await readFile(join(folder, basename(url))));
  const model = await loadModelFiles("https://host/manifest.json", { fetch });
  const tensors = new Map<string, HostTensor>();
  for await (const tensor of model.tensors()) tensors.set(tensor.name, tensor);
  return tensors;
}

test.each([8, 4])("a GPT-2 folder in %i bits is what the page then reads", async (bits) => {
  const source = gpt2Folder("");
  const out = join(await mkdtemp(join(tmpdir(), "quantize-")), "model");
  expect(await main([await folderOf(source), "--bits", String(bits), "--out", out, "--name", "Tiny"]), printed.join("\n")).toBe(0);
  expect((await readdir(out)).toSorted()).toEqual(["manifest.json", "shard-0000.bin", "tokenizer.json"]);
  const packed = await readBack(out);
  const floats = await readModel(memoryFiles("", source), modelPlans, { precision: "stored" });
  for await (const tensor of floats.tensors()) {
    const written = packed.get(tensor.name);
    if (tensor.format !== "f32" || !written) throw new Error(`${tensor.name} is missing`);
    expect(written.shape).toEqual(tensor.shape);
    const format = tensorPlan(floats.config)(tensor.name, tensor.shape)?.pack
      ? tensor.name.endsWith("wte.weight")
        ? "int8"
        : `int${bits}`
      : "f32";
    expect(written.format).toBe(format);
    const values = written.format === "f32" ? written.data : dequantizeTensor(written).data;
    const bound = { f32: 0, f16: 0, int8: 0.0012, int4: 0.015, int4m: 0 }[written.format];
    expect(Math.max(...values.map((value, i) => Math.abs(value - (tensor.data[i] ?? 0))))).toBeLessThanOrEqual(bound);
  }
  expect(packed.size).toBe(6);
  expect(printed.join("\n")).toMatch(new RegExp(`transformer\\.h\\.\\*\\.mlp\\.c_proj\\.weight +int${bits} +1 +\\d+ +\\d\\.\\d+ %`));
  expect(printed.join("\n").includes("embedding stays int8")).toBe(bits === 4);
});

test("the same input gives the same bytes", async () => {
  const source = await folderOf(gpt2Folder());
  const outs = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), "quantize-"))));
  for (const out of outs) await main([source, "--bits", "8", "--out", out, "--name", "Tiny"]);
  const [first, second] = await Promise.all(outs.map((out) => readFile(join(out, "manifest.json"), "utf8")));
  expect(first).toBe(second);
});

test("matrices whose inputs are no multiple of any group stay float32, and that is said", async () => {
  const files = gpt2Folder();
  const llama = { model_type: "llama", tie_word_embeddings: true };
  files.set("config.json", new TextEncoder().encode(JSON.stringify(llama)));
  files.set("model.safetensors", writeSafetensors([{ name: "layers.0.mlp.up_proj.weight", shape: [8, 36], data: new Float32Array(288) }]));
  const out = await mkdtemp(join(tmpdir(), "quantize-"));
  expect(await main([await folderOf(files), "--bits", "8", "--out", out])).toBe(0);
  expect((await readBack(out)).get("model.layers.0.mlp.up_proj.weight")?.format).toBe("f32");
  expect(printed.join("\n")).toContain("Kept float32, as their inputs are no multiple of 8: model.layers.*.mlp.up_proj.weight.");
});

const withoutTokenizer = new Map([...gpt2Folder()].filter(([name]) => name !== "tokenizer.json"));
const withoutWeights = new Map([...gpt2Folder()].filter(([name]) => name !== "model.safetensors"));
const otherKind = new Map([...gpt2Folder(), ["config.json", new TextEncoder().encode('{"model_type":"mamba"}')] as const]);

const refused: readonly [string, string[] | ReadonlyMap<string, Uint8Array>, RegExp][] = [
  ["no arguments", [], /bad-settings: Got 0 folders, expected one[^]*usage: npm run quantize/],
  ["two folders", ["a", "b", "--bits", "4", "--out", "c"], /Got 2 folders/],
  ["5 bits", ["a", "--bits", "5", "--out", "c"], /Got --bits 5, expected 4 or 8/],
  ["no bits", ["a", "--out", "c"], /Got --bits \(nothing\)/],
  ["no output", ["a", "--bits", "4"], /Got no --out/],
  ["an unknown option", ["a", "--bit", "4"], /bad-settings: .*--bit/],
  [
    "a folder that is not there",
    ["/nonexistent/model", "--bits", "4", "--out", "c"],
    /unknown-model: Got \/nonexistent\/model, expected a folder or file/,
  ],
  ["a folder without a tokenizer", withoutTokenizer, /bad-tokenizer: Tokenizer: got an empty text/],
  ["a folder without weights", withoutWeights, /unknown-files: .*expected model\.safetensors or/],
  ["another architecture", otherKind, /unsupported-architecture: config\.json: model_type is "mamba", expected gpt2, llama or qwen2/],
];

test.each(refused)("%s: exit code 2, and a message", async (_what, input, says) => {
  const argv = Array.isArray(input) ? input : [await folderOf(input), "--bits", "8", "--out", join(tmpdir(), "quantize-never")];
  expect(await main([...argv])).toBe(2);
  expect(printed.join("\n")).toMatch(says);
});
