/**
 * The manifest of our own model format, "elder-shards/1". The shards, laid end to end, are one run of bytes; every tensor is a span of it
 * that begins at a shard and an offset in it and may run on into the following shards. Spans lie in it without hole or overlap,
 * little-endian, each a multiple of 4 bytes. So shards stay small whatever the tensors' sizes.
 */
import { EngineError } from "../lib/errors.ts";
import type { PackedFormat } from "./hostTensor.ts";

export const manifestFormat = "elder-shards/1";
/** Bytes of a shard; bounds what an interrupted download must fetch again. */
export const maxShardBytes = 8 * 1024 * 1024;

export interface Span {
  /** Index of the shard in which the span begins. */
  readonly shard: number;
  /** Bytes from that shard's start. */
  readonly offset: number;
  readonly bytes: number;
}

export type ManifestTensor =
  | (Span & { readonly name: string; readonly shape: readonly number[]; readonly format: "f32" })
  | (Span & { readonly name: string; readonly shape: readonly [number, number]; readonly format: "f16" })
  | (Span & {
      readonly name: string;
      readonly shape: readonly [number, number];
      readonly format: PackedFormat;
      readonly group: number;
      readonly scales: Span;
    });

export interface ManifestFile {
  /** Beside the manifest; a plain name. */
  readonly file: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface Manifest {
  readonly format: typeof manifestFormat;
  readonly name: string;
  /** See `manifestRevision`. */
  readonly revision: string;
  /** The Hugging Face config.json. */
  readonly config: Readonly<Record<string, unknown>>;
  /** How matrices were packed; absent where they were kept as stored. */
  readonly quantization?: { readonly bits: 4 | 8; readonly group: number };
  readonly tensors: readonly ManifestTensor[];
  readonly shards: readonly ManifestFile[];
  readonly tokenizer: ManifestFile;
  readonly tokenizerConfig?: Readonly<Record<string, unknown>>;
}

export function badManifest(
  message: string,
  hint = "The manifest is damaged, incomplete or of another program: download or write the model again.",
): EngineError {
  return new EngineError("bad-manifest", `Manifest: ${message}.`, hint);
}

/** SHA-256 over the hashes of the files and all that says how to read them: two models with the same revision are the same model. */
export async function manifestRevision(manifest: Omit<Manifest, "revision">): Promise<string> {
  const { config, quantization, tensors, shards, tokenizer, tokenizerConfig } = manifest;
  const spans = tensors.map((tensor) => [
    tensor.name,
    tensor.shape,
    tensor.format,
    ...spanOf(tensor),
    ...("scales" in tensor ? [tensor.group, ...spanOf(tensor.scales)] : []),
  ]);
  const parts = [
    manifestFormat,
    config,
    quantization?.bits ?? null,
    quantization?.group ?? null,
    spans,
    shards.map(({ sha256 }) => sha256),
    tokenizer.sha256,
    tokenizerConfig ?? null,
  ];
  return sha256Hex(new TextEncoder().encode(JSON.stringify(parts)));
}

function spanOf({ shard, offset, bytes }: Span): number[] {
  return [shard, offset, bytes];
}

/** SHA-256 in lower-case hex. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** First byte of each shard in the run of all shards, and the end of the last. */
export function shardStarts(shards: readonly ManifestFile[]): number[] {
  const starts = [0];
  for (const { bytes } of shards) starts.push((starts.at(-1) ?? 0) + bytes);
  return starts;
}
