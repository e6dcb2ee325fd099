/** Writes a model in our own format: the counterpart of `loadModelFiles`. */
import { EngineError } from "../lib/errors.ts";
import type { StoredTensor } from "./hostTensor.ts";
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

export interface EncodedModel {
  readonly manifest: Manifest;
  /** The shards and the tokenizer, by file name. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

export interface ModelToEncode {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly tokenizerJson: string;
  readonly tokenizerConfig?: Readonly<Record<string, unknown>>;
  readonly quantization: Manifest["quantization"];
  readonly tensors: readonly StoredTensor[];
  /** Bytes of a shard, a multiple of 4; all but the last have this many. */
  readonly shardBytes?: number;
}

/** @throws EngineError `bad-shape` for a shard size that the format does not allow */
export async function encodeModel(model: ModelToEncode): Promise<EncodedModel> {
  const { name, config, tokenizerConfig, quantization, shardBytes = maxShardBytes } = model;
  if (shardBytes % 4 !== 0 || shardBytes < 4 || shardBytes > maxShardBytes) {
    throw new EngineError(
      "bad-shape",
      `Got shards of ${shardBytes} bytes, expected a multiple of 4 up to ${maxShardBytes}.`,
      "Choose another shard size.",
    );
  }
  const run = layOut(model.tensors, shardBytes);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const shards: ManifestFile[] = [];
  for (let begin = 0; begin < run.bytes.length; begin += shardBytes) {
    const bytes = run.bytes.slice(begin, begin + shardBytes);
    shards.push(await addFile(files, `shard-${String(shards.length).padStart(4, "0")}.bin`, bytes));
  }
  const tokenizer = await addFile(files, "tokenizer.json", new TextEncoder().encode(model.tokenizerJson));
  const facts = {
    format: manifestFormat,
    name,
    config,
    quantization,
    tensors: run.tensors,
    shards,
    tokenizer,
    ...(tokenizerConfig ? { tokenizerConfig } : {}),
  } as const;
  const { format, ...rest } = facts;
  return { manifest: { format, revision: await manifestRevision(facts), ...rest }, files };
}

async function addFile(files: Map<string, Uint8Array<ArrayBuffer>>, file: string, bytes: Uint8Array<ArrayBuffer>): Promise<ManifestFile> {
  files.set(file, bytes);
  return { file, bytes: bytes.length, sha256: await sha256Hex(bytes) };
}

function layOut(
  tensors: readonly StoredTensor[],
  shardBytes: number,
): { readonly tensors: ManifestTensor[]; readonly bytes: Uint8Array<ArrayBuffer> } {
  const parts: Uint8Array[] = [];
  let total = 0;
  const place = (data: Float32Array | Uint32Array): Span => {
    const span = { shard: Math.floor(total / shardBytes), offset: total % shardBytes, bytes: data.byteLength };
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    total += data.byteLength;
    return span;
  };
  const entries = tensors.map((tensor): ManifestTensor => {
    if (tensor.format === "f32") return { name: tensor.name, shape: tensor.shape, format: "f32", ...place(tensor.data) };
    const { name, shape, format, group } = tensor;
    return { name, shape, format, group, ...place(tensor.words), scales: place(tensor.scales) };
  });
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { tensors: entries, bytes };
}
