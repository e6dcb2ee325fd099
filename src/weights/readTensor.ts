/** A tensor of a file as the host tensor it becomes: read in bands of rows, so that its float form never exists whole unless it is kept as floats. */
import { EngineError, throwIfCancelled, type ErrorCode } from "../lib/errors.ts";
import type { Precision } from "./byteSource.ts";
import {
  elementCount,
  transposed,
  type FloatTensor,
  type HalfTensor,
  type HostTensor,
  type PackedTensor,
  type PlannedTensor,
} from "./hostTensor.ts";
import { ownThread, type BandPacker, type PackingError } from "./packBand.ts";
import { repackRows, scalesAreFinite, type PackedRun, type Repacking } from "./repack.ts";
import { decodeWeights, storedBytes, type StoredFormat } from "./storedFormats.ts";
import { packingOf, rowOrder, staysHalf, type Packing, type StoredEntry } from "./tensorPacking.ts";

export interface TensorOptions {
  /** "stored", or the bits that matrices are packed to where they have more. */
  readonly precision: Precision;
  readonly signal?: AbortSignal;
  /** Told of each band of rows that was quantized. */
  readonly onQuantized?: (name: string, error: PackingError) => void;
  /** On this thread by default. */
  readonly packer?: BandPacker;
}

/** Floats in memory at once on the way to a packed tensor. */
const bandWeights = 1024 * 1024;

/**
 * @throws EngineError `bad-safetensors` or `bad-gguf` for weights that are not finite, `cancelled`, and those of the source
 */
export async function readTensor(entry: StoredEntry, planned: PlannedTensor, options: TensorOptions): Promise<HostTensor> {
  try {
    checkHeads(entry, planned);
    const way = packingOf(entry, planned, options.precision);
    if (way.kind === "floats") return await readFloats(entry, planned, options.signal);
    return await readPacked(entry, planned, way, options);
  } catch (thrown) {
    throw named(thrown, entry);
  }
}

/** Rows that are put in another order come in heads of pairs. */
function checkHeads({ shape: [rows = 0] }: StoredEntry, { interleavedHeads: heads }: PlannedTensor): void {
  if (heads !== undefined && rows % (2 * heads) !== 0)
    throw damaged(`Got ${rows} rows, expected a multiple of ${2 * heads}, two for each of ${heads} heads.`);
}

const damaged = (message: string): EngineError =>
  new EngineError("bad-safetensors", message, "The checkpoint is damaged, or its training diverged.");

function named(thrown: unknown, { name, source }: StoredEntry): unknown {
  if (!(thrown instanceof EngineError) || thrown.code !== "bad-safetensors") return thrown;
  const code: ErrorCode = source.name.endsWith(".gguf") ? "bad-gguf" : "bad-safetensors";
  return new EngineError(code, `${source.name}, tensor ${JSON.stringify(name)}: ${thrown.message}`, thrown.hint, { cause: thrown });
}

async function readFloats(entry: StoredEntry, planned: PlannedTensor, signal?: AbortSignal): Promise<FloatTensor | HalfTensor> {
  const { name, transpose } = planned;
  const { format, shape } = entry;
  const bytes = await entry.source.read(entry.begin, entry.end, signal);
  const [rows = 0, columns = 0] = shape;
  const matrix = shape.length === 2;
  const order = rowOrder(matrix ? rows : elementCount(shape), planned);
  if (staysHalf(entry, transpose)) {
    const halves = ordered(new Uint16Array(bytes.buffer), columns, order);
    checkHalves(halves);
    return transpose
      ? { name, shape: [columns, rows], format: "f16", halves: transposed(halves, rows, columns) }
      : { name, shape: [rows, columns], format: "f16", halves };
  }
  const data = ordered(decodeWeights(format, bytes), matrix ? columns : 1, order);
  checkFloats(data);
  return transpose
    ? { name, shape: [columns, rows], format: "f32", data: transposed(data, rows, columns) }
    : { name, shape, format: "f32", data };
}

const notFinite = (): EngineError => damaged("Got a weight that is infinite or no number, expected finite numbers.");

/** Loops: `every` takes seven times as long, and models have billions of weights. */
function checkFloats(data: Float32Array): void {
  for (let i = 0; i < data.length; i++) {
    const weight = data[i] as number;
    if (weight - weight !== 0) throw notFinite();
  }
}

function checkHalves(halves: Uint16Array): void {
  // All ones in the exponent: infinite, or no number.
  for (let i = 0; i < halves.length; i++) if (((halves[i] as number) & 0x7c00) === 0x7c00) throw notFinite();
}

function ordered<T extends Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>>(
  data: T,
  columns: number,
  order: ((row: number) => number) | undefined,
): T {
  if (!order) return data;
  const result = data.slice() as T;
  for (let row = 0; row * columns < data.length; row++) result.set(data.subarray(row * columns, (row + 1) * columns), order(row) * columns);
  return result;
}

/** A packed tensor that is being filled. */
interface Target extends PackedRun {
  readonly rows: number;
  readonly wordsPerRow: number;
  readonly scalesPerRow: number;
}

type Packed = Exclude<Packing, { kind: "floats" }>;

async function readPacked(entry: StoredEntry, planned: PlannedTensor, way: Packed, options: TensorOptions): Promise<PackedTensor> {
  const [stored = 0, across = 0] = entry.shape;
  const [rows, columns] = planned.transpose ? [across, stored] : [stored, across];
  const kind =
    way.kind === "repacked"
      ? way.repacking
      : { format: way.bits === 8 ? ("int8" as const) : ("int4" as const), group: way.group, bits: way.bits };
  const packer = options.packer ?? ownThread;
  const target = emptyTarget(rows, columns, kind);
  const order = rowOrder(rows, planned);
  const unit = planned.transpose ? kind.group : 1;
  const band = Math.max(1, Math.floor(bandWeights / across / unit)) * unit;
  const place = async (first: number, rowsHere: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    if (way.kind === "repacked") return placeRows(target, repacked(entry.format, way.repacking, bytes), first, order);
    const measured = options.onQuantized !== undefined;
    const { bits, group } = way;
    const run = await packer.pack({
      format: entry.format,
      bytes,
      rows: rowsHere,
      columns: across,
      turned: planned.transpose,
      bits,
      group,
      measured,
    });
    if (run.error) options.onQuantized?.(planned.name, run.error);
    if (planned.transpose) placeColumns(target, run, (first * bits) / 32, first / group);
    else placeRows(target, run, first, order);
  };
  const underWay = new Set<Promise<void>>();
  try {
    for (let first = 0; first < stored; first += band) {
      throwIfCancelled(options.signal);
      const count = Math.min(band, stored - first);
      const bytes = await readRows(entry, first, count, options.signal);
      const placed = place(first, count, bytes).finally(() => underWay.delete(placed));
      // Awaited below; a fault that comes before that is no unhandled one.
      placed.catch(() => undefined);
      underWay.add(placed);
      if (underWay.size >= packer.lanes) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  } catch (thrown) {
    // The others end on their own; their faults are this one's.
    await Promise.allSettled(underWay);
    throw thrown;
  }
  const scales = target.scales instanceof Uint32Array ? target.scales : new Uint32Array(target.scales.buffer);
  return { name: planned.name, shape: [rows, columns], format: kind.format, group: kind.group, words: target.words, scales };
}

function emptyTarget(rows: number, columns: number, { format, group, bits }: Pick<Repacking, "format" | "group" | "bits">): Target {
  const wordsPerRow = (columns * bits) / 32;
  const scalesPerRow = columns / group;
  const count = rows * scalesPerRow;
  return {
    rows,
    wordsPerRow,
    scalesPerRow,
    words: new Uint32Array(rows * wordsPerRow),
    // Pairs of f16: padded to even.
    scales: format === "int4m" ? new Uint32Array(count) : new Uint16Array(count + (count % 2)),
  };
}

function readRows(
  { format, shape, source, begin }: StoredEntry,
  first: number,
  count: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const row = storedBytes(format, shape[1] ?? 0);
  return source.read(begin + first * row, begin + (first + count) * row, signal);
}

function repacked(format: StoredFormat, repacking: Repacking, bytes: Uint8Array<ArrayBuffer>): PackedRun {
  const run = repackRows(format, repacking, bytes);
  if (scalesAreFinite(run)) return run;
  throw damaged("Got a scale that is no finite number, expected finite ones.");
}

function placeRows(target: Target, run: PackedRun, first: number, order: ((row: number) => number) | undefined): void {
  const { wordsPerRow, scalesPerRow } = target;
  if (!order) {
    target.words.set(run.words, first * wordsPerRow);
    target.scales.set(run.scales, first * scalesPerRow);
    return;
  }
  for (let k = 0; k * wordsPerRow < run.words.length; k++) {
    const to = order(first + k);
    target.words.set(run.words.subarray(k * wordsPerRow, (k + 1) * wordsPerRow), to * wordsPerRow);
    target.scales.set(run.scales.subarray(k * scalesPerRow, (k + 1) * scalesPerRow), to * scalesPerRow);
  }
}

/** A band of inputs of every row: from a word and a scale of each on. */
function placeColumns(target: Target, run: PackedRun, word: number, scale: number): void {
  const { rows, wordsPerRow, scalesPerRow } = target;
  const [words, scales] = [run.words.length / rows, run.scales.length / rows];
  for (let row = 0; row < rows; row++) {
    target.words.set(run.words.subarray(row * words, (row + 1) * words), row * wordsPerRow + word);
    target.scales.set(run.scales.subarray(row * scales, (row + 1) * scales), row * scalesPerRow + scale);
  }
}
