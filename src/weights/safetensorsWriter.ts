import { EngineError } from "../lib/errors.ts";
import { elementCount } from "./hostTensor.ts";

/** A tensor to write: float32, int32, the bits of float16, or bytes. */
export interface WritableTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint16Array | Uint8Array;
}

function typeOf(data: WritableTensor["data"]): "F32" | "F16" | "I32" | "U8" {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Uint16Array) return "F16";
  return data instanceof Int32Array ? "I32" : "U8";
}

/**
 * A safetensors file of `tensors`, widest elements first so that each is aligned to its size.
 * @throws EngineError `bad-shape` when a shape does not fit its data, or a name comes twice
 */
export function writeSafetensors(
  tensors: readonly WritableTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const sorted = tensors.toSorted((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  const header = writeHeader(sorted, metadata);
  const total = sorted.reduce((sum, tensor) => sum + tensor.data.byteLength, 0);
  const file = new Uint8Array(8 + header.length + total);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  let at = 8 + header.length;
  for (const { data } of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/** The header's JSON, padded with spaces to a multiple of 8 bytes. */
function writeHeader(tensors: readonly WritableTensor[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let at = 0;
  for (const { name, shape, data } of tensors) {
    if (elementCount(shape) !== data.length) {
      throw new EngineError(
        "bad-shape",
        `Tensor ${JSON.stringify(name)}: got ${data.length} elements, expected ${elementCount(shape)} for [${shape.join(", ")}].`,
        "Give each tensor the shape of its data.",
      );
    }
    if (Object.hasOwn(header, name) || name === "__proto__" || name === "__metadata__") {
      throw new EngineError(
        "bad-shape",
        `Got the tensor name ${JSON.stringify(name)}, expected one that is neither taken nor reserved.`,
        "Rename the tensor.",
      );
    }
    header[name] = { dtype: typeOf(data), shape, data_offsets: [at, at + data.byteLength] };
    at += data.byteLength;
  }
  const text = JSON.stringify(header);
  const bytes = new TextEncoder().encode(text);
  const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8).fill(0x20);
  padded.set(bytes);
  return padded;
}
