/** Symmetric quantization in groups along the input: w ≈ (q − zero) · scale, the layout of `PackedTensor`. */
import { EngineError } from "../lib/errors.ts";
import { decodeFloat16, decodeFloat16Array, encodeFloat16 } from "../lib/float16.ts";
import { zeroPoint, type FloatTensor, type HalfTensor, type PackedTensor } from "./hostTensor.ts";

export type Bits = 4 | 8;

export interface PackedRows {
  /** [rows][columns · bits / 32], lowest bits first. */
  readonly words: Uint32Array;
  /** f16 pairs, [rows][columns / group] flat, lower half first; padded to even. */
  readonly scales: Uint32Array;
}

/**
 * Largest weight of a group over its scale, tried in turn. A negative entry mirrors the group, so that its largest weight meets the
 * one integer more that the negative side has. On normal weights, relative RMS error in int4: 9.7 % with 7 alone, 8.6 % with -8 alone
 * (llama.cpp's q4_0), 8.16 % with these, 8.11 % with 120 of them; in int8: 0.535 % with 127 alone, 0.48 % with these.
 */
const candidates: Readonly<Record<Bits, readonly number[]>> = {
  8: [127, -128, 126, -127, 125, -126, 124, -125, 123, -124, 127.5, -128.5],
  4: [-8, 7, -7.5, 7.5, -7, -8.5, 6.75, 7.25, -7.25, -7.75, -8.25, 6.5, -6.75, -6.5, 6.25, -9],
};

/**
 * Packs a row-major [rows, columns] matrix. Each group takes the candidate scale, rounded to f16 first, with the least squared error.
 * @throws EngineError `bad-shape` when columns are no multiple of the group, `bad-safetensors` for weights that no scale can hold
 */
export function quantizeRows(data: Float32Array, rows: number, columns: number, bits: Bits, group = 32): PackedRows {
  checkShape(data.length, rows, columns, group);
  const groups = (rows * columns) / group;
  const words = new Uint32Array((rows * columns * bits) / 32);
  const scaleBits = new Uint16Array(groups + (groups % 2));
  const values = new Int32Array(group);
  for (let index = 0; index < groups; index++) {
    const weights = data.subarray(index * group, (index + 1) * group);
    scaleBits[index] = quantizeGroup(weights, bits, values);
    packGroup(values, bits, words, (index * group * bits) / 32);
  }
  return { words, scales: new Uint32Array(scaleBits.buffer) };
}

/** The inverse of `quantizeRows`, up to its rounding. @throws EngineError `bad-shape` */
export function dequantizeRows(
  { words, scales }: PackedRows,
  rows: number,
  columns: number,
  bits: Bits,
  group = 32,
): Float32Array<ArrayBuffer> {
  checkShape((words.length * 32) / bits, rows, columns, group);
  const result = new Float32Array(rows * columns);
  const perWord = 32 / bits;
  const mask = 2 ** bits - 1;
  const zero = zeroPoint[bits === 8 ? "int8" : "int4"];
  for (let i = 0; i < result.length; i++) {
    const index = Math.floor(i / group);
    const scale = decodeFloat16(((scales[index >>> 1] ?? 0) >>> (16 * (index & 1))) & 0xffff);
    const q = ((words[Math.floor(i / perWord)] ?? 0) >>> (bits * (i % perWord))) & mask;
    result[i] = (q - zero) * scale;
  }
  return result;
}

/** A float matrix packed. @throws EngineError like `quantizeRows` */
export function quantizeTensor(tensor: FloatTensor, bits: Bits, group = 32): PackedTensor {
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
    data: dequantizeRows(tensor, rows, columns, tensor.format === "int8" ? 8 : 4, tensor.group),
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

/** Quantizes one group into `values`, signed; returns the f16 bits of its scale. */
function quantizeGroup(weights: Float32Array, bits: Bits, values: Int32Array): number {
  const extreme = extremeOf(weights);
  if (!Number.isFinite(extreme))
    throw new EngineError(
      "bad-safetensors",
      `Quantization: got a weight of ${extreme}, expected finite numbers.`,
      "The checkpoint is damaged, or its training diverged.",
    );
  values.fill(0);
  if (extreme === 0) return 0;
  const steps = candidates[bits];
  let best = 0;
  let least = Infinity;
  for (const step of steps) {
    const rounded = encodeFloat16(extreme / step);
    const error = roundGroup(weights, decodeFloat16(rounded), bits, values);
    if (error < least) {
      least = error;
      best = rounded;
    }
  }
  if (least === Infinity)
    throw new EngineError(
      "bad-safetensors",
      `Quantization: got a weight of ${extreme}, expected at most ${65504 * 2 ** (bits - 1)} for f16 scales.`,
      "The checkpoint is damaged, or its training diverged.",
    );
  roundGroup(weights, decodeFloat16(best), bits, values);
  return best === 0x8000 ? 0 : best;
}

/** The weight of largest size, with its sign; NaN if any is. */
function extremeOf(weights: Float32Array): number {
  let extreme = 0;
  for (const weight of weights) if (!(Math.abs(weight) <= Math.abs(extreme))) extreme = weight;
  return weights.some(Number.isNaN) ? NaN : extreme;
}

/** Rounds weights to integers of `scale` into `values`; returns the summed squared error, infinite for an unusable scale. */
function roundGroup(weights: Float32Array, scale: number, bits: Bits, values: Int32Array): number {
  if (!Number.isFinite(scale)) return Infinity;
  const low = -(2 ** (bits - 1));
  const high = -low - 1;
  const inverse = scale === 0 ? 0 : 1 / scale;
  let error = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0;
    const value = Math.min(high, Math.max(low, Math.round(weight * inverse)));
    values[i] = value;
    error += (weight - value * scale) ** 2;
  }
  return error;
}

function packGroup(values: Int32Array, bits: Bits, words: Uint32Array, start: number): void {
  const perWord = 32 / bits;
  const zero = 2 ** (bits - 1);
  for (let i = 0; i < values.length; i++) {
    const word = start + Math.floor(i / perWord);
    words[word] = (words[word] ?? 0) | (((values[i] ?? 0) + zero) << (bits * (i % perWord)));
  }
}
