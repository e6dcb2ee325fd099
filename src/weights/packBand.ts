/** Quantization of a band of rows: the part of reading a model that takes time, and that several workers can share. */
import { transposed } from "./hostTensor.ts";
import { dequantizeRows, quantizeRows } from "./quantize.ts";
import type { Bits } from "./quantizeGroup.ts";
import type { PackedRun } from "./repack.ts";
import { decodeWeights, type StoredFormat } from "./storedFormats.ts";

/** Whole rows as a file stores them, and what they become. Plain data: it crosses to workers. */
export interface Band {
  readonly format: StoredFormat;
  /** In a buffer of their own. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Rows and columns as stored. */
  readonly rows: number;
  readonly columns: number;
  /** Stored [I, O]: turn it to [O, I] first. */
  readonly turned: boolean;
  readonly bits: Bits;
  readonly group: number;
  /** Say how far the packed numbers are from the stored ones. */
  readonly measured: boolean;
}

/** Σ (w − what it was packed to)², and Σ w². */
export interface PackingError {
  readonly squaredError: number;
  readonly squaredSize: number;
}

export interface PackedBand extends PackedRun {
  readonly error?: PackingError;
}

/** Packs bands, several at a time. */
export interface BandPacker {
  /** Bands that are worth having under way at once. */
  readonly lanes: number;
  /** @throws EngineError `bad-safetensors` */
  pack(band: Band): Promise<PackedBand>;
}

/** On the caller's own thread. */
export const ownThread: BandPacker = { lanes: 1, pack: async (band) => packBand(band) };

/** @throws EngineError `bad-safetensors` for weights that no scale can hold */
export function packBand({ format, bytes, rows, columns, turned, bits, group, measured }: Band): PackedBand {
  const stored = decodeWeights(format, bytes);
  const [floats, down, along] = turned ? [transposed(stored, rows, columns), columns, rows] : [stored, rows, columns];
  const packed = quantizeRows(floats, down, along, bits, group);
  const run = { words: packed.words, scales: new Uint16Array(packed.scales.buffer, 0, floats.length / group) };
  return measured ? { ...run, error: errorOf(floats, dequantizeRows(packed, down, along, bits === 8 ? "int8" : "int4", group)) } : run;
}

function errorOf(floats: Float32Array, packed: Float32Array): PackingError {
  let [squaredError, squaredSize] = [0, 0];
  for (let i = 0; i < floats.length; i++) {
    const weight = floats[i] as number;
    squaredError += (weight - (packed[i] as number)) ** 2;
    squaredSize += weight ** 2;
  }
  return { squaredError, squaredSize };
}
