/** What a tensor of a file becomes, from its header alone. */
import type { ByteSource, Precision } from "./byteSource.ts";
import type { PlannedTensor, TensorOutline } from "./hostTensor.ts";
import type { Bits } from "./quantizeGroup.ts";
import { repackingOf, type Repacking } from "./repack.ts";
import { isFloatFormat, type StoredFormat } from "./storedFormats.ts";

/** A tensor in its file. */
export interface StoredEntry {
  /** As the file names it. */
  readonly name: string;
  /** Row-major. */
  readonly shape: readonly number[];
  readonly format: StoredFormat;
  readonly source: ByteSource;
  readonly begin: number;
  readonly end: number;
}

/** Weights that share a scale, the largest that divides the inputs. */
const groups = [32, 16, 8];

/** How a tensor reaches its form. */
export type Packing =
  | { readonly kind: "floats" }
  | { readonly kind: "repacked"; readonly repacking: Repacking }
  | { readonly kind: "quantized"; readonly bits: Bits; readonly group: number };

export function packingOf({ format, shape }: StoredEntry, planned: PlannedTensor, precision: Precision): Packing {
  if (!planned.pack || shape.length !== 2) return { kind: "floats" };
  // Blocks lie along the inputs: what is turned is packed anew.
  const repacking = planned.transpose ? undefined : repackingOf(format);
  const most = precision === "stored" ? 8 : Math.max(precision, planned.leastBits ?? 4);
  if (repacking && repacking.bits <= most) return { kind: "repacked", repacking };
  if (precision === "stored" && isFloatFormat(format)) return { kind: "floats" };
  const inputs = (planned.transpose ? shape[0] : shape[1]) ?? 0;
  const group = groups.find((size) => inputs % size === 0);
  // Blocks of a format that none of ours holds become bytes.
  return group === undefined ? { kind: "floats" } : { kind: "quantized", bits: most === 4 ? 4 : 8, group };
}

/** What a tensor will be, from its header alone. */
export function outlineOfEntry(entry: StoredEntry, planned: PlannedTensor, precision: Precision): TensorOutline {
  const { name, transpose } = planned;
  const [rows = 0, columns = 0] = entry.shape;
  const shape = transpose ? [columns, rows] : entry.shape;
  const way = packingOf(entry, planned, precision);
  if (way.kind === "floats") return { name, shape, format: staysHalf(entry, transpose) ? "f16" : "f32" };
  if (way.kind === "repacked") return { name, shape, format: way.repacking.format, group: way.repacking.group };
  return { name, shape, format: way.bits === 8 ? "int8" : "int4", group: way.group };
}

/** Kernels read float16 in pairs along the input. */
export const staysHalf = ({ format, shape }: StoredEntry, transpose: boolean): boolean =>
  format === "F16" && shape.length === 2 && ((transpose ? shape[0] : shape[1]) ?? 0) % 2 === 0;

/** Where each stored row goes; undefined where rows stay. Source: `permute` in llama.cpp's convert_hf_to_gguf.py, turned back. */
export function rowOrder(rows: number, { interleavedHeads: heads }: PlannedTensor): ((row: number) => number) | undefined {
  if (heads === undefined) return undefined;
  const size = rows / heads;
  return (row) => {
    const within = row % size;
    return row - within + (within & 1) * (size / 2) + (within >> 1);
  };
}
