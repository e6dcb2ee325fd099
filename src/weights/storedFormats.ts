/** How files store weights: floats, or blocks of integers with their scales (ggml's; source: ggml-common.h and ggml-quants.c). */
import { decodeBfloat16Array, decodeFloat16, decodeFloat16Array } from "../lib/float16.ts";

export type FloatFormat = "F64" | "F32" | "F16" | "BF16";
export type BlockFormat = "Q4_0" | "Q4_1" | "Q5_0" | "Q5_1" | "Q8_0" | "Q4_K" | "Q5_K" | "Q6_K";
export type StoredFormat = FloatFormat | BlockFormat;

/** Weights of a block along a row, and its bytes. */
export const blockSizes: Readonly<Record<StoredFormat, { readonly weights: number; readonly bytes: number }>> = {
  F64: { weights: 1, bytes: 8 },
  F32: { weights: 1, bytes: 4 },
  F16: { weights: 1, bytes: 2 },
  BF16: { weights: 1, bytes: 2 },
  Q4_0: { weights: 32, bytes: 18 },
  Q4_1: { weights: 32, bytes: 20 },
  Q5_0: { weights: 32, bytes: 22 },
  Q5_1: { weights: 32, bytes: 24 },
  Q8_0: { weights: 32, bytes: 34 },
  Q4_K: { weights: 256, bytes: 144 },
  Q5_K: { weights: 256, bytes: 176 },
  Q6_K: { weights: 256, bytes: 210 },
};

export const isFloatFormat = (format: StoredFormat): format is FloatFormat => blockSizes[format].weights === 1;

/** Bytes of so many weights; not whole where they are no whole blocks. */
export function storedBytes(format: StoredFormat, weights: number): number {
  const block = blockSizes[format];
  return (weights / block.weights) * block.bytes;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** @param bytes whole blocks in a buffer of their own; @returns their weights as float32 */
export function decodeWeights(format: StoredFormat, bytes: Bytes): Float32Array<ArrayBuffer> {
  const { buffer } = bytes;
  if (format === "F64") return Float32Array.from(new Float64Array(buffer));
  if (format === "F32") return new Float32Array(buffer);
  if (format === "F16") return decodeFloat16Array(new Uint16Array(buffer));
  if (format === "BF16") return decodeBfloat16Array(new Uint16Array(buffer));
  const block = blockSizes[format];
  const blocks = bytes.length / block.bytes;
  const result = new Float32Array(blocks * block.weights);
  const decode = decoders[format];
  for (let index = 0; index < blocks; index++) decode(bytes, index * block.bytes, result, index * block.weights);
  return result;
}

type DecodeBlock = (bytes: Bytes, at: number, weights: Float32Array, to: number) => void;

const byte = (bytes: Bytes, at: number): number => bytes[at] ?? 0;
const signed = (bytes: Bytes, at: number): number => (byte(bytes, at) << 24) >> 24;
/** The binary16 number at a byte. */
export const halfAt = (bytes: Bytes, at: number): number => decodeFloat16(byte(bytes, at) | (byte(bytes, at + 1) << 8));

/** w = d (q - 8), or d q + m: nibbles in two halves of 16, low ones first. */
const nibbles =
  (minimum: boolean): DecodeBlock =>
  (bytes, at, weights, to) => {
    const d = halfAt(bytes, at);
    const m = minimum ? halfAt(bytes, at + 2) : -8 * d;
    const first = at + (minimum ? 4 : 2);
    for (let j = 0; j < 16; j++) {
      const pair = byte(bytes, first + j);
      weights[to + j] = d * (pair & 15) + m;
      weights[to + 16 + j] = d * (pair >> 4) + m;
    }
  };

/** As nibbles, with a fifth bit of each weight in 32 bits before them. */
const fiveBits =
  (minimum: boolean): DecodeBlock =>
  (bytes, at, weights, to) => {
    const d = halfAt(bytes, at);
    const m = minimum ? halfAt(bytes, at + 2) : -16 * d;
    const high = at + (minimum ? 4 : 2);
    for (let j = 0; j < 16; j++) {
      const pair = byte(bytes, high + 4 + j);
      weights[to + j] = d * ((pair & 15) | (highBit(bytes, high, j) << 4)) + m;
      weights[to + 16 + j] = d * ((pair >> 4) | (highBit(bytes, high, j + 16) << 4)) + m;
    }
  };

const highBit = (bytes: Bytes, at: number, j: number): number => (byte(bytes, at + (j >> 3)) >> (j & 7)) & 1;

/** The 6-bit scale and minimum of a K block's sub-block j of 8, packed in 12 bytes. */
export function scaleAndMinimum(bytes: Bytes, at: number, j: number): readonly [scale: number, minimum: number] {
  if (j < 4) return [byte(bytes, at + j) & 63, byte(bytes, at + j + 4) & 63];
  const low = byte(bytes, at + j + 4);
  return [(low & 15) | ((byte(bytes, at + j - 4) >> 6) << 4), (low >> 4) | ((byte(bytes, at + j) >> 6) << 4)];
}

/** w = d s q - dmin m in 8 sub-blocks of 32; `high` holds a fifth bit in Q5_K. */
const kBlock =
  (fifth: boolean): DecodeBlock =>
  (bytes, at, weights, to) => {
    const [d, dmin] = [halfAt(bytes, at), halfAt(bytes, at + 2)];
    const low = at + (fifth ? 48 : 16);
    for (let j = 0; j < 8; j++) {
      const [scale, minimum] = scaleAndMinimum(bytes, at + 4, j);
      for (let l = 0; l < 32; l++) {
        const nibble = (byte(bytes, low + (j >> 1) * 32 + l) >> (4 * (j & 1))) & 15;
        const bit = fifth ? (byte(bytes, at + 16 + l) >> j) & 1 : 0;
        weights[to + j * 32 + l] = d * scale * (nibble | (bit << 4)) - dmin * minimum;
      }
    }
  };

/** q of weight i (0 to 63, zero at 32) of a Q6_K block. */
export function sixBits(bytes: Bytes, at: number, i: number): number {
  const [half, rest] = [i >> 7, i & 127];
  const [quarter, l] = [rest >> 5, rest & 31];
  const low = byte(bytes, at + half * 64 + (quarter & 1) * 32 + l) >> (4 * (quarter >> 1));
  const high = byte(bytes, at + 128 + half * 32 + l) >> (2 * quarter);
  return (low & 15) | ((high & 3) << 4);
}

const decoders: Readonly<Record<BlockFormat, DecodeBlock>> = {
  Q4_0: nibbles(false),
  Q4_1: nibbles(true),
  Q5_0: fiveBits(false),
  Q5_1: fiveBits(true),
  Q8_0: (bytes, at, weights, to) => {
    const d = halfAt(bytes, at);
    for (let j = 0; j < 32; j++) weights[to + j] = d * signed(bytes, at + 2 + j);
  },
  Q4_K: kBlock(false),
  Q5_K: kBlock(true),
  Q6_K: (bytes, at, weights, to) => {
    const d = halfAt(bytes, at + 208);
    for (let i = 0; i < 256; i++) weights[to + i] = d * signed(bytes, at + 192 + (i >> 4)) * (sixBits(bytes, at, i) - 32);
  },
};
