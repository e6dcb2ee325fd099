/** A float tensor in host memory, row-major. */
export interface FloatTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly format: "f32";
  readonly data: Float32Array;
}

/** A matrix [O, I] of float16 as a checkpoint stores it, I even. */
export interface HalfTensor {
  readonly name: string;
  readonly shape: readonly [number, number];
  readonly format: "f16";
  readonly halves: Uint16Array<ArrayBuffer>;
}

/** int8 and int4: w = (q − zero) · scale, see `zeroPoint`. int4m has a minimum a group instead: w = q · scale + min, q from 0 to 15. */
export type PackedFormat = "int8" | "int4" | "int4m";

/** A packed linear weight or embedding [O, I], I a multiple of the group. */
export interface PackedTensor {
  readonly name: string;
  readonly shape: readonly [number, number];
  readonly format: PackedFormat;
  /** Weights along I that share a scale; a multiple of 8. */
  readonly group: number;
  /** [O][I/4] (int8) or [O][I/8] (int4, int4m), lowest bits first. */
  readonly words: Uint32Array;
  /** [O][I/group] flat. int8, int4: f16 pairs, lower half first, padded to even. int4m: one word a group, the scale's f16 below the minimum's. */
  readonly scales: Uint32Array;
}

/** What `quantizeTensor` makes: no minimum. */
export interface SymmetricTensor extends PackedTensor {
  readonly format: "int8" | "int4";
}

export type HostTensor = FloatTensor | HalfTensor | PackedTensor;
/** What quantizing makes of floats. */
export type StoredTensor = FloatTensor | SymmetricTensor;
/** q of weight 0 where a group has no minimum. */
export const zeroPoint = { int8: 128, int4: 8 } as const;

/** What a checkpoint's tensor becomes; see `tensorPlan` in the model folder. */
export interface PlannedTensor {
  /** The canonical name. */
  readonly name: string;
  /** Stored [I, O]: transpose it to [O, I]. */
  readonly transpose: boolean;
  /** May be quantized. */
  readonly pack: boolean;
  /** Never in fewer bits: a tied embedding is the head too, and the head's error goes straight into the logits. */
  readonly leastBits?: 8;
  /** Heads whose rows are stored with the two halves of each head interleaved (2j, 2j + 1), as llama.cpp turns them; absent: as the forward pass reads them. */
  readonly interleavedHeads?: number;
}

/** Undefined for a tensor that the forward pass does not read. */
export type TensorPlan = (name: string, shape: readonly number[]) => PlannedTensor | undefined;

/** The outline of tensors that are there already. */
export const outlineOf = (tensors: readonly HostTensor[]): TensorOutline[] =>
  tensors.map(({ name, shape, format, ...rest }) => ({ name, shape, format, ...("group" in rest ? { group: rest.group } : {}) }));

/** What is known of a tensor before it is read. */
export interface TensorOutline {
  readonly name: string;
  readonly shape: readonly number[];
  readonly format: HostTensor["format"];
  /** Of packed tensors. */
  readonly group?: number;
}

/** A model's files, opened and checked; its tensors are read one after another. */
export interface ModelFiles {
  readonly name: string;
  /** The Hugging Face config.json, a JSON object. */
  readonly config: unknown;
  /** Text of tokenizer.json; empty where a folder has none. */
  readonly tokenizerJson: string;
  /** tokenizer_config.json, a JSON object; undefined where there is none. */
  readonly tokenizerConfig: unknown;
  /** Every tensor that `tensors` gives, in its order. */
  readonly outline: readonly TensorOutline[];
  /** Every tensor once, linears as [O, I], under its canonical name. */
  tensors(): AsyncIterable<HostTensor> | HostTensor[];
}

/** Bytes of a tensor's words and of its scales. */
export function tensorBytes({ shape, format, group = 1 }: TensorOutline): { readonly words: number; readonly scales: number } {
  const count = elementCount(shape);
  if (format === "f32") return { words: 4 * count, scales: 0 };
  if (format === "f16") return { words: 2 * count, scales: 0 };
  const groups = count / group;
  return { words: (count * (format === "int8" ? 8 : 4)) / 8, scales: format === "int4m" ? 4 * groups : 4 * Math.ceil(groups / 2) };
}

/** For people, e.g. "int4, groups of 32; transformer.wte.weight int8": formats of the matrices that hold most weights, first. */
export function describeFormats(outline: readonly TensorOutline[]): string {
  const kinds = new Map<string, { weights: number; names: string[] }>();
  for (const { name, shape, format, group } of outline) {
    if (shape.length !== 2) continue;
    const label = group === undefined ? format : `${format}, groups of ${group}`;
    const kind = kinds.get(label) ?? { weights: 0, names: [] };
    kind.weights += elementCount(shape);
    kind.names.push(name);
    kinds.set(label, kind);
  }
  const [first, ...others] = [...kinds].sort((a, b) => b[1].weights - a[1].weights);
  // Position tables and the like beside packed matrices are not worth a word.
  const rest = others
    .filter(([label]) => label !== "f32")
    .map(([label, { names }]) => `${names.length === 1 ? names[0] : `${names.length} tensors`} ${label.split(",")[0]}`);
  return [first?.[0] ?? "f32", ...rest].join("; ");
}

/** Elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A row-major [rows, columns] matrix as [columns, rows]. */
export function transposed(data: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer>;
export function transposed(data: Uint16Array, rows: number, columns: number): Uint16Array<ArrayBuffer>;
export function transposed(data: Float32Array | Uint16Array, rows: number, columns: number): Float32Array | Uint16Array {
  const result = data instanceof Uint16Array ? new Uint16Array(rows * columns) : new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = data[row * columns + column] ?? 0;
  }
  return result;
}
