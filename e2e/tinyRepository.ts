import { tinyConfig, tinyTensors, tinyTokenizerConfig, tinyTokenizerJson } from "../src/model/testing/tinyModel.ts";
import { writeSafetensors } from "../src/weights/safetensorsWriter.ts";
import type { WritableTensor } from "../src/weights/safetensorsWriter.ts";
import type { TinySize } from "../src/model/testing/tinyModel.ts";

const utf8 = new TextEncoder();
const json = (value: unknown): Uint8Array => utf8.encode(JSON.stringify(value));

/** A Llama of random weights, a few thousand if not told, as a Hugging Face folder: what it says means nothing, how it gets here is the same. */
export function tinyRepository(shards = 1, size?: TinySize): ReadonlyMap<string, Uint8Array> {
  const options = size ? { size } : {};
  const tensors = tinyTensors("llama", options).flatMap((tensor): WritableTensor[] => (tensor.format === "f32" ? [tensor] : []));
  return new Map<string, Uint8Array>([
    ["config.json", json({ ...tinyConfig("llama", options), architectures: ["LlamaForCausalLM"] })],
    ["tokenizer.json", utf8.encode(tinyTokenizerJson)],
    ["tokenizer_config.json", json(tinyTokenizerConfig)],
    ...(shards === 1 ? [["model.safetensors", writeSafetensors(tensors)] as const] : shardedFiles(tensors, shards)),
  ]);
}

function shardedFiles(tensors: readonly WritableTensor[], shards: number): (readonly [string, Uint8Array])[] {
  const nameOf = (at: number): string => `model-${pad(at + 1)}-of-${pad(shards)}.safetensors`;
  const parts = Array.from({ length: shards }, (_, at) => tensors.filter((_tensor, index) => index % shards === at));
  const weight_map = Object.fromEntries(parts.flatMap((part, at) => part.map(({ name }) => [name, nameOf(at)])));
  const total_size = tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
  return [
    ["model.safetensors.index.json", json({ metadata: { total_size }, weight_map })],
    ...parts.map((part, at) => [nameOf(at), writeSafetensors(part)] as const),
  ];
}

const pad = (count: number): string => String(count).padStart(5, "0");
