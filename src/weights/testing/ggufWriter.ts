/** Writes GGUF files for tests: metadata, tensors of any format as their bytes. */
import { storedBytes, type StoredFormat } from "../storedFormats.ts";

/** With its type where JavaScript's own does not say: numbers are uint32 unless said otherwise. */
export type WrittenValue =
  | string
  | boolean
  | number
  | readonly string[]
  | { readonly float32: number | readonly number[] }
  | { readonly uint64: bigint }
  | { readonly int32: readonly number[] };

export interface WrittenTensor {
  readonly name: string;
  /** Row-major. */
  readonly shape: readonly number[];
  readonly format: StoredFormat;
  readonly bytes: Uint8Array;
}

export const ggufFormatNumbers: Readonly<Record<StoredFormat, number>> = {
  F32: 0,
  F16: 1,
  Q4_0: 2,
  Q4_1: 3,
  Q5_0: 6,
  Q5_1: 7,
  Q8_0: 8,
  Q4_K: 12,
  Q5_K: 13,
  Q6_K: 14,
  F64: 28,
  BF16: 30,
};

const utf8 = new TextEncoder();

/** Bytes put one after another. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];
  length = 0;

  bytes(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.length += bytes.length;
    return this;
  }

  uint32(value: number): this {
    return this.bytes(new Uint8Array(Uint32Array.of(value).buffer));
  }

  uint64(value: number | bigint): this {
    return this.bytes(new Uint8Array(BigUint64Array.of(BigInt(value)).buffer));
  }

  float32(value: number): this {
    return this.bytes(new Uint8Array(Float32Array.of(value).buffer));
  }

  text(value: string): this {
    const bytes = utf8.encode(value);
    return this.uint64(bytes.length).bytes(bytes);
  }

  padTo(multiple: number): this {
    return this.bytes(new Uint8Array((multiple - (this.length % multiple)) % multiple));
  }

  finish(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

export function writeGguf(metadata: Readonly<Record<string, WrittenValue>>, tensors: readonly WrittenTensor[]): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter().bytes(utf8.encode("GGUF")).uint32(3).uint64(tensors.length).uint64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) writeValue(writer.text(key), value);
  let offset = 0;
  for (const { name, shape, format, bytes } of tensors) {
    writer.text(name).uint32(shape.length);
    for (const size of shape.toReversed()) writer.uint64(size);
    writer.uint32(ggufFormatNumbers[format]).uint64(offset);
    if (
      bytes.length !==
      storedBytes(
        format,
        shape.reduce((a, b) => a * b, 1),
      )
    )
      throw new RangeError(`${name}: ${bytes.length} bytes`);
    offset += Math.ceil(bytes.length / 32) * 32;
  }
  for (const { bytes } of tensors) writer.padTo(32).bytes(bytes);
  return writer.padTo(32).finish();
}

/** A value of the metadata: its type, then itself. */
export function writeValue(writer: ByteWriter, value: WrittenValue): void {
  if (typeof value === "string") writer.uint32(8).text(value);
  else if (typeof value === "boolean") writer.uint32(7).bytes(Uint8Array.of(Number(value)));
  else if (typeof value === "number") writer.uint32(4).uint32(value);
  else if ("uint64" in value) writer.uint32(10).uint64(value.uint64);
  else if ("int32" in value) writeList(writer, 5, value.int32, (one) => writer.uint32(one));
  else if (!("float32" in value)) writeList(writer, 8, value, (one) => writer.text(one));
  else if (typeof value.float32 === "number") writer.uint32(6).float32(value.float32);
  else writeList(writer, 6, value.float32, (one) => writer.float32(one));
}

function writeList<T>(writer: ByteWriter, type: number, list: readonly T[], write: (one: T) => unknown): void {
  writer.uint32(9).uint32(type).uint64(list.length);
  for (const one of list) write(one);
}
