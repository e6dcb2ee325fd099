import { describe, expect, test } from "vitest";
import { errorFacts } from "../lib/errors.ts";
import { decodeFloat16, encodeFloat16 } from "../lib/float16.ts";
import { createPrng } from "../lib/prng.ts";
import { dequantizeRows, dequantizeTensor, quantizeRows, quantizeTensor } from "./quantize.ts";
import type { Bits } from "./quantizeGroup.ts";

function normals(seed: number, count: number, size = 0.02): Float32Array {
  const prng = createPrng(seed);
  return Float32Array.from({ length: count }, () => size * Math.sqrt(-2 * Math.log(1 - prng.next())) * Math.cos(2 * Math.PI * prng.next()));
}

function relativeError(data: Float32Array, back: Float32Array): number {
  const squares = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt(squares(data.map((value, i) => value - (back[i] ?? 0))) / squares(data));
}

function roundTrip(data: Float32Array, rows: number, columns: number, bits: Bits, group = 32): Float32Array {
  return dequantizeRows(quantizeRows(data, rows, columns, bits, group), rows, columns, bits === 8 ? "int8" : "int4", group);
}

describe("packing", () => {
  test("int4, by hand: low nibble first, zero point 8, scales as f16 pairs", () => {
    const data = Float32Array.from({ length: 16 }, (_, i) => (i - 8) * 0.5);
    const { words, scales } = quantizeRows(data, 2, 8, 4, 8);
    // Row 0 is -4 … -0.5: eight steps of 0.5 down from zero. Row 1 is 0 … 3.5. Both scales are 0.5 = 0x3800.
    expect([...words]).toEqual([0x76543210, 0xfedcba98]);
    expect([...scales]).toEqual([0x38003800]);
  });

  test("int8, by hand: four bytes a word, zero point 128; the scales' last half is padding", () => {
    const data = Float32Array.of(-1, -0.5, -1 / 128, 0, 1 / 128, 0.5, 127 / 128, 2 / 128);
    const { words, scales } = quantizeRows(data, 1, 8, 8, 8);
    expect([...words]).toEqual([0x807f4000, 0x82ffc081]);
    expect([...scales]).toEqual([encodeFloat16(1 / 128)]);
  });

  test("a group of zeros has scale 0 and comes back as zeros", () => {
    const { words, scales } = quantizeRows(new Float32Array(32), 1, 32, 4);
    expect([...words]).toEqual([0x88888888, 0x88888888, 0x88888888, 0x88888888]);
    expect([...scales]).toEqual([0]);
    expect(roundTrip(new Float32Array(64), 2, 32, 8)).toEqual(new Float32Array(64));
  });

  test("the scale is rounded to f16 before the weights are rounded", () => {
    const data = normals(1, 32);
    const { words, scales } = quantizeRows(data, 1, 32, 8);
    const scale = decodeFloat16(scales[0] ?? 0);
    const bytes = new Uint8Array(words.buffer);
    data.forEach((weight, i) =>
      expect(Math.abs(weight - ((bytes[i] ?? 0) - 128) * scale)).toBeLessThanOrEqual((Math.abs(scale) / 2) * 1.0001 + 3e-4 * 0.02),
    );
  });

  test("rows of 1, 3 and 7 with groups of 8, 16, 32 and 64", () => {
    for (const rows of [1, 3, 7]) {
      for (const group of [8, 16, 32, 64]) {
        const data = normals(rows * group, rows * 64);
        expect(relativeError(data, roundTrip(data, rows, 64, 4, group)), `${rows} × 64, ${group}`).toBeLessThan(0.1);
        expect(relativeError(data, roundTrip(data, rows, 64, 8, group)), `${rows} × 64, ${group}`).toBeLessThan(0.006);
      }
    }
  });
});

describe("errors on normal weights", () => {
  const data = normals(2, 256 * 128);

  test("int8 stays under half a percent", () => {
    expect(relativeError(data, roundTrip(data, 256, 128, 8))).toBeLessThan(0.005);
  });

  test("int4 is better than max / 7 and than q4_0", () => {
    const error = relativeError(data, roundTrip(data, 256, 128, 4));
    expect(error).toBeLessThan(0.083);
    expect(error).toBeLessThan(0.96 * fixedStep(data, -8));
    expect(error).toBeLessThan(0.86 * fixedStep(data, 7));
  });

  /** Relative error where every group's scale is its largest weight over `step`. */
  function fixedStep(weights: Float32Array, step: number): number {
    const back = new Float32Array(weights.length);
    for (let start = 0; start < weights.length; start += 32) {
      const part = weights.subarray(start, start + 32);
      const extreme = part.reduce((best, weight) => (Math.abs(weight) > Math.abs(best) ? weight : best), 0);
      const scale = decodeFloat16(encodeFloat16(extreme / step));
      back.set(
        part.map((weight) => Math.min(7, Math.max(-8, Math.round(weight / scale))) * scale),
        start,
      );
    }
    return relativeError(weights, back);
  }

  test("each weight of int8 is off by less than 1.2 % of its group's largest", () => {
    const back = roundTrip(data, 256, 128, 8);
    for (let start = 0; start < data.length; start += 32) {
      const largest = Math.max(...data.subarray(start, start + 32).map(Math.abs));
      for (let i = start; i < start + 32; i++) expect(Math.abs((data[i] ?? 0) - (back[i] ?? 0))).toBeLessThan(largest / 80);
    }
  });

  test("weights so small that their scales are subnormal still come back", () => {
    const small = normals(3, 1024, 1e-5);
    expect(relativeError(small, roundTrip(small, 8, 128, 8))).toBeLessThan(0.35);
    expect(relativeError(small, roundTrip(small, 8, 128, 4))).toBeLessThan(0.12);
    expect(
      roundTrip(
        Float32Array.from({ length: 32 }, () => 1e-12),
        1,
        32,
        4,
      ),
    ).toEqual(new Float32Array(32));
  });
});

test("a tensor keeps its name and shape", () => {
  const packed = quantizeTensor({ name: "w", shape: [4, 64], format: "f32", data: normals(4, 256) }, 4);
  expect(packed).toMatchObject({ name: "w", shape: [4, 64], format: "int4", group: 32 });
  expect(packed.words).toHaveLength(32);
  expect(packed.scales).toHaveLength(4);
  expect(dequantizeTensor(packed)).toMatchObject({ name: "w", shape: [4, 64], format: "f32" });
});

test("int4m, by hand: a word a group holds its scale and, above it, its minimum", () => {
  const scales = Uint32Array.of(encodeFloat16(0.5) | (encodeFloat16(-3) << 16), encodeFloat16(0.25) | (encodeFloat16(1) << 16));
  const back = dequantizeTensor({
    name: "w",
    shape: [2, 8],
    format: "int4m",
    group: 8,
    words: Uint32Array.of(0x76543210, 0xf0f0f0f0),
    scales,
  });
  expect(back).toMatchObject({ name: "w", shape: [2, 8], format: "f32" });
  expect([...back.data]).toEqual([-3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 4.75, 1, 4.75, 1, 4.75, 1, 4.75]);
});

const refused: readonly [string, () => unknown, string, RegExp][] = [
  ["48 columns in groups of 32", () => quantizeRows(new Float32Array(48), 1, 48, 4), "bad-shape", /48 columns.*multiple of the group, 32/],
  ["too few weights", () => quantizeRows(new Float32Array(32), 2, 32, 4), "bad-shape", /32 weights, expected 2 × 32/],
  ["a group of 0", () => quantizeRows(new Float32Array(32), 1, 32, 4, 0), "bad-shape", /groups of 0/],
  ["a group of 12", () => quantizeRows(new Float32Array(24), 1, 24, 4, 12), "bad-shape", /groups of 12.*multiple of 8/],
  ["NaN", () => quantizeRows(new Float32Array(32).fill(NaN, 3, 4), 1, 32, 8), "bad-safetensors", /NaN.*finite/],
  ["infinity", () => quantizeRows(new Float32Array(32).fill(-Infinity, 9, 10), 1, 32, 8), "bad-safetensors", /-Infinity.*finite/],
  [
    "weights beyond f16 scales",
    () => quantizeRows(new Float32Array(32).fill(1e7), 1, 32, 4),
    "bad-safetensors",
    /10000000, expected at most/,
  ],
];

test.each(refused)("refused: %s", (_what, act, code, says) => {
  expect(act).toThrow(says);
  try {
    act();
  } catch (thrown) {
    expect(errorFacts(thrown).code).toBe(code);
  }
});
