/** A sound GGUF file in its parts, so that any of them can be spoiled, and put together with no check at all. */
import { byteLevelTokenizer } from "../../tokenizer/fixtures.ts";
import { createPrng } from "../../lib/prng.ts";
import { elementCount } from "../hostTensor.ts";
import { blockSizes, storedBytes, type StoredFormat } from "../storedFormats.ts";
import { ByteWriter, ggufFormatNumbers, writeValue, type WrittenValue } from "./ggufWriter.ts";
import { bytesOf } from "./malformedBase.ts";

export interface RawKey {
  readonly key: string | Uint8Array;
  /** A value, or the bytes that stand for its type and itself. */
  readonly value: WrittenValue | Uint8Array;
}

export interface RawTensor {
  readonly name: string;
  /** As the file has them: the size along a row first. */
  readonly sizes: readonly (number | bigint)[];
  readonly format: number;
  readonly data: Uint8Array;
  /** Otherwise behind the tensor before it, padded. */
  readonly offset?: number | bigint;
}

export interface RawGguf {
  readonly magic: string;
  readonly version: number;
  readonly keys: readonly RawKey[];
  readonly tensors: readonly RawTensor[];
  /** Otherwise as many as there are. */
  readonly keyCount?: bigint;
  readonly tensorCount?: bigint;
}

/** Where the sections of an assembled file end, bytes. */
export interface Sections {
  readonly keys: number;
  readonly infos: number;
  readonly data: number;
}

export function assemble(raw: RawGguf): { readonly bytes: Uint8Array; readonly ends: Sections } {
  const writer = new ByteWriter().bytes(bytesOf(raw.magic)).uint32(raw.version);
  writer.uint64(raw.tensorCount ?? raw.tensors.length).uint64(raw.keyCount ?? raw.keys.length);
  for (const { key, value } of raw.keys) {
    writer.uint64(bytesOf(key).length).bytes(bytesOf(key));
    if (value instanceof Uint8Array) writer.bytes(value);
    else writeValue(writer, value);
  }
  const keys = writer.length;
  let next = 0;
  for (const { name, sizes, format, data, offset } of raw.tensors) {
    writer.text(name).uint32(sizes.length);
    for (const size of sizes) writer.uint64(size);
    writer.uint32(format).uint64(offset ?? next);
    next += Math.ceil(data.length / 32) * 32;
  }
  const infos = writer.length;
  for (const { data } of raw.tensors) writer.padTo(32).bytes(data);
  writer.padTo(32);
  return { bytes: writer.finish(), ends: { keys, infos, data: writer.length } };
}

const tokenizer = byteLevelTokenizer();
/** By id: an object's own order has digits first. */
const tokens = Object.entries(tokenizer.model.vocab)
  .sort(([, a], [, b]) => a - b)
  .map(([token]) => token);
const metadata: Readonly<Record<string, WrittenValue>> = {
  "general.architecture": "llama",
  "general.name": "Tiny",
  "llama.block_count": 1,
  "llama.context_length": 64,
  "llama.embedding_length": 32,
  "llama.feed_forward_length": 64,
  "llama.attention.head_count": 4,
  "llama.attention.head_count_kv": 2,
  "llama.attention.layer_norm_rms_epsilon": { float32: 1e-5 },
  "llama.rope.freq_base": { float32: 10_000 },
  "llama.rope.dimension_count": 8,
  "tokenizer.ggml.model": "gpt2",
  "tokenizer.ggml.pre": "gpt-2",
  "tokenizer.ggml.tokens": tokens,
  "tokenizer.ggml.token_type": { int32: tokens.map((_, id) => (id === 0 ? 3 : 1)) },
  "tokenizer.ggml.merges": tokenizer.model.merges.map((pair) => pair.join(" ")),
  "tokenizer.ggml.eos_token_id": 0,
};

/** Row-major shapes. */
const shapes: readonly (readonly [name: string, format: StoredFormat, ...shape: number[]])[] = [
  ["token_embd.weight", "Q8_0", tokens.length, 32],
  ["output_norm.weight", "F32", 32],
  ["output.weight", "F16", tokens.length, 32],
  ["blk.0.attn_norm.weight", "F32", 32],
  ["blk.0.attn_q.weight", "Q4_0", 32, 32],
  ["blk.0.attn_k.weight", "Q4_0", 16, 32],
  ["blk.0.attn_v.weight", "Q5_1", 16, 32],
  ["blk.0.attn_output.weight", "Q4_1", 32, 32],
  ["blk.0.ffn_norm.weight", "F32", 32],
  ["blk.0.ffn_gate.weight", "Q4_1", 64, 32],
  ["blk.0.ffn_up.weight", "Q4_0", 64, 32],
  ["blk.0.ffn_down.weight", "BF16", 32, 64],
];

/** Small weights of a format: halves and bfloats of about 0.06, float32 of 1. */
function weightsOf(format: StoredFormat, shape: readonly number[]): Uint8Array {
  const prng = createPrng(shape.length);
  const bytes = Uint8Array.from({ length: storedBytes(format, elementCount(shape)) }, () => prng.below(256));
  const halves = new Uint16Array(bytes.buffer);
  if (format === "F32") new Float32Array(bytes.buffer).fill(1);
  else if (format === "F16") halves.fill(0x2c00);
  else if (format === "BF16") halves.fill(0x3d80);
  else
    for (let at = 0; at < bytes.length; at += blockSizes[format].bytes)
      bytes.set(format.endsWith("_1") ? [0, 0x1c, 0, 0x1c] : [0, 0x1c], at);
  return bytes;
}

export const soundGguf: RawGguf = {
  magic: "GGUF",
  version: 3,
  keys: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  tensors: shapes.map(([name, format, ...shape]) => ({
    name,
    sizes: shape.toReversed(),
    format: ggufFormatNumbers[format],
    data: weightsOf(format, shape),
  })),
};

/** The sound file with values of other keys, or without them. */
export function withKeys(changes: Readonly<Record<string, WrittenValue | Uint8Array | undefined>>): RawGguf {
  const kept = soundGguf.keys.filter(({ key }) => typeof key === "string" && !Object.hasOwn(changes, key));
  const added = Object.entries(changes).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
  return { ...soundGguf, keys: [...kept, ...added] };
}

/** The sound file with one tensor changed, or without it. */
export function withTensor(name: string, edit: (tensor: RawTensor) => Partial<RawTensor> | undefined): RawGguf {
  return {
    ...soundGguf,
    tensors: soundGguf.tensors.flatMap((tensor) => {
      if (tensor.name !== name) return tensor;
      const edited = edit(tensor);
      return edited ? { ...tensor, ...edited } : [];
    }),
  };
}

/** Type and bytes of a value, for those that no writer makes. */
export function rawValue(type: number, write: (writer: ByteWriter) => ByteWriter): Uint8Array {
  return write(new ByteWriter().uint32(type)).finish();
}
