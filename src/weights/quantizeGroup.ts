/** The inner loops of quantization: one group of weights to integers and one scale. */
import { EngineError } from "../lib/errors.ts";
import { decodeFloat16, encodeFloat16 } from "../lib/float16.ts";

export type Bits = 4 | 8;

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
 * Of the candidate scales, rounded to f16 first, the one with the least squared error over weights begin to end.
 * @returns its f16 bits; 0 for a group of zeros
 * @throws EngineError `bad-safetensors` for weights that no scale can hold
 */
export function bestScale(weights: Float32Array, begin: number, end: number, bits: Bits): number {
  const extreme = extremeOf(weights, begin, end);
  if (extreme === 0) return 0;
  const zero = 2 ** (bits - 1);
  let best = 0;
  let least = Infinity;
  for (const step of candidates[bits]) {
    const wanted = extreme / step;
    const error = squaredError(weights, begin, end, nearestHalf(wanted), zero, least);
    if (error < least) {
      least = error;
      best = wanted;
    }
  }
  if (least === Infinity)
    throw new EngineError(
      "bad-safetensors",
      `Quantization: got a weight of ${extreme}, expected at most ${65504 * 2 ** (bits - 1)} for f16 scales.`,
      "The checkpoint is damaged, or its training diverged.",
    );
  const rounded = encodeFloat16(best);
  return rounded === 0x8000 ? 0 : rounded;
}

/** Rounds weights to integers of the scale and packs them, lowest bits first; the group begins at a word. */
export function packGroup(weights: Float32Array, begin: number, end: number, scaleBits: number, bits: Bits, words: Uint32Array): void {
  const scale = decodeFloat16(scaleBits);
  const inverse = scale === 0 ? 0 : 1 / scale;
  const zero = 2 ** (bits - 1);
  const most = 2 ** bits - 1;
  for (let i = begin, word = (begin * bits) / 32; i < end; word++) {
    let packed = 0;
    for (let shift = 0; shift < 32; shift += bits, i++) {
      packed |= clamped((weights[i] as number) * inverse + zero, most) << shift;
    }
    words[word] = packed;
  }
}

/** To the nearest integer of 0 to `most`, halves up. */
function clamped(value: number, most: number): number {
  const q = (value + 0.5) | 0;
  return q > most ? most : q < 0 ? 0 : q;
}

/** The weight of largest size, with its sign. @throws EngineError `bad-safetensors` for one that is not finite */
function extremeOf(weights: Float32Array, begin: number, end: number): number {
  let extreme = 0;
  let size = 0;
  for (let i = begin; i < end; i++) {
    const weight = weights[i] as number;
    const own = Math.abs(weight);
    if (own > size) {
      size = own;
      extreme = weight;
    } else if (own !== own) extreme = size = NaN;
  }
  if (size < Infinity) return extreme;
  throw new EngineError(
    "bad-safetensors",
    `Quantization: got a weight of ${extreme}, expected finite numbers.`,
    "The checkpoint is damaged, or its training diverged.",
  );
}

/** Keeps the 11 upper bits of a double's 53 (Veltkamp's splitting). */
const splitter = 2 ** 42 + 1;

/** The binary16 number nearest to `value`: what encoding and decoding give, at a fraction of their time; infinite past the largest. */
function nearestHalf(value: number): number {
  const size = Math.abs(value);
  if (size < 2 ** -13 || size > 60000) return decodeFloat16(encodeFloat16(value));
  const high = value * splitter;
  return high - (high - value);
}

/** Σ (w − q · scale)²; infinite for an unusable scale, or once it has reached `limit`. Indices are inside: no fallback, as this is the hot loop. */
function squaredError(weights: Float32Array, begin: number, end: number, scale: number, zero: number, limit: number): number {
  const size = Math.abs(scale);
  if (!(size < Infinity)) return Infinity;
  const inverse = size === 0 ? 0 : 1 / scale;
  const most = 2 * zero - 1;
  let error = 0;
  for (let i = begin; i < end;) {
    // Looked at now and then: most candidates are out before the end.
    const stop = Math.min(end, i + 8);
    for (; i < stop; i++) {
      const weight = weights[i] as number;
      const rest = weight - (clamped(weight * inverse + zero, most) - zero) * scale;
      error += rest * rest;
    }
    if (error >= limit) return Infinity;
  }
  return error;
}
