import { describe, expect, test } from "vitest";
import { errorFacts } from "../lib/errors.ts";
import { outlineOf, tensorBytes, type TensorOutline } from "../weights/hostTensor.ts";
import { readModelConfig } from "./architectures/registry.ts";
import { tinyConfig, tinyTensors, type Family, type TinyOptions } from "./testing/tinyModel.ts";
import { pieceRows, planJoin, planUpload } from "./uploadPlan.ts";

const MEBIBYTE = 2 ** 20;
/** What WebGPU promises of every device. */
const LEAST = 128 * MEBIBYTE;

const matrix = (name: string, rows: number, columns: number, format: TensorOutline["format"] = "f32", group = 32): TensorOutline => ({
  name,
  shape: [rows, columns],
  format,
  ...(format === "f32" || format === "f16" ? {} : { group }),
});

const planOf = (family: Family, limit: number, options: TinyOptions = {}) => {
  const { architecture, config } = readModelConfig(tinyConfig(family, options));
  return planUpload(outlineOf(tinyTensors(family, options)), architecture, config, limit);
};

describe("joining", () => {
  test("rows follow one another, and each part's beginning is told", () => {
    const join = planJoin([matrix("q", 4, 32), matrix("k", 2, 32), matrix("v", 3, 32)], LEAST);
    expect(join?.whole).toEqual({ name: "q + k + v", shape: [9, 32], format: "f32" });
    expect(join?.parts.map(({ words, scales }) => [words, scales])).toEqual([
      [0, 0],
      [128, 0],
      [192, 0],
    ]);
  });

  test.each([
    ["int8", 1024, 64],
    ["int4", 512, 64],
    ["int4m", 512, 128],
  ] as const)("scales of %s follow one another as the words do", (format, words, scales) => {
    const join = planJoin([matrix("a", 64, 64, format), matrix("b", 64, 64, format)], LEAST);
    expect(join?.parts[1]).toMatchObject({ words, scales });
    expect(join?.whole).toMatchObject({ shape: [128, 64], format, group: 32 });
  });

  test.each([
    ["other formats", [matrix("a", 64, 64, "int4"), matrix("b", 64, 64, "int8")]],
    ["other groups", [matrix("a", 64, 64, "int4"), matrix("b", 64, 64, "int4", 16)]],
    ["other widths", [matrix("a", 4, 32), matrix("b", 4, 64)]],
    ["a part that begins where no binding may", [matrix("a", 3, 32), matrix("b", 4, 32)]],
    ["scales that do", [matrix("a", 32, 64, "int4"), matrix("b", 32, 64, "int4")]],
    ["half a word of scales", [matrix("a", 63, 32, "int4"), matrix("b", 64, 32, "int4")]],
    ["one matrix", [matrix("a", 4, 32)]],
    ["a whole beyond the limit", [matrix("a", 20_000, 1024), matrix("b", 20_000, 1024)]],
  ])("%s stay apart", (_name, parts) => {
    expect(planJoin(parts, LEAST)).toBeUndefined();
  });

  test("queries, keys and values of every block, where they fit", () => {
    const size = { hidden: 64, inner: 64, positions: 8 };
    const whole = 128 * 64 * 4;
    expect(planOf("llama", whole, { vocabulary: 40, size }).map(({ parts }) => parts.map(({ outline }) => outline.name))).toEqual(
      [0, 1, 2].map((layer) => ["q", "k", "v"].map((name) => `model.layers.${layer}.self_attn.${name}_proj.weight`)),
    );
    expect(planOf("llama", whole - 1, { vocabulary: 40, size })).toEqual([]);
    expect(planOf("gpt2", whole, { vocabulary: 40, size })).toEqual([]);
  });
});

describe("pieces", () => {
  test.each([
    ["GPT-2 XL's embedding in float32", matrix("wte", 50_257, 1600), [20_928, 20_928, 8401]],
    ["Llama-2-7B's gate in float32", matrix("gate", 11_008, 4096), [8192, 2816]],
    ["Llama-3.2-1B's embedding in int8", matrix("embed", 128_256, 2048, "int8"), [65_536, 62_720]],
    ["Llama-3-8B's head in int4m", matrix("head", 128_256, 4096, "int4m"), [65_536, 62_720]],
    ["what fits exactly", matrix("fits", 65_536, 2048, "int8"), [65_536]],
  ])("%s", (_name, tensor, expected) => {
    const rows = pieceRows(tensor, LEAST);
    expect(rows).toEqual(expected);
    for (const own of rows) expect(tensorBytes({ ...tensor, shape: [own, tensor.shape[1] ?? 0] }).words).toBeLessThanOrEqual(LEAST);
  });
});

describe("refused before anything is read", () => {
  const facts = (act: () => unknown) => {
    try {
      act();
    } catch (thrown) {
      return errorFacts(thrown);
    }
    throw new Error("it was accepted");
  };

  test.each([
    [
      "rows too long for a piece",
      () => pieceRows(matrix("wide", 128, 2 ** 20), LEAST),
      /64 rows of wide: got 256\.0 MiB.*at most 128\.0 MiB/,
    ],
    ["a vector", () => pieceRows({ name: "bias", shape: [2 ** 26], format: "f32" }, LEAST), /bias: got 256\.0 MiB/],
    ["a tensor of the model", () => planOf("gpt2", 4096, { vocabulary: 40 }), /transformer\.wte\.weight: got 0\.0 MiB/],
    ["the rotary table", () => planOf("llama", 8192, { vocabulary: 40, size: { hidden: 32, inner: 32, positions: 1024 } }), /rotary table/],
  ])("%s", (_name, act, says) => {
    const { code, message } = facts(act);
    expect(code).toBe("device-limit");
    expect(message).toMatch(says);
  });
});
