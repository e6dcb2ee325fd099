import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { transposed } from "../weights/hostTensor.ts";
import { openSafetensors } from "../weights/safetensors.ts";
import { writeSafetensors, type WritableTensor } from "../weights/safetensorsWriter.ts";
import type { LoraAdapter } from "./modules.ts";
import { readPeftArchive, writePeftArchive } from "./peftArchive.ts";
import { configFile, expertOf, readPeftFolder, weightsFile, writePeftFolder, type FolderFiles } from "./peftFolder.ts";
import { bitsOf, finiteFloats, narrowOutline, referenceOutline, refusal, settingsOf } from "./testing/outlines.ts";
import { readZip, writeZip } from "./zipFile.ts";

const golden = (path: string): Uint8Array => Uint8Array.from(readFileSync(`tools/exchange/golden/${path}`));
const goldenFolder = (name: string): FolderFiles =>
  new Map([configFile, weightsFile].map((file) => [file, golden(`${name}/${file}`)] as const));
const saved = openSafetensors(golden("values.safetensors"));

const [inputs, outputs] = [3, 5];
const gpt2 = narrowOutline("tiny-gpt2", inputs, outputs);
const adapters = fc
  .tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1 }),
    fc.double({ min: 1e-3, max: 1e4, noNaN: true }),
  )
  .chain(([rank, layers, alpha]) =>
    fc
      .tuple(...layers.map(() => fc.record({ a: finiteFloats(rank * inputs), b: finiteFloats(rank * outputs) })))
      .map((parts): LoraAdapter => ({ layers: layers.toSorted((x, y) => x - y), module: gpt2.module, rank, alpha, parts })),
  );
const example: LoraAdapter = {
  layers: [0, 2],
  module: gpt2.module,
  rank: 2,
  alpha: 8,
  parts: [0, 1].map((i) => ({
    a: Float32Array.from({ length: 2 * inputs }, (_, k) => i + k),
    b: Float32Array.from({ length: 2 * outputs }, (_, k) => i - k),
  })),
};
const bits = ({ parts }: LoraAdapter) => parts.map(({ a, b }) => [bitsOf(a), bitsOf(b)]);

describe("folders that peft itself saved", () => {
  test.each([
    ["gpt2-short-name", "tiny-gpt2", { layers: [1, 3], module: "mlp.c_proj", rank: 2, alpha: 6 }],
    ["llama-exact-names", "tiny-llama", { layers: [0, 2], module: "mlp.down_proj", rank: 3, alpha: 8 }],
  ] as const)("%s is read with every value", (name, folder, shape) => {
    const model = referenceOutline(folder);
    const { parts, ...read } = readPeftFolder(model, goldenFolder(name));
    expect(read).toEqual(shape);
    shape.layers.forEach((layer, i) => {
      const key = `${name}/base_model.model.${model.architecture.block(layer)}.${shape.module}`;
      const [a, b] = [saved.readTensor(`${key}.lora_A.weight`), saved.readTensor(`${key}.lora_B.weight`)];
      expect(parts[i]?.a).toEqual(a.data);
      expect(parts[i]?.b).toEqual(transposed(b.data, b.shape[0] ?? 0, b.shape[1] ?? 0));
    });
    // Written again, the tensors are those that peft wrote, byte for byte.
    const [own, theirs] = [writePeftFolder(model, { parts, ...read }, folder), goldenFolder(name)].map((files) =>
      openSafetensors(files.get(weightsFile) ?? new Uint8Array()),
    );
    expect([...(own?.entries.keys() ?? [])].toSorted()).toEqual([...(theirs?.entries.keys() ?? [])].toSorted());
    for (const key of theirs?.entries.keys() ?? []) expect(own?.readTensor(key)).toEqual(theirs?.readTensor(key));
  });
});

describe("folders of our own", () => {
  test("name the modules exactly and say how their weights lie", () => {
    const config = (name: "tiny-gpt2" | "tiny-llama") => {
      const model = narrowOutline(name, inputs, outputs);
      const bytes = writePeftFolder(model, { ...example, module: model.module }, "base").get(configFile);
      return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    };
    expect(config("tiny-gpt2")).toMatchObject({
      target_modules: ["transformer.h.0.mlp.c_proj", "transformer.h.2.mlp.c_proj"],
      fan_in_fan_out: true,
      task_type: "CAUSAL_LM",
      peft_type: "LORA",
      r: 2,
      lora_alpha: 8,
      bias: "none",
      base_model_name_or_path: "base",
    });
    expect(config("tiny-llama")).toMatchObject({
      target_modules: ["model.layers.0.mlp.down_proj", "model.layers.2.mlp.down_proj"],
      fan_in_fan_out: false,
    });
  });

  test("come back bit for bit, also packed", () => {
    fc.assert(
      fc.property(adapters, (lora) => {
        const read = readPeftFolder(gpt2, writePeftFolder(gpt2, lora, "base"));
        expect({ ...read, parts: bits(read) }).toEqual({ ...lora, parts: bits(lora) });
        const { adapters: unpacked, unread } = readPeftArchive(gpt2, writePeftArchive(gpt2, [{ name: "edit-1", lora }], "base"));
        expect(unpacked.map((one) => ({ name: one.name, parts: bits(one.lora) }))).toEqual([{ name: "edit-1", parts: bits(lora) }]);
        expect(unread).toEqual(["load.py"]);
      }),
      { numRuns: 60 },
    );
  });

  test("an archive tells what it did not read, and takes each name once", () => {
    const files = readZip(
      writePeftArchive(
        gpt2,
        [
          { name: "a", lora: example },
          { name: "b", lora: example },
        ],
        "base",
      ),
    );
    expect([...files.keys()]).toEqual(["load.py", `a/${configFile}`, `a/${weightsFile}`, `b/${configFile}`, `b/${weightsFile}`]);
    files.set("a/README.md", new Uint8Array(3));
    expect(readPeftArchive(gpt2, writeZip(files)).unread).toEqual(["load.py", "a/README.md"]);
    const twice = ["a", "a"].map((name) => ({ name, lora: example }));
    expect(refusal(() => writePeftArchive(gpt2, twice, "base"))?.message).toContain("each name once");
    expect(refusal(() => writePeftArchive(gpt2, [{ name: "../a", lora: example }], "base"))?.code).toBe("bad-adapter");
    expect(refusal(() => writePeftArchive(gpt2, [], "base"))?.code).toBe("bad-adapter");
    files.delete(`b/${weightsFile}`);
    expect(refusal(() => readPeftArchive(gpt2, writeZip(files)))?.message).toContain(weightsFile);
    expect(refusal(() => readPeftArchive(gpt2, writeZip(new Map([["x", new Uint8Array(1)]]))))?.message).toContain(configFile);
  });

  test("an expert is its rows of the mixture", () => {
    const settings = settingsOf({ layers: [0, 2], module: gpt2.module, experts: 3, topK: 1, rank: 2 });
    const part = (columns: number) => Float32Array.from({ length: 3 * 2 * columns }, (_, i) => i);
    const values = { routerWeight: part(0), routerBias: part(0), a: [part(inputs), part(inputs)], b: [part(outputs), part(outputs)] };
    const { parts } = expertOf(gpt2, { settings, values }, 1);
    expect(parts[1]?.a).toEqual(Float32Array.of(6, 7, 8, 9, 10, 11));
    expect(parts[0]?.b).toEqual(Float32Array.of(10, 11, 12, 13, 14, 15, 16, 17, 18, 19));
    for (const expert of [-1, 3, 0.5]) expect(refusal(() => expertOf(gpt2, { settings, values }, expert))?.code).toBe("bad-adapter");
  });
});

describe("a folder that is not plain LoRA for this model is refused", () => {
  const files = writePeftFolder(gpt2, example, "base");
  const withConfig = (change: Readonly<Record<string, unknown>>): FolderFiles => {
    const config = JSON.parse(new TextDecoder().decode(files.get(configFile))) as object;
    return new Map([...files, [configFile, new TextEncoder().encode(JSON.stringify({ ...config, ...change }))]]);
  };
  const withTensors = (change: (tensors: WritableTensor[]) => WritableTensor[]): FolderFiles => {
    const file = openSafetensors(files.get(weightsFile) ?? new Uint8Array());
    const tensors = [...file.entries.keys()].map((key) => file.readTensor(key));
    return new Map([...files, [weightsFile, writeSafetensors(change(tensors))]]);
  };
  test.each<[string, FolderFiles, string]>([
    ["IA3", withConfig({ peft_type: "IA3" }), "peft_type"],
    ["another rank", withConfig({ r: 3 }), "got shape [2, 3], expected [3, 3]"],
    ["no rank", withConfig({ r: 0 }), "r 0"],
    ["a rank in words", withConfig({ r: "2" }), 'r "2"'],
    ["an alpha that is none", withConfig({ lora_alpha: null }), "lora_alpha"],
    ["rsLoRA", withConfig({ use_rslora: true }), "use_rslora"],
    ["DoRA", withConfig({ use_dora: true }), "use_dora"],
    ["a feature of a long name", withConfig({ ["x".repeat(9000)]: true }), `got ${"x".repeat(60)} true`],
    ["biases", withConfig({ bias: "all" }), "bias"],
    ["ranks of their own", withConfig({ rank_pattern: { c_proj: 4 } }), "rank_pattern"],
    ["further modules", withConfig({ modules_to_save: ["lm_head"] }), "modules_to_save"],
    ["a start that changes the base", withConfig({ init_lora_weights: "pissa" }), "pissa"],
    ["what a later peft may add", withConfig({ use_newlora: true }), "use_newlora"],
    ["a pattern", withConfig({ target_modules: ".*" }), "target_modules"],
    [
      "a layer that is asked for and missing",
      withConfig({ target_modules: ["mlp.c_proj"] }),
      "Got no tensors for transformer.h.1.mlp.c_proj",
    ],
    ["a layer that nobody asked for", withConfig({ layers_to_transform: [0] }), "Got tensors for transformer.h.2.mlp.c_proj"],
    ["another task", withConfig({ task_type: "SEQ_CLS" }), "task_type"],
    ["a configuration that is no object", new Map([...files, [configFile, new TextEncoder().encode("[]")]]), "no object"],
    ["a configuration that is no UTF-8", new Map([...files, [configFile, Uint8Array.of(0xff)]]), "UTF-8"],
    ["a key twice", new Map([...files, [configFile, new TextEncoder().encode('{"r":1,"r":2}')]]), "duplicate JSON key"],
    ["no configuration", new Map([...files].filter(([name]) => name !== configFile)), configFile],
    [
      "a pickle",
      new Map([
        [configFile, files.get(configFile) as Uint8Array],
        ["adapter_model.bin", new Uint8Array(4)],
      ]),
      weightsFile,
    ],
    ["no tensors", withTensors(() => []), "without adapters"],
    ["B missing", withTensors((all) => all.slice(0, -1)), "Got no tensor"],
    ["a tensor too many", withTensors((all) => [...all, { name: "x", shape: [1], data: new Float32Array(1) }]), '"x"'],
    [
      "no numbers",
      withTensors((all) => all.map((one) => ({ ...one, data: new Float32Array(one.data.length).fill(-Infinity) }))),
      "-Infinity",
    ],
    ["A the other way round", withTensors((all) => all.map((one) => ({ ...one, shape: one.shape.toReversed() }))), "got shape [3, 2]"],
    [
      "another module too",
      withTensors((all) => [
        ...all,
        { name: "base_model.model.transformer.h.0.mlp.c_fc.lora_A.weight", shape: [1], data: new Float32Array(1) },
      ]),
      "mlp.c_proj and mlp.c_fc",
    ],
  ])("%s", (_name, given, message) => {
    const facts = refusal(() => readPeftFolder(gpt2, given));
    expect(facts).toMatchObject({ code: "bad-adapter", message: expect.stringContaining(message) as string });
  });

  test("whatever byte is broken: a typed error, or an adapter as good as any", () => {
    const codes = ["bad-adapter", "bad-safetensors"];
    fc.assert(
      fc.property(fc.constantFrom(configFile, weightsFile), fc.nat(), fc.integer({ min: 1, max: 255 }), (name, place, flip) => {
        const broken = (files.get(name) ?? new Uint8Array()).slice();
        const at = place % broken.length;
        broken[at] = (broken[at] ?? 0) ^ flip;
        const facts = refusal(() => readPeftFolder(gpt2, new Map([...files, [name, broken]])));
        expect(facts === undefined || codes.includes(facts.code), facts?.message).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  test("float16 is read exactly, float64 is not rounded", () => {
    const halves = withTensors((all) => all.map((one) => ({ ...one, data: new Uint16Array(one.data.length).fill(0x3c00) })));
    expect(readPeftFolder(gpt2, halves).parts[1]?.a).toEqual(new Float32Array(2 * inputs).fill(1));
    const [a, b] = [2 * inputs, 2 * outputs];
    const header = (type: string) =>
      JSON.stringify(
        Object.fromEntries(
          [0, 2].flatMap((layer, i) =>
            ["A", "B"].map((part, j) => {
              const at = (i * (a + b) + j * a) * 8;
              const key = `base_model.model.transformer.h.${layer}.mlp.c_proj.lora_${part}.weight`;
              return [key, { dtype: type, shape: j === 0 ? [2, inputs] : [outputs, 2], data_offsets: [at, at + (j === 0 ? a : b) * 8] }];
            }),
          ),
        ),
      );
    const text = new TextEncoder().encode(header("F64"));
    const file = new Uint8Array(8 + text.length + 2 * (a + b) * 8);
    new DataView(file.buffer).setUint32(0, text.length, true);
    file.set(text, 8);
    expect(refusal(() => readPeftFolder(gpt2, new Map([...files, [weightsFile, file]])))?.message).toContain("got F64");
  });
});
