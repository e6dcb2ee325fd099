/** Writes a model in our own format as its tensors come: one shard in memory at a time. The counterpart of `loadShards`. */
import { EngineError } from "../lib/errors.ts";
import type { HostTensor } from "./hostTensor.ts";
import {
  manifestFormat,
  manifestRevision,
  maxShardBytes,
  sha256Hex,
  type Manifest,
  type ManifestFile,
  type ManifestTensor,
  type Span,
} from "./manifest.ts";

type Bytes = Uint8Array<ArrayBuffer>;
/** Puts a file of the model where it belongs. */
export type WriteFile = (file: string, bytes: Bytes) => Promise<void>;

/** What a manifest says besides its tensors. */
export interface ModelText {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly tokenizerJson: string;
  readonly tokenizerConfig?: Readonly<Record<string, unknown>>;
  readonly quantization?: { readonly bits: 4 | 8; readonly group: number };
}

export interface ShardWriter {
  add(tensor: HostTensor): Promise<void>;
  /** The last shard and the tokenizer; the manifest is the caller's to write, last: a folder with one is whole. */
  finish(text: ModelText): Promise<Manifest>;
}

/**
 * @param shardBytes of each shard but the last, a multiple of 4
 * @throws EngineError `bad-shape` for a shard size that the format does not allow; later what `write` throws
 */
export function createShardWriter(write: WriteFile, shardBytes: number = maxShardBytes): ShardWriter {
  if (shardBytes % 4 !== 0 || shardBytes < 4 || shardBytes > maxShardBytes)
    throw new EngineError(
      "bad-shape",
      `Got shards of ${shardBytes} bytes, expected a multiple of 4 up to ${maxShardBytes}.`,
      "Choose another shard size.",
    );
  const tensors: ManifestTensor[] = [];
  const shards: ManifestFile[] = [];
  let shard = new Uint8Array(shardBytes);
  let filled = 0;
  const addFile = async (file: string, bytes: Bytes): Promise<ManifestFile> => {
    const entry = { file, bytes: bytes.length, sha256: await sha256Hex(bytes) };
    await write(file, bytes);
    return entry;
  };
  const flush = async (): Promise<void> => {
    shards.push(await addFile(`shard-${String(shards.length).padStart(4, "0")}.bin`, shard.slice(0, filled)));
    filled = 0;
  };
  const place = async (data: Float32Array | Uint32Array | Uint16Array): Promise<Span> => {
    if (filled === shardBytes) await flush();
    const span = { shard: shards.length, offset: filled, bytes: data.byteLength };
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let at = 0; at < bytes.length;) {
      if (filled === shardBytes) await flush();
      const part = bytes.subarray(at, at + shardBytes - filled);
      shard.set(part, filled);
      filled += part.length;
      at += part.length;
    }
    return span;
  };
  return {
    async add(tensor) {
      const { name } = tensor;
      if (tensor.format === "f32") tensors.push({ name, shape: tensor.shape, format: "f32", ...(await place(tensor.data)) });
      else if (tensor.format === "f16") tensors.push({ name, shape: tensor.shape, format: "f16", ...(await place(tensor.halves)) });
      else {
        const { shape, format, group } = tensor;
        tensors.push({ name, shape, format, group, ...(await place(tensor.words)), scales: await place(tensor.scales) });
      }
    },
    async finish({ tokenizerJson, ...text }) {
      if (filled > 0) await flush();
      shard = new Uint8Array(0);
      const tokenizer = await addFile("tokenizer.json", new TextEncoder().encode(tokenizerJson));
      const facts = { format: manifestFormat, ...text, tensors, shards, tokenizer } as const;
      return { ...facts, revision: await manifestRevision(facts) };
    },
  };
}
