import type { HostTensor } from "./hostTensor.ts";
import { maxShardBytes, type Manifest } from "./manifest.ts";
import { createShardWriter, type ModelText } from "./shardWriter.ts";

export interface EncodedModel {
  readonly manifest: Manifest;
  /** The shards and the tokenizer, by file name. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** A small model in our own format, in memory. @throws EngineError like `createShardWriter` */
export async function encodeModel({
  tensors,
  shardBytes = maxShardBytes,
  ...text
}: ModelText & { readonly tensors: readonly HostTensor[]; readonly shardBytes?: number }): Promise<EncodedModel> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const writer = createShardWriter(async (file, bytes) => void files.set(file, bytes), shardBytes);
  for (const tensor of tensors) await writer.add(tensor);
  return { manifest: await writer.finish(text), files };
}
