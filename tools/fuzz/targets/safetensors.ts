/** Single safetensors files. */
import { writeSafetensors } from "../../../src/weights/safetensorsWriter.ts";
import { openSafetensors, type SafetensorsEntry, type SafetensorsType } from "../../../src/weights/safetensors.ts";
import { damageBytes } from "../damageBytes.ts";
import type { Draw } from "../draw.ts";
import { badKeyOf } from "../jsonKeys.ts";
import { mutateTree, treeOf, writeTree, type Tree } from "../jsonTree.ts";
import { alone, bytesOf, type FuzzSource, type Input } from "../target.ts";

interface Read {
  readonly entries: readonly SafetensorsEntry[];
  /** Values of each tensor that was read, in the same order. */
  readonly values: readonly (ArrayLike<number> | undefined)[];
}

/** Header and data of a file. */
interface Parts {
  readonly tree: Tree;
  readonly data: Uint8Array;
}

const elementBytes: Readonly<Record<string, number>> = Object.fromEntries(
  ["BOOL U8 I8 F8_E4M3 F8_E5M2", "U16 I16 F16 BF16", "U32 I32 F32", "U64 I64 F64"].flatMap((types, power) =>
    types.split(" ").map((type) => [type, 2 ** power] as const),
  ),
);

const soundSafetensors = (): Uint8Array[] => [
  writeSafetensors(
    [
      { name: "wte.weight", shape: [6, 4], data: Float32Array.from({ length: 24 }, (_, i) => i / 8) },
      { name: "h.0.bias", shape: [4], data: new Float32Array(4) },
      { name: "ids", shape: [3], data: Int32Array.of(1, 2, 3) },
      { name: "halves", shape: [2, 2], data: Uint16Array.of(0x3c00, 0, 0x8000, 0x7bff) },
      { name: "mask", shape: [1, 1, 5], data: new Uint8Array(5) },
    ],
    { format: "pt" },
  ),
  writeSafetensors([{ name: "scalar", shape: [], data: new Float32Array(1) }]),
  withHeader({ a: { dtype: "BF16", shape: [2, 3], data_offsets: [0, 12] }, b: { dtype: "I64", shape: [0], data_offsets: [12, 12] } }, 12),
];

/** A file of any header, its length stated rightly. */
function assembled(header: string, data: Uint8Array, stated?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setBigUint64(0, stated ?? BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}

function withHeader(header: unknown, dataBytes: number): Uint8Array {
  return assembled(JSON.stringify(header), new Uint8Array(dataBytes));
}

function partsOf(file: Uint8Array): Parts {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  return { tree: treeOf(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))), data: file.subarray(8 + length) };
}

/** Spans moved against each other, which no field by itself shows. */
function moveSpans(file: Uint8Array, draw: Draw): Uint8Array {
  const { tree, data } = partsOf(file);
  const header = JSON.parse(writeTree(tree)) as Record<string, { data_offsets: number[]; shape: number[] }>;
  const names = Object.keys(header).filter((name) => name !== "__metadata__");
  const [one, other] = [header[draw.pick(names)], header[draw.pick(names)]];
  const by = draw.pick([1, 4, -4, 8, data.length, -data.length]);
  if (one && other) {
    const [begin = 0, end = 0] = one.data_offsets;
    draw.pick([
      () => (one.data_offsets = [begin + by, end + by]),
      () => (one.data_offsets = [begin, end + by]),
      () => (one.data_offsets = other.data_offsets),
      () => ([one.data_offsets, other.data_offsets] = [other.data_offsets, one.data_offsets]),
      () => (one.shape = [...one.shape, draw.pick([0, 1, 2, 2 ** 31])]),
      () => (one.shape = one.shape.toReversed()),
    ])();
  }
  const longer = draw.oneIn(3) ? new Uint8Array(data.length + Math.max(0, by)) : data;
  return assembled(JSON.stringify(header), longer);
}

export function mutateSafetensors(file: Uint8Array, draw: Draw, others: readonly Uint8Array[]): Uint8Array {
  const way = draw.prng.below(10);
  if (way < 2) return moveSpans(file, draw);
  const { tree, data } = partsOf(file);
  const headerBytes = file.length - data.length;
  if (way < 5) return damageBytes(file, draw, headerBytes, others);
  const header = writeTree(mutateTree(tree, draw));
  return assembled(header, draw.oneIn(6) ? data.subarray(0, draw.prng.below(data.length + 1)) : data);
}

function read(input: Input): Read {
  const file = openSafetensors(bytesOf(input));
  const entries = [...file.entries.values()];
  return { entries, values: entries.map(({ name, type }) => valuesOf(file, name, type)) };
}

function valuesOf(file: ReturnType<typeof openSafetensors>, name: string, type: SafetensorsType): ArrayLike<number> | undefined {
  if (type === "F64" || type === "F32" || type === "F16" || type === "BF16") return file.readTensor(name).data;
  return type === "I64" || type === "I32" || type === "U8" || type === "BOOL" ? file.readIntegers(name).data : undefined;
}

interface Told {
  readonly dtype: SafetensorsType;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** The tensors of a header as they stand there, whatever they are. */
const tensorsOf = (text: string): Readonly<Record<string, Told>> =>
  Object.fromEntries(Object.entries(JSON.parse(text) as Record<string, Told>).filter(([name]) => name !== "__metadata__"));

/** The rules of the format once more, by `JSON.parse` and arithmetic alone. */
function checkSafetensors(input: Input, { entries, values }: Read): string | undefined {
  const file = bytesOf(input);
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const text = new TextDecoder("utf-8", { fatal: true }).decode(file.subarray(8, 8 + length));
  const header = tensorsOf(text);
  const key = badKeyOf(text);
  if (key !== undefined) return `the key ${key.slice(0, 40)} twice, or forbidden`;
  if (Object.keys(header).length !== entries.length) return `${entries.length} tensors of ${Object.keys(header).length}`;
  let at = 0;
  for (const [i, { name, shape, begin, end }] of entries.entries()) {
    const told = header[name];
    const [from = -1, to = -1] = told?.data_offsets ?? [];
    if (begin !== 8 + length + from || end !== 8 + length + to) return `${name}: a span other than the header's`;
    if (from !== at) return `${name}: begins at ${from}, the one before ended at ${at}`;
    const count = shape.reduce((product, size) => product * size, 1);
    if (String(told?.shape) !== String(shape) || to - from !== count * (elementBytes[told?.dtype ?? ""] ?? NaN))
      return `${name}: ${to - from} bytes for [${String(told?.shape)}] of ${told?.dtype}`;
    if (values[i] !== undefined && values[i].length !== count) return `${name}: ${values[i].length} values of ${count}`;
    at = to;
  }
  return 8 + length + at === file.length ? undefined : `a file of ${file.length} bytes ends at ${8 + length + at}`;
}

/** Planted: believes what the header says of its spans. */
function readUnchecked(input: Input): Read {
  const file = bytesOf(input);
  try {
    return read(input);
  } catch (thrown) {
    if (!/span|hole|overlap|the end of the last tensor/.test(String(thrown))) throw thrown;
  }
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const header = tensorsOf(new TextDecoder().decode(file.subarray(8, 8 + length)));
  const entries = Object.entries(header).map(
    ([
      name,
      {
        dtype: type,
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      return { name, type, shape, begin: 8 + length + from, end: 8 + length + to };
    },
  );
  return { entries, values: entries.map(() => undefined) };
}

export const safetensors: FuzzSource = {
  name: "safetensors",
  share: 20,
  plants: ["unchecked-span"],
  async open(plant) {
    const files = soundSafetensors();
    return {
      codes: ["bad-safetensors"],
      sound: files.map(alone),
      mutate: (draw) => alone(mutateSafetensors(draw.pick(files), draw, files)),
      read: plant === "unchecked-span" ? readUnchecked : read,
      check: checkSafetensors,
    };
  },
};
