import { expect, test } from "vitest";
import type { HostTensor } from "../weights/hostTensor.ts";
import { joinMatrices } from "./joinWeights.ts";

const floats = (name: string, rows: number, columns: number, first: number): HostTensor => ({
  name,
  shape: [rows, columns],
  format: "f32",
  data: Float32Array.from({ length: rows * columns }, (_, i) => first + i),
});
const packed = (name: string, rows: number, columns: number, format: "int8" | "int4" = "int4"): HostTensor => ({
  name,
  shape: [rows, columns],
  format,
  group: 32,
  words: new Uint32Array((rows * columns) / (format === "int4" ? 8 : 4)).fill(name.charCodeAt(0)),
  scales: new Uint32Array(Math.ceil((rows * columns) / 64)).fill(name.charCodeAt(0)),
});

test("rows follow one another, and each part's beginning is told", () => {
  const join = joinMatrices([floats("q", 4, 32, 0), floats("k", 2, 32, 1000), floats("v", 3, 32, 2000)]);
  expect(join?.whole).toMatchObject({ name: "q + k + v", shape: [9, 32], format: "f32" });
  expect(join?.starts).toEqual([
    { words: 0, scales: 0 },
    { words: 128, scales: 0 },
    { words: 192, scales: 0 },
  ]);
  const data = join?.whole.format === "f32" ? join.whole.data : [];
  expect([data[0], data[127], data[128], data[191], data[192], data[287]]).toEqual([0, 127, 1000, 1063, 2000, 2095]);
});

test("packed words and scales are joined alike", () => {
  const join = joinMatrices([packed("a", 64, 64), packed("b", 64, 64)]);
  if (join?.whole.format !== "int4") throw new Error("not joined");
  expect(join.starts[1]).toEqual({ words: 512, scales: 64 });
  expect([join.whole.words[511], join.whole.words[512], join.whole.scales[63], join.whole.scales[64]]).toEqual([97, 98, 97, 98]);
});

test.each([
  ["other formats", [packed("a", 64, 64), packed("b", 64, 64, "int8")]],
  ["other widths", [floats("a", 4, 32, 0), floats("b", 4, 64, 0)]],
  ["a part that begins where no binding may", [floats("a", 3, 32, 0), floats("b", 4, 32, 0)]],
  ["scales that do", [packed("a", 32, 64), packed("b", 32, 64)]],
  ["one matrix", [floats("a", 4, 32, 0)]],
])("%s stay apart", (_name, parts) => {
  expect(joinMatrices(parts)).toBeUndefined();
});
