import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { tinyConfig, tinyTensors, tinyTokenizerConfig, tinyTokenizerJson } from "../src/model/testing/tinyModel.ts";
import { encodeModel } from "../src/weights/encodeModel.ts";
import { writeSafetensors } from "../src/weights/safetensorsWriter.ts";
import { folderWith, impostors, soundConfig, type Files } from "../src/weights/testing/malformedBase.ts";
import { assemble, soundGguf, withTensor } from "../src/weights/testing/malformedGgufBase.ts";
import { shardedWith } from "../src/weights/testing/malformedIndex.ts";
import { main } from "./inspect.ts";

const printed: { out: string[]; err: string[] } = { out: [], err: [] };
beforeEach(() => {
  printed.out = [];
  printed.err = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void printed.out.push(line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void printed.err.push(line));
});
afterEach(() => vi.restoreAllMocks());

async function written(files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "inspect-"));
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
  return folder;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const oneFile = (name: string, content: Uint8Array | string): Files =>
  new Map([[name, typeof content === "string" ? bytes(content) : content]]);
const gguf = (raw = soundGguf): Uint8Array => assemble(raw).bytes;
const sound = folderWith();
const weights = sound.get("model.safetensors") ?? new Uint8Array();

async function ownShards(): Promise<Files> {
  const { manifest, files } = await encodeModel({
    name: "Tiny",
    config: tinyConfig("gpt2"),
    tokenizerJson: tinyTokenizerJson,
    tokenizerConfig: tinyTokenizerConfig,
    quantization: { bits: 8, group: 32 },
    tensors: tinyTensors("gpt2", { format: "int8" }),
    shardBytes: 20_000,
  });
  return new Map([...files, ["manifest.json", bytes(JSON.stringify(manifest))]]);
}

/** What is inspected, the file of it where it is not the whole folder, and lines among those printed. */
const good: readonly [what: string, files: Files | (() => Promise<Files>), file: string | undefined, lines: readonly RegExp[]][] = [
  [
    "a GGUF file",
    oneFile("tiny.gguf", gguf()),
    "tiny.gguf",
    [
      /^tiny\.gguf: GGUF version 3, \d+ bytes, 17 metadata keys, 12 tensors$/,
      /^ {2}general\.architecture = "llama"$/,
      /^ {2}llama\.rope\.freq_base = 10000$/,
      /^ {2}tokenizer\.ggml\.tokens = \["<\|endoftext\|>", .*, … 441 in all\]$/,
      /^ {2}blk\.0\.attn_k\.weight +Q4_0 +\[16, 32\] {2}288 bytes$/,
      /^Loads as llama "Tiny": 1 layers, 32 wide, 4 heads$/,
      /^ {2}model\.layers\.0\.self_attn\.k_proj\.weight +int4\/32 +\[16, 32\] {2}\d+ bytes$/,
      /^Tokenizer: 441 tokens, for 441 rows of the embedding$/,
      /^Weights: each read, each a finite number$/,
    ],
  ],
  ["a GGUF file by another name", oneFile("blob", gguf()), "blob", [/^blob: GGUF version 3/, /^Loads as llama "Tiny"/]],
  [
    "a safetensors file",
    oneFile("x.safetensors", writeSafetensors([{ name: "w", shape: [2, 3], data: new Uint16Array(6) }], { format: "pt" })),
    "x.safetensors",
    [/^x\.safetensors: safetensors, \d+ bytes, 1 tensors$/, /^ {2}format = "pt"$/, /^ {2}w {2}F16 +\[2, 3\] {2}12 bytes$/],
  ],
  [
    "a folder",
    sound,
    undefined,
    [
      /^Loads as llama "inspect-\w+": 1 layers, 32 wide, 4 heads$/,
      /^\d+ parameters in 12 tensors, f32: \d+ bytes on the GPU$/,
      /^ {2}model\.norm\.weight +f32 +\[32\] {2}128 bytes$/,
      /^Tokenizer: 441 tokens/,
    ],
  ],
  ["a folder of several files", shardedWith(), undefined, [/^Loads as llama/, /^\d+ parameters in 12 tensors/]],
  ["a folder of GPT-2", folderWith({}, "gpt2"), undefined, [/^Loads as gpt2/, /transformer\.h\.0\.attn\.c_attn\.weight +f32 +\[96, 32\]/]],
  [
    "an index",
    shardedWith(),
    "model.safetensors.index.json",
    [/: safetensors index, 12 tensors in 2 files$/, /^ {2}model\.norm\.weight {2}model-00001-of-00002/],
  ],
  [
    "a config.json",
    sound,
    "config.json",
    [/^config\.json: config of a llama model$/, /^ {2}hiddenSize = 32$/, /^ {2}ropeFrequencies = \[1, /],
  ],
  ["a tokenizer.json", sound, "tokenizer.json", [/^tokenizer\.json: tokenizer, 441 tokens, texts end with 0$/]],
  ["a tokenizer_config.json", sound, "tokenizer_config.json", [/: settings of a tokenizer$/, /^ {2}eos_token = "<\|endoftext\|>"$/]],
  [
    "a manifest",
    ownShards,
    "manifest.json",
    [/^manifest\.json: manifest of our own shards, "Tiny", revision [0-9a-f]{12}, \d+ shards$/, /int8\/32/],
  ],
  ["a folder of our own shards", ownShards, undefined, [/^Loads as gpt2 "Tiny": 3 layers/, /int8, groups of 32/]],
];

test.each(good)("%s: exit code 0, and what it is", async (_what, files, file, lines) => {
  const folder = await written(typeof files === "function" ? await files() : files);
  expect(await main([file === undefined ? folder : join(folder, file)]), printed.err.join()).toBe(0);
  for (const line of lines) expect(printed.out).toContainEqual(expect.stringMatching(line));
  expect(printed.err).toEqual([]);
});

/** The folder, the file of it where it is not the whole, and what the error stream says. */
const bad: readonly [what: string, files: Files, file: string | undefined, says: RegExp][] = [
  [
    "a GGUF file with a scale that is no number",
    oneFile("x.gguf", gguf(withTensor("blk.0.attn_q.weight", ({ data }) => ({ data: data.map((byte, i) => (i === 1 ? 0x7e : byte)) })))),
    "x.gguf",
    /^bad-gguf: x\.gguf, tensor "blk\.0\.attn_q\.weight": Got a scale that is no finite number/,
  ],
  ["a GGUF file of no bytes", oneFile("x.gguf", ""), "x.gguf", /^bad-gguf: GGUF: the magic number: got the end of the file/],
  ["a GGUF file cut short", oneFile("x.gguf", gguf().slice(0, -100)), "x.gguf", /^bad-gguf: .*expected it inside: the file is cut short/],
  [
    "a GGUF file that lacks a tensor",
    oneFile("x.gguf", gguf(withTensor("output_norm.weight", () => undefined))),
    "x.gguf",
    /^bad-config: The weights have no tensor "model\.norm\.weight", expected/,
  ],
  [
    "a safetensors file cut short",
    oneFile("x.safetensors", weights.slice(0, 2000)),
    "x.safetensors",
    /^bad-safetensors: Got a file of 2000 bytes/,
  ],
  [
    "an LFS pointer",
    oneFile("x.safetensors", impostors["an-lfs-pointer"] ?? ""),
    "x.safetensors",
    /^bad-safetensors: Got a Git LFS pointer.*\n.*git lfs pull/,
  ],
  [
    "a broken config.json",
    oneFile("config.json", '{"model_type":'),
    "config.json",
    /^bad-config: config\.json: broken JSON at character 14/,
  ],
  [
    "another architecture",
    oneFile("config.json", '{"model_type":"mamba"}'),
    "config.json",
    /^unsupported-architecture: .*"mamba", expected gpt2, llama or qwen2/,
  ],
  [
    "a config.json of 3 MB",
    oneFile("config.json", " ".repeat(3_000_000)),
    "config.json",
    /^bad-config: config\.json: got 3000000 bytes, expected at most/,
  ],
  ["a config.json that is no UTF-8", oneFile("config.json", Uint8Array.of(0x7b, 0xff)), "config.json", /^bad-config: .*no UTF-8/],
  [
    "a web page for a tokenizer",
    oneFile("tokenizer.json", "<!doctype html>"),
    "tokenizer.json",
    /^bad-tokenizer: tokenizer\.json: got an HTML page, expected JSON/,
  ],
  [
    "a tokenizer without a model",
    oneFile("tokenizer.json", '{"added_tokens":[]}'),
    "tokenizer.json",
    /^bad-tokenizer: Tokenizer: got model nothing/,
  ],
  [
    "a tokenizer_config.json that is a list",
    oneFile("tokenizer_config.json", "[]"),
    "tokenizer_config.json",
    /^bad-tokenizer: .*got a list, expected an object/,
  ],
  [
    "an index that leaves its folder",
    oneFile("model.safetensors.index.json", '{"weight_map":{"w":"../w.safetensors"}}'),
    "model.safetensors.index.json",
    /^bad-safetensors: .*file name "\.\.\/w\.safetensors"/,
  ],
  ["a manifest of another kind", oneFile("manifest.json", '{"name":"page"}'), "manifest.json", /^bad-manifest: .*got format nothing/],
  ["a folder without weights", folderWith({ "model.safetensors": null }), undefined, /^unknown-files: .*expected model\.safetensors or/],
  ["a folder without a tokenizer", folderWith({ "tokenizer.json": null }), undefined, /^bad-tokenizer: /],
  [
    "a folder of another width",
    folderWith({ "config.json": JSON.stringify({ ...soundConfig("llama"), hidden_size: 64 }) }),
    undefined,
    /^bad-config: The weights do not fit together/,
  ],
  ["an empty folder", new Map(), undefined, /^unknown-files: .*got no files, expected/],
  [
    "a pickle",
    oneFile("pytorch_model.bin", impostors["a-pickle"] ?? ""),
    "pytorch_model.bin",
    /^unknown-files: .*got a PyTorch pickle, expected GGUF/,
  ],
  ["a picture", oneFile("x.png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47)), "x.png", /^unknown-files: x\.png: got a file of an unknown kind/],
];

test.each(bad)("%s: exit code 2, the code and the message", async (_what, files, file, says) => {
  const folder = await written(files);
  expect(await main([file === undefined ? folder : join(folder, file)])).toBe(2);
  expect(printed.err.join("\n")).toMatch(says);
  expect(printed.err.join("\n")).toMatch(/^[a-z-]+: .+\n.+/);
});

describe("arguments", () => {
  test.each([
    ["none", [], /^bad-settings: Got 0 files, expected one\.\nusage: npm run inspect/],
    ["two", ["a", "b"], /^bad-settings: Got 2 files/],
    ["what is not there", ["/nonexistent/model.gguf"], /^unknown-model: Got \/nonexistent\/model\.gguf, expected/],
  ])("%s", async (_what, argv, says) => {
    expect(await main([...argv])).toBe(2);
    expect(printed.err.join("\n")).toMatch(says);
  });
});

test("a name cannot move the cursor", async () => {
  const name = "w\u001b[2J\n";
  const folder = await written(oneFile("x.safetensors", writeSafetensors([{ name, shape: [1], data: new Float32Array(1) }])));
  expect(await main([join(folder, "x.safetensors")])).toBe(0);
  expect(printed.out.join("")).not.toMatch(/\p{Cc}/u);
});
