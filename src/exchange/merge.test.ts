import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MethodState } from "../methods/method.ts";
import { joinParts, parameterLayout } from "../mixture/parameters.ts";
import { transposed } from "../weights/hostTensor.ts";
import { openSafetensors } from "../weights/safetensors.ts";
import { editAdapters, mixtureOf } from "./learned.ts";
import { mergeAdapters, mixtureTerms, type MergeTerm } from "./merge.ts";
import type { MixtureContent } from "./mixtureFile.ts";
import { bitsOf, finiteFloats, narrowOutline, refusal, settingsOf } from "./testing/outlines.ts";

const [inputs, outputs, rank, alpha] = [3, 4, 2, 6];
const models = ["tiny-gpt2", "tiny-llama"] as const;
const numbers = (length: number, seed: number) => Float32Array.from({ length }, (_, i) => Math.fround(Math.sin(seed + 3 * i)));
const termOf = (seed: number, layers: number, strength: MergeTerm["strength"]): MergeTerm => ({
  strength,
  parts: Array.from({ length: layers }, (_, i) => ({ a: numbers(rank * inputs, seed + i), b: numbers(rank * outputs, seed + i + 0.5) })),
});
const weightOf = (name: string) => numbers(outputs * inputs, name.length + Number(/\d/.exec(name)?.[0]));

/** W[o][i] + Σ s · alpha/r · Σ_j A[j][i] B[j][o], by the formula. */
const entry = (plain: Float32Array, terms: readonly (readonly [MergeTerm, number])[], layer: number, o: number, i: number): number =>
  terms.reduce(
    (sum, [{ parts }, strength]) => {
      const { a = new Float32Array(), b = new Float32Array() } = parts[layer] ?? {};
      const product = Array.from({ length: rank }, (_, j) => (a[j * inputs + i] ?? NaN) * (b[j * outputs + o] ?? NaN));
      return sum + strength * (alpha / rank) * product.reduce((x, y) => x + y, 0);
    },
    plain[o * inputs + i] ?? NaN,
  );

describe("merged weights", () => {
  test.each(models)("are the sum, with the names and the orientation of the checkpoint: %s", async (name) => {
    const model = narrowOutline(name, inputs, outputs);
    const { turned } = model.architecture.layout;
    const shape = { layers: [1, 2], module: model.module, rank, alpha };
    const terms = [termOf(1, 2, 0.5), termOf(9, 2, [1, -0.25])];
    const file = openSafetensors(await mergeAdapters(model, shape, terms, weightOf));
    expect([...file.entries.keys()]).toEqual([1, 2].map((layer) => `${model.architecture.block(layer)}.${model.module}.weight`));
    [1, 2].forEach((layer, at) => {
      const key = `${model.architecture.block(layer)}.${model.module}.weight`;
      const read = file.readTensor(key);
      expect(read.shape).toEqual(turned ? [inputs, outputs] : [outputs, inputs]);
      const merged = turned ? transposed(read.data, inputs, outputs) : read.data;
      const own = terms.map((term, t) => [term, t === 0 ? 0.5 : at === 0 ? 1 : -0.25] as const);
      for (let o = 0; o < outputs; o++)
        for (let i = 0; i < inputs; i++) expect(merged[o * inputs + i]).toBeCloseTo(entry(weightOf(key), own, at, o, i), 6);
    });
  });

  test("without strength are the plain ones, bit for bit", async () => {
    const model = narrowOutline("tiny-llama", inputs, outputs);
    const shape = { layers: [0], module: model.module, rank, alpha };
    await fc.assert(
      fc.asyncProperty(finiteFloats(outputs * inputs), async (plain) => {
        const file = openSafetensors(await mergeAdapters(model, shape, [termOf(2, 1, 0)], () => plain));
        expect(bitsOf(file.readTensor("model.layers.0.mlp.down_proj.weight").data)).toEqual(bitsOf(plain));
      }),
      { numRuns: 60 },
    );
  });

  test("an adapter and its negative leave what was there", async () => {
    const model = narrowOutline("tiny-gpt2", inputs, outputs);
    const shape = { layers: [3], module: model.module, rank, alpha };
    const file = openSafetensors(await mergeAdapters(model, shape, [termOf(4, 1, 1.5), termOf(4, 1, -1.5)], weightOf));
    const key = "transformer.h.3.mlp.c_proj.weight";
    const left = transposed(file.readTensor(key).data, inputs, outputs);
    weightOf(key).forEach((weight, i) => expect(left[i]).toBeCloseTo(weight, 6));
  });

  test.each<[string, MergeTerm, Float32Array, string]>([
    ["weights of another model", termOf(1, 1, 1), new Float32Array(5), "got 5 weights, expected 12"],
    ["a layer too few", termOf(1, 0, 1), new Float32Array(12), "Got nothing"],
    ["a strength that is no number", termOf(1, 1, NaN), new Float32Array(12), "strength NaN"],
    ["no strength for a layer", termOf(1, 1, []), new Float32Array(12), "strength nothing"],
    ["sums beyond float32", termOf(1, 1, 1e39), new Float32Array(12), "Infinity"],
  ])("%s are refused", async (_name, term, plain, message) => {
    const model = narrowOutline("tiny-llama", inputs, outputs);
    const merging = mergeAdapters(model, { layers: [0], module: model.module, rank, alpha }, [term], () => plain);
    await expect(merging).rejects.toMatchObject({ code: "bad-adapter", message: expect.stringContaining(message) as string });
  });
});

describe("what the methods keep", () => {
  const model = narrowOutline("tiny-llama", inputs, outputs);
  const settings = settingsOf({ layers: [0, 1], module: model.module, experts: 2, topK: 1, rank, alpha });
  const values: MixtureContent["values"] = {
    routerWeight: numbers(2 * 2 * inputs, 1),
    routerBias: numbers(4, 2),
    a: [3, 4].map((seed) => numbers(2 * rank * inputs, seed)),
    b: [5, 6].map((seed) => numbers(2 * rank * outputs, seed)),
  };

  test("paper mode's parameters are split as they were joined, and merge with given gates", async () => {
    const parameters = joinParts(parameterLayout({ layers: 2, experts: 2, rank, inputs, outputs }), values);
    const mixture = mixtureOf(model, settings, { facts: { edits: [] }, arrays: { parameters } });
    expect(mixture.values).toEqual(values);
    const gates = Float32Array.of(0.75, 0, 0, 0.5);
    const terms = mixtureTerms(model, mixture, gates);
    const file = openSafetensors(await mergeAdapters(model, settings, terms, weightOf));
    [0, 1].forEach((layer) => {
      const key = `model.layers.${layer}.mlp.down_proj.weight`;
      const own = terms.map((term, e) => [term, gates[2 * layer + e] ?? NaN] as const);
      file.readTensor(key).data.forEach((weight, at) => {
        expect(weight).toBeCloseTo(entry(weightOf(key), own, layer, Math.floor(at / inputs), at % inputs), 6);
      });
    });
    expect(refusal(() => mixtureTerms(model, mixture, new Float32Array(3)))?.message).toContain("Got 3 gates, expected 4");
    expect(refusal(() => mixtureOf(model, { ...settings, experts: 64 }, { facts: {}, arrays: { parameters } }))?.code).toBe("bad-state");
  });

  test("improved mode's adapters are those in force", () => {
    const improved = { ...settings, mostSteps: 1, leastSteps: 1, enoughLoss: 0 };
    const replaced: readonly (readonly [number, number | null])[] = [
      [1, 3],
      [2, null],
      [3, null],
      [5, null],
    ];
    const arrays = Object.fromEntries(
      replaced.flatMap(([edit]) =>
        [0, 1].flatMap((i) => [
          [`A ${edit}.${i}`, numbers(rank * inputs, edit + i)] as const,
          [`B ${edit}.${i}`, numbers(rank * outputs, edit - i)] as const,
        ]),
      ),
    );
    const state: MethodState = { facts: { written: 5, edits: replaced.map(([edit, replacedBy]) => ({ edit, replacedBy })) }, arrays };
    const inForce = (first: number, last: number, strengths?: ReadonlyMap<number, number>) =>
      editAdapters(model, improved, state, { first, last, ...(strengths ? { strengths } : {}) }).map(({ edit, strength }) => [
        edit,
        strength,
      ]);
    expect(inForce(1, 9)).toEqual([
      [2, 1],
      [3, 1],
      [5, 1],
    ]);
    // Edit 3 is off: the one that it stood in for speaks again.
    expect(
      inForce(
        1,
        3,
        new Map([
          [1, 0.5],
          [2, 2],
        ]),
      ),
    ).toEqual([
      [1, 0.5],
      [2, 2],
    ]);
    expect(editAdapters(model, improved, state, { first: 5, last: 5 })[0]?.adapter[1]?.b).toEqual(numbers(rank * outputs, 4));
    expect(refusal(() => inForce(4, 4))?.code).toBe("bad-adapter");
    const fewer = Object.fromEntries(Object.entries(arrays).filter(([name]) => name !== "A 5.1"));
    expect(refusal(() => editAdapters(model, improved, { ...state, arrays: fewer }, { first: 5, last: 5 }))?.code).toBe("bad-state");
  });
});
