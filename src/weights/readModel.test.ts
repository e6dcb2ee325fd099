import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { errorFacts, type ErrorFacts } from "../lib/errors.ts";
import { gpt2Folder } from "./fixtures.ts";
import { transposed, type FloatTensor, type HostTensor, type ModelFiles, type TensorPlan } from "./hostTensor.ts";
import { memoryFiles } from "./fileSets.ts";
import { parseShardIndex } from "./readFolder.ts";
import { readModel, type ModelPlans } from "./readModel.ts";
import { openSafetensors } from "./safetensors.ts";
import { writeSafetensors } from "./safetensorsWriter.ts";

const utf8 = new TextEncoder();

/** Drops buffers, turns what is called c_*; the real plan lies in a folder above and has its own tests. */
const plan = (): TensorPlan => (name) =>
  name.endsWith(".attn.bias") ? undefined : { name: `t.${name}`, transpose: name.includes(".c_") && name.endsWith("weight"), pack: false };

const plansOf = (folder: ModelPlans["folder"]): ModelPlans => ({
  folder,
  gguf: { config: () => ({}), plan: () => () => undefined, factors: "" },
});

const open = (files: ReadonlyMap<string, Uint8Array>, signal?: AbortSignal, folder = plan, name = ""): Promise<ModelFiles> =>
  readModel(memoryFiles(name, files), plansOf(folder), { precision: "stored", ...(signal ? { signal } : {}) });

async function load(files: ReadonlyMap<string, Uint8Array>, signal?: AbortSignal): Promise<HostTensor[]> {
  const model = await open(files, signal);
  const tensors: HostTensor[] = [];
  for await (const tensor of model.tensors()) tensors.push(tensor);
  return tensors;
}

/** The folder with some files replaced; null takes one away. */
function changed(files: Readonly<Record<string, Uint8Array | string | null>>): Map<string, Uint8Array> {
  const folder = gpt2Folder();
  for (const [name, content] of Object.entries(files)) {
    if (content === null) folder.delete(name);
    else folder.set(name, typeof content === "string" ? utf8.encode(content) : content);
  }
  return folder;
}

/** The same tensors in two files and an index. */
function sharded(edit: (map: Record<string, string>) => unknown = (map) => map): Map<string, Uint8Array> {
  const whole = openSafetensors(gpt2Folder().get("model.safetensors") ?? new Uint8Array(0));
  const names = [...whole.entries.keys()].filter((name) => !name.endsWith(".attn.bias"));
  const fileOf = (name: string) => `model-0000${name.length % 2}.safetensors`;
  const write = (file: string) => writeSafetensors(names.filter((name) => fileOf(name) === file).map((name) => whole.readTensor(name)));
  const map = Object.fromEntries(names.map((name) => [name, fileOf(name)]));
  return changed({
    "model.safetensors": null,
    "model.safetensors.index.json": JSON.stringify({ metadata: {}, weight_map: edit(map) }),
    "model-00000.safetensors": write("model-00000.safetensors"),
    "model-00001.safetensors": write("model-00001.safetensors"),
  });
}

describe("a folder", () => {
  test("gives its tensors by the plan: renamed, turned, or dropped", async () => {
    const folder = gpt2Folder();
    const tensors = await load(folder);
    const file = openSafetensors(folder.get("model.safetensors") ?? new Uint8Array(0));
    expect(tensors).toHaveLength(6);
    const stored = file.readTensor("transformer.h.0.attn.c_attn.weight");
    const read = tensors.find(({ name }) => name === "t.transformer.h.0.attn.c_attn.weight") as FloatTensor;
    expect(read.shape).toEqual([96, 32]);
    expect(read.data).toEqual(transposed(stored.data, 32, 96));
    expect(read.data[3 * 32 + 5]).toBe(stored.data[5 * 96 + 3]);
  });

  test("leaves matrices of float16 as they are where their rows are pairs; other tensors become float32", async () => {
    const halves = (...shape: number[]) => Uint16Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => 0x3c00 + k);
    const tensor = (name: string, ...shape: number[]) => ({ name, shape, data: halves(...shape) });
    const file = writeSafetensors([tensor("even", 3, 2), tensor("odd", 2, 3), tensor("h.c_fc.weight", 4, 3), tensor("vector", 4)]);
    const read = new Map((await load(changed({ "model.safetensors": file }))).map((found) => [found.name, found]));
    expect(read.get("t.even")).toEqual({ name: "t.even", shape: [3, 2], format: "f16", halves: halves(3, 2) });
    expect(read.get("t.h.c_fc.weight")).toMatchObject({ shape: [3, 4], format: "f16", halves: transposed(halves(4, 3), 4, 3) });
    expect(read.get("t.odd")).toMatchObject({ format: "f32", data: Float32Array.from({ length: 6 }, (_, k) => 1 + k / 1024) });
    expect(read.get("t.vector")).toMatchObject({ format: "f32" });
  });

  test("gives its texts", async () => {
    const model = await open(gpt2Folder());
    expect(model).toMatchObject({
      name: "gpt2",
      config: { n_embd: 32 },
      tokenizerConfig: { eos_token: "<|endoftext|>" },
    });
    expect(JSON.parse(model.tokenizerJson)).toHaveProperty("model");
  });

  test("needs no tokenizer", async () => {
    const folder = changed({ "tokenizer.json": null, "tokenizer_config.json": null });
    const model = await open(folder, undefined, plan, "mine");
    expect(model).toMatchObject({ name: "mine", tokenizerJson: "", tokenizerConfig: undefined });
  });

  test("in two files gives the same tensors", async () => {
    const byName = (tensors: HostTensor[]) => new Map(tensors.map((tensor) => [tensor.name, tensor]));
    expect(byName(await load(sharded()))).toEqual(byName(await load(gpt2Folder())));
  });

  test("can be left in the middle", async () => {
    const controller = new AbortController();
    const model = await open(gpt2Folder(), controller.signal);
    const rest = async () => {
      for await (const tensor of model.tensors()) if (tensor.name !== "") controller.abort();
    };
    await expect(rest()).rejects.toMatchObject({ code: "cancelled" });
    await expect(load(gpt2Folder(), AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
  });
});

const badFolders: readonly [string, Map<string, Uint8Array>, ErrorFacts["code"], RegExp][] = [
  ["no config", changed({ "config.json": null }), "unknown-files", /expected config\.json beside the safetensors file/],
  ["a broken config", changed({ "config.json": '{"model_type":' }), "bad-config", /config\.json: broken JSON at character 14/],
  ["a config that is a list", changed({ "config.json": "[]" }), "bad-config", /no object, expected an object/],
  ["a config with duplicate keys", changed({ "config.json": '{"n_embd":1,"n_embd":2}' }), "bad-config", /duplicate JSON key "n_embd"/],
  ["a config that is no UTF-8", changed({ "config.json": Uint8Array.of(0x7b, 0xff) }), "bad-config", /no UTF-8/],
  ["an HTML page for the config", changed({ "config.json": "<html>" }), "bad-config", /config\.json: got an HTML page, expected JSON/],
  [
    "a Git LFS pointer for the tokenizer",
    changed({ "tokenizer.json": "version https://git-lfs.github.com/spec/v1" }),
    "bad-tokenizer",
    /tokenizer\.json: got a Git LFS pointer/,
  ],
  ["a broken tokenizer config", changed({ "tokenizer_config.json": "{" }), "bad-tokenizer", /tokenizer_config\.json: got broken JSON/],
  [
    "no weights",
    changed({ "model.safetensors": null }),
    "unknown-files",
    /expected model\.safetensors or model\.safetensors\.index\.json beside config\.json/,
  ],
  [
    "a Git LFS pointer for the weights",
    changed({ "model.safetensors": "version https://git-lfs.github.com/spec/v1" }),
    "bad-safetensors",
    /model\.safetensors: Got a Git LFS pointer/,
  ],
  [
    "truncated weights",
    changed({ "model.safetensors": (gpt2Folder().get("model.safetensors") ?? new Uint8Array(0)).slice(0, 5000) }),
    "bad-safetensors",
    /model\.safetensors: Got a file of 5000 bytes, expected/,
  ],
  ["an empty index", sharded(() => ({})), "bad-safetensors", /no weight_map/],
  ["an index without a map", changed({ "model.safetensors.index.json": "{}" }), "bad-safetensors", /no weight_map, expected/],
  ["a broken index", changed({ "model.safetensors.index.json": "{" }), "bad-safetensors", /model\.safetensors\.index\.json: broken JSON/],
  [
    "a shard that is missing",
    sharded((map) => ({ ...map, more: "model-00002.safetensors" })),
    "bad-safetensors",
    /without model-00002\.safetensors, expected .*, which model\.safetensors\.index\.json names/,
  ],
  [
    "a tensor that its shard lacks",
    sharded((map) => ({ ...map, more: "model-00001.safetensors" })),
    "bad-safetensors",
    /model-00001\.safetensors: got no tensor "more"/,
  ],
  [
    "a tensor that the index lacks",
    sharded((map) => Object.fromEntries(Object.entries(map).slice(1))),
    "bad-safetensors",
    /got tensor ".*", expected only those/,
  ],
];

describe("a bad folder is refused:", () => {
  test.each(badFolders)("%s", async (_what, folder, code, says) => {
    const facts = await load(folder).then(
      () => undefined,
      (thrown: unknown) => errorFacts(thrown),
    );
    expect(facts?.message).toMatch(says);
    expect(facts?.code).toBe(code);
  });

  test.each(["../model.safetensors", "/etc/model.safetensors", "a/b.safetensors", "a\\b.safetensors", "..safetensors", "model.bin", "", 7])(
    "the shard name %j",
    (file) => {
      expect(() => parseShardIndex(JSON.stringify({ weight_map: { w: file } }))).toThrow(
        /file name .*expected a plain name ending in \.safetensors/,
      );
    },
  );

  test("one tensor under two names", async () => {
    const data = new Float32Array(2);
    const file = writeSafetensors(["a", "b"].map((name) => ({ name, shape: [2], data })));
    const same = () => () => ({ name: "same", transpose: false, pack: false });
    await expect(open(changed({ "model.safetensors": file }), undefined, same)).rejects.toThrow(/got tensor "same" twice/);
  });
});

test("the folders of golden values are read", async () => {
  const reference = join(import.meta.dirname, "../../tools/testing/reference");
  const folders = readdirSync(reference).filter((name) => existsSync(join(reference, name, "model.safetensors")));
  expect(folders.length).toBeGreaterThan(0);
  for (const folder of folders) {
    const files = new Map<string, Uint8Array>();
    for (const name of ["config.json", "model.safetensors"]) files.set(name, await readFile(join(reference, folder, name)));
    expect((await load(files)).every((tensor) => tensor.format === "f32" && tensor.data.every(Number.isFinite))).toBe(true);
  }
});
