import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MixtureValues } from "../mixture/mixtureState.ts";
import type { MethodSettings } from "../mixture/settings.ts";
import { openSafetensors } from "../weights/safetensors.ts";
import { writeSafetensors, type WritableTensor } from "../weights/safetensorsWriter.ts";
import { readMixtureFile, writeMixtureFile, type MixtureContent } from "./mixtureFile.ts";
import { bitsOf, finiteFloats, narrowOutline, readReference, referenceOutline, refusal, settingsOf } from "./testing/outlines.ts";

const [inputs, outputs] = [3, 5];
const gpt2 = narrowOutline("tiny-gpt2", inputs, outputs);
const settings = settingsOf({ layers: [1, 3], module: gpt2.module, experts: 2, topK: 1, rank: 2 });

const valuesOf = ({ layers, experts, rank }: MethodSettings, at: (index: number) => number): MixtureValues => {
  const part = (length: number) => Float32Array.from({ length }, (_, i) => at(i));
  return {
    routerWeight: part(layers.length * experts * inputs),
    routerBias: part(layers.length * experts),
    a: layers.map(() => part(experts * rank * inputs)),
    b: layers.map(() => part(experts * rank * outputs)),
  };
};
const content: MixtureContent = { settings, values: valuesOf(settings, (i) => i + 0.5) };

/** The file with some of its tensors or its metadata changed. */
function changed(
  change: (tensors: WritableTensor[]) => WritableTensor[],
  metadata?: Readonly<Record<string, string>>,
  written = content,
): Uint8Array {
  const file = openSafetensors(writeMixtureFile(gpt2, written));
  const tensors = [...file.entries.values()].map(({ name, shape }) => ({ name, shape, data: file.readTensor(name).data }));
  return writeSafetensors(change(tensors), metadata ?? file.metadata);
}

const M = "base_model.model.transformer.h.3.mlp.c_proj";

describe("a mixture in the released code's layout", () => {
  test("has their keys and shapes", () => {
    const { entries, metadata } = openSafetensors(writeMixtureFile(gpt2, content));
    const shapes = Object.fromEntries(
      [...entries].filter(([name]) => name.startsWith(M)).map(([name, { shape }]) => [name.slice(M.length), shape]),
    );
    expect(shapes).toEqual({
      ".experts.0.lora_A.default": [inputs, 2],
      ".experts.0.lora_B.default": [2, outputs],
      ".experts.1.lora_A.default": [inputs, 2],
      ".experts.1.lora_B.default": [2, outputs],
      ".gate.gate.weight": [2, inputs],
      ".gate.gate.bias": [2],
    });
    expect(entries.size).toBe(12);
    expect(metadata["format"]).toBe("pt");
  });

  test.each(["tiny-gpt2", "tiny-llama"] as const)("has the values that PyTorch trained, the way round that it has them: %s", (name) => {
    const model = referenceOutline(name);
    const golden = openSafetensors(readReference(`${name}/elder.safetensors`));
    const told = JSON.parse(new TextDecoder().decode(readReference(`${name}/elder.json`))) as { layers: number[]; module: string };
    const layers = told.layers.map((layer) => {
      const read = (part: string) => golden.readTensor(`trained.layers.${layer}.${part}`);
      return { a: read("A"), b: read("B"), weight: read("gate.weight"), bias: read("gate.bias") };
    });
    const [experts = 0, width = 0, rank = 0] = layers[0]?.a.shape ?? [];
    const out = layers[0]?.b.shape[2] ?? 0;
    // Theirs are named and turned as PyTorch has them; what is read has to be as the kernels have it, (N · r, I).
    const bytes = writeSafetensors(
      layers.flatMap(({ a, b, weight, bias }, i) => {
        const module = `base_model.model.${model.architecture.block(told.layers[i] ?? 0)}.${told.module}`;
        const each = Array.from({ length: experts }, (_, e) => [
          {
            name: `${module}.experts.${e}.lora_A.default`,
            shape: [width, rank],
            data: a.data.slice(e * width * rank, (e + 1) * width * rank),
          },
          { name: `${module}.experts.${e}.lora_B.default`, shape: [rank, out], data: b.data.slice(e * out * rank, (e + 1) * out * rank) },
        ]);
        return [...each.flat(), { ...weight, name: `${module}.gate.gate.weight` }, { ...bias, name: `${module}.gate.gate.bias` }];
      }),
    );
    const assumed = settingsOf({ layers: told.layers, module: told.module, experts, rank });
    const read = readMixtureFile(model, bytes, assumed);
    expect(read.settings).toEqual(assumed);
    const { a, b } = read.values;
    const at = (e: number, i: number, j: number) => layers[1]?.a.data[(e * width + i) * rank + j];
    expect(a[1]?.[(2 * rank + 3) * width + 5]).toBe(at(2, 5, 3));
    expect(b[1]).toEqual(layers[1]?.b.data);
    const again = openSafetensors(writeMixtureFile(model, read));
    for (const [key] of openSafetensors(bytes).entries) expect(again.readTensor(key)).toEqual(openSafetensors(bytes).readTensor(key));
  });

  test("comes back bit for bit", () => {
    const any = fc.tuple(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1 }),
    );
    const mixtures = any.chain(([experts, rank, layers]) => {
      const own = settingsOf({ module: gpt2.module, experts, topK: 1, rank, layers: layers.toSorted((x, y) => x - y) });
      const each = (columns: number) => fc.tuple(...layers.map(() => finiteFloats(experts * rank * columns)));
      return fc
        .tuple(finiteFloats(layers.length * experts * inputs), finiteFloats(layers.length * experts), each(inputs), each(outputs))
        .map(([routerWeight, routerBias, a, b]): MixtureContent => ({ settings: own, values: { routerWeight, routerBias, a, b } }));
    });
    fc.assert(
      fc.property(mixtures, (written) => {
        const read = readMixtureFile(gpt2, writeMixtureFile(gpt2, written));
        expect(read.settings).toEqual(written.settings);
        expect(bitsOf(read.values.routerWeight)).toEqual(bitsOf(written.values.routerWeight));
        expect(bitsOf(read.values.routerBias)).toEqual(bitsOf(written.values.routerBias));
        expect(read.values.a.map(bitsOf)).toEqual(written.values.a.map(bitsOf));
        expect(read.values.b.map(bitsOf)).toEqual(written.values.b.map(bitsOf));
      }),
      { numRuns: 60, examples: [] },
    );
  });
});

describe("a mixture that does not fit is refused", () => {
  const text = openSafetensors(writeMixtureFile(gpt2, content)).metadata["elder"] ?? "";
  test.each<[string, () => Uint8Array, string]>([
    ["a tensor is missing", () => changed((all) => all.filter(({ name }) => name !== `${M}.experts.1.lora_B.default`)), "experts.1.lora_B"],
    ["a router is missing", () => changed((all) => all.filter(({ name }) => name !== `${M}.gate.gate.bias`)), "gate.gate.bias"],
    [
      "a layer is missing",
      () => changed((all) => all.filter(({ name }) => !name.startsWith(M))),
      "Got layers 1 in the tensors, expected 1,3",
    ],
    ["a tensor too many", () => changed((all) => [...all, { name: "extra", shape: [1], data: new Float32Array(1) }]), '"extra"'],
    [
      "another shape",
      () => changed((all) => all.map((one) => (one.name === `${M}.experts.0.lora_A.default` ? { ...one, shape: [2, 3] } : one))),
      "got shape [2, 3], expected [3, 2]",
    ],
    [
      "integers",
      () => changed((all) => all.map((one) => (one.name === `${M}.gate.gate.bias` ? { ...one, data: new Int32Array(2) } : one))),
      "got I32",
    ],
    [
      "no numbers",
      () => changed((all) => all.map((one) => (one.name === `${M}.gate.gate.bias` ? { ...one, data: Float32Array.of(1, NaN) } : one))),
      "got NaN at place 1",
    ],
    ["another rank than its settings say", () => changed((all) => all, { elder: text.replace('"rank":2', '"rank":3') }), "Got rank 2"],
    [
      "more experts than its settings say",
      () => changed((all) => all, { elder: text.replace('"experts":2', '"experts":1') }),
      "Got experts 2",
    ],
    ["settings with an unknown field", () => changed((all) => all, { elder: text.replace('"seed"', '"sead"') }), "sead"],
    ["settings of a wrong kind", () => changed((all) => all, { elder: text.replace('"alpha":', '"alpha":null,"x":') }), '"x"'],
    ["settings of another version", () => changed((all) => all, { elder: text.replace('"version":1', '"version":2') }), "version 2"],
    ["settings that are no JSON", () => changed((all) => all, { elder: "{" }), "broken JSON"],
    ["no settings at all", () => changed((all) => all, {}), "alpha and k"],
  ])("%s", (_name, make, message) => {
    const facts = refusal(() => readMixtureFile(gpt2, make()));
    expect(facts).toMatchObject({ code: "bad-adapter", message: expect.stringContaining(message) as string });
  });

  test("of another architecture, or a module or block that the model lacks", () => {
    const llama = narrowOutline("tiny-llama", inputs, outputs);
    expect(refusal(() => readMixtureFile(llama, writeMixtureFile(gpt2, content)))?.message).toContain("transformer.h.1.mlp.c_proj");
    const shallow = { ...gpt2, config: { ...gpt2.config, layers: 3 } };
    expect(refusal(() => readMixtureFile(shallow, writeMixtureFile(gpt2, content)))?.message).toContain("transformer.h.3.mlp.c_proj");
    expect(refusal(() => readMixtureFile(gpt2, writeSafetensors([])))?.message).toContain("no expert");
  });

  test("values that are no numbers, or too few, are not written", () => {
    const broken = (values: MixtureValues) => refusal(() => writeMixtureFile(gpt2, { settings, values }))?.code;
    expect(broken(valuesOf(settings, () => Infinity))).toBe("bad-adapter");
    expect(broken({ ...content.values, b: [] })).toBe("bad-adapter");
  });

  test("whatever byte is broken: a typed error, or values as good as any", () => {
    const bytes = writeMixtureFile(gpt2, content);
    const codes = ["bad-safetensors", "bad-adapter", "bad-settings"];
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const broken = bytes.slice();
        broken[at] = (broken[at] ?? 0) ^ flip;
        const facts = refusal(() => readMixtureFile(gpt2, broken));
        expect(facts === undefined || codes.includes(facts.code), facts?.message).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});
