/** Symmetric quantization in groups along the input: w ≈ (q − zero) · scale, the layout of `PackedTensor`. */
import { EngineError } from "../lib/errors.ts";
import { decodeFloat16, decodeFloat16Array } from "../lib/float16.ts";
import { bestScale, packGroup, type Bits } from "./quantizeGroup.ts";
import { zeroPoint, type FloatTensor, type HalfTensor, type PackedFormat, type PackedTensor, type SymmetricTensor } from "./hostTensor.ts";

export interface PackedRows {
  /** [rows][columns · bits / 32], lowest bits first. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** f16 pairs, [rows][columns / group] flat, lower half first; padded to even. */
  readonly scales: Uint32Array<ArrayBuffer>;
}

/**
 * Packs a row-major [rows, columns] matrix. Each group takes the candidate scale, rounded to f16 first, with the least squared error.
 * @throws EngineError `bad-shape` when columns are no multiple of the group, `bad-safetensors` for weights that no scale can hold
 */
export function quantizeRows(data: Float32Array, rows: number, columns: number, bits: Bits, group = 32): PackedRows {
  checkShape(data.length, rows, columns, group);
  const groups = (rows * columns) / group;
  const words = new Uint32Array((rows * columns * bits) / 32);
  const scaleBits = new Uint16Array(groups + (groups % 2));
  for (let index = 0, begin = 0; index < groups; index++, begin += group) {
    const scale = bestScale(data, begin, begin + group, bits);
    scaleBits[index] = scale;
    packGroup(data, begin, begin + group, scale, bits, words);
  }
  return { words, scales: new Uint32Array(scaleBits.buffer) };
}

/** The numbers that packed rows stand for; the inverse of `quantizeRows`, up to its rounding. @throws EngineError `bad-shape` */
export function dequantizeRows(
  { words, scales }: Pick<PackedTensor, "words" | "scales">,
  rows: number,
  columns: number,
  format: PackedFormat,
  group = 32,
): Float32Array<ArrayBuffer> {
  const bits = format === "int8" ? 8 : 4;
  checkShape((words.length * 32) / bits, rows, columns, group);
  const result = new Float32Array(rows * columns);
  const perWord = 32 / bits;
  const mask = 2 ** bits - 1;
  for (let first = 0; first < result.length; first += group) {
    const { scale, least } = groupFactors(scales, first / group, format);
    for (let i = first; i < first + group; i++) {
      const q = ((words[Math.floor(i / perWord)] ?? 0) >>> (bits * (i % perWord))) & mask;
      result[i] = q * scale + least;
    }
  }
  return result;
}

/** What a group's q are multiplied by, and the weight of q = 0. */
function groupFactors(scales: Uint32Array, index: number, format: PackedFormat): { readonly scale: number; readonly least: number } {
  if (format === "int4m") {
    const word = scales[index] ?? 0;
    return { scale: decodeFloat16(word & 0xffff), least: decodeFloat16(word >>> 16) };
  }
  const scale = decodeFloat16(((scales[index >>> 1] ?? 0) >>> (16 * (index & 1))) & 0xffff);
  return { scale, least: -zeroPoint[format] * scale };
}

/** A float matrix packed. @throws EngineError like `quantizeRows` */
export function quantizeTensor(tensor: FloatTensor, bits: Bits, group = 32): SymmetricTensor {
  const [rows = 0, columns = 0] = tensor.shape;
  return {
    name: tensor.name,
    shape: [rows, columns],
    format: bits === 8 ? "int8" : "int4",
    group,
    ...quantizeRows(tensor.data, rows, columns, bits, group),
  };
}

/** A matrix of any other format as floats: what the kernels compute with. */
export function dequantizeTensor(tensor: HalfTensor | PackedTensor): FloatTensor {
  if (tensor.format === "f16") return { name: tensor.name, shape: tensor.shape, format: "f32", data: decodeFloat16Array(tensor.halves) };
  const [rows, columns] = tensor.shape;
  return {
    name: tensor.name,
    shape: tensor.shape,
    format: "f32",
    data: dequantizeRows(tensor, rows, columns, tensor.format, tensor.group),
  };
}

function checkShape(length: number, rows: number, columns: number, group: number): void {
  if (!(group > 0) || group % 8 !== 0) throw badShape(`got groups of ${group}, expected a multiple of 8`);
  if (columns % group !== 0) throw badShape(`got ${columns} columns, expected a multiple of the group, ${group}`);
  if (length !== rows * columns) throw badShape(`got ${length} weights, expected ${rows} × ${columns}`);
}

function badShape(message: string): EngineError {
  return new EngineError("bad-shape", `Quantization: ${message}.`, "Keep this tensor as float32, or choose another group.");
}
