/** Blocks of ggml as rows of our packed formats, integers moved as they are: no weight passes through a float. */
import { decodeFloat16, encodeFloat16 } from "../lib/float16.ts";
import type { PackedTensor } from "./hostTensor.ts";
import { blockSizes, halfAt, scaleAndMinimum, sixBits, type BlockFormat, type StoredFormat } from "./storedFormats.ts";

export interface Repacking {
  readonly format: PackedTensor["format"];
  readonly group: number;
  /** Weights so many bits each. */
  readonly bits: 4 | 8;
  /** Moves the block at byte `at` to the words from `word` and the scales from `scale`. */
  readonly move: (bytes: Bytes, at: number, to: PackedRun, word: number, scale: number) => void;
}

/** Some rows packed. Scales: f16 bits, a number each; int4m: scale in the lower half, minimum in the upper. */
export interface PackedRun {
  readonly words: Uint32Array<ArrayBuffer>;
  readonly scales: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
}

type Bytes = Uint8Array<ArrayBuffer>;

const byte = (bytes: Bytes, at: number): number => bytes[at] ?? 0;
const halfBits = (bytes: Bytes, at: number): number => byte(bytes, at) | (byte(bytes, at + 1) << 8);

/** Eight consecutive bytes' low (shift 0) or high (shift 4) nibbles as a word. */
function nibbleWord(bytes: Bytes, at: number, shift: number): number {
  let word = 0;
  for (let k = 0; k < 8; k++) word |= ((byte(bytes, at + k) >> shift) & 15) << (4 * k);
  return word;
}

/** 32 weights whose low nibbles are the first sixteen. */
function moveNibbles(bytes: Bytes, at: number, words: Uint32Array, word: number): void {
  for (let k = 0; k < 4; k++) words[word + k] = nibbleWord(bytes, at + (k & 1) * 8, (k >> 1) * 4);
}

const bytesWord = (at: (k: number) => number): number => at(0) | (at(1) << 8) | (at(2) << 16) | (at(3) << 24);

const repackings: Readonly<Partial<Record<BlockFormat, Repacking>>> = {
  Q4_0: {
    format: "int4",
    group: 32,
    bits: 4,
    move(bytes, at, { words, scales }, word, scale) {
      scales[scale] = halfBits(bytes, at);
      moveNibbles(bytes, at + 2, words, word);
    },
  },
  Q4_1: {
    format: "int4m",
    group: 32,
    bits: 4,
    move(bytes, at, { words, scales }, word, scale) {
      scales[scale] = halfBits(bytes, at) | (halfBits(bytes, at + 2) << 16);
      moveNibbles(bytes, at + 4, words, word);
    },
  },
  // Five bits, zero at 16: 128 - 16 more in a byte.
  Q5_0: {
    format: "int8",
    group: 32,
    bits: 8,
    move(bytes, at, { words, scales }, word, scale) {
      scales[scale] = halfBits(bytes, at);
      const q = (i: number): number => {
        const nibble = (byte(bytes, at + 6 + (i & 15)) >> (4 * (i >> 4))) & 15;
        return (nibble | (((byte(bytes, at + 2 + (i >> 3)) >> (i & 7)) & 1) << 4)) + 112;
      };
      for (let k = 0; k < 8; k++) words[word + k] = bytesWord((j) => q(4 * k + j));
    },
  },
  Q8_0: {
    format: "int8",
    group: 32,
    bits: 8,
    move(bytes, at, { words, scales }, word, scale) {
      scales[scale] = halfBits(bytes, at);
      // Signed to zero at 128: the top bit of each byte turns.
      for (let k = 0; k < 8; k++) words[word + k] = bytesWord((j) => byte(bytes, at + 2 + 4 * k + j)) ^ 0x80808080;
    },
  },
  // The product of two scales is rounded to f16: at most 2^-11 of it.
  Q4_K: {
    format: "int4m",
    group: 32,
    bits: 4,
    move(bytes, at, { words, scales }, word, scale) {
      const [d, dmin] = [halfAt(bytes, at), halfAt(bytes, at + 2)];
      for (let j = 0; j < 8; j++) {
        const [factor, minimum] = scaleAndMinimum(bytes, at + 4, j);
        scales[scale + j] = encodeFloat16(d * factor) | (encodeFloat16(-dmin * minimum) << 16);
        for (let k = 0; k < 4; k++) words[word + 4 * j + k] = nibbleWord(bytes, at + 16 + (j >> 1) * 32 + k * 8, 4 * (j & 1));
      }
    },
  },
  // Six bits, zero at 32.
  Q6_K: {
    format: "int8",
    group: 16,
    bits: 8,
    move(bytes, at, { words, scales }, word, scale) {
      const d = halfAt(bytes, at + 208);
      for (let j = 0; j < 16; j++) scales[scale + j] = encodeFloat16(d * ((byte(bytes, at + 192 + j) << 24) >> 24));
      for (let k = 0; k < 64; k++) words[word + k] = bytesWord((j) => sixBits(bytes, at, 4 * k + j) + 96);
    },
  },
};

/** How a stored format becomes one of ours without floats; undefined where it does not. */
export function repackingOf(format: StoredFormat): Repacking | undefined {
  return format in repackings ? repackings[format as BlockFormat] : undefined;
}

/** Whole rows of blocks, packed. @throws nothing; a scale that is not finite is the reader's to find */
export function repackRows(format: StoredFormat, repacking: Repacking, bytes: Bytes): PackedRun {
  const block = blockSizes[format];
  const blocks = bytes.length / block.bytes;
  const weights = blocks * block.weights;
  const groups = weights / repacking.group;
  const run = {
    words: new Uint32Array((weights * repacking.bits) / 32),
    scales: repacking.format === "int4m" ? new Uint32Array(groups) : new Uint16Array(groups),
  };
  const [wordsEach, scalesEach] = [(block.weights * repacking.bits) / 32, block.weights / repacking.group];
  for (let index = 0; index < blocks; index++) repacking.move(bytes, index * block.bytes, run, index * wordsEach, index * scalesEach);
  return run;
}

/** Whether every scale, and minimum, is a finite number. */
export function scalesAreFinite({ scales }: PackedRun): boolean {
  const finite = (bits: number): boolean => Number.isFinite(decodeFloat16(bits & 0xffff));
  return scales.every((bits) => finite(bits) && (scales instanceof Uint16Array || finite(bits >>> 16)));
}
