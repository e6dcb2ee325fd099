/** Small models for tests, made in code: Hugging Face folders and our own shards. */
import { createPrng } from "../lib/prng.ts";
import { byteLevelTokenizer } from "../tokenizer/fixtures.ts";
import { encodeModel, type EncodedModel } from "./encodeModel.ts";
import type { StoredTensor } from "./hostTensor.ts";
import { quantizeTensor } from "./quantize.ts";
import { writeSafetensors } from "./safetensorsWriter.ts";

const utf8 = new TextEncoder();

/** Uniform weights in [-0.1, 0.1). */
function weights(seed: number, count: number): Float32Array {
  const prng = createPrng(seed);
  return Float32Array.from({ length: count }, () => prng.uniform(-0.1, 0.1));
}

/** A GPT-2 of one layer, 32 wide, as a Hub repository lays it out; `prefix` as newer checkpoints have it. */
export function gpt2Folder(prefix = "transformer."): Map<string, Uint8Array> {
  const tensor = (name: string, ...shape: number[]) => ({
    name: prefix + name,
    shape,
    data: weights(
      name.length,
      shape.reduce((a, b) => a * b, 1),
    ),
  });
  const model = writeSafetensors([
    tensor("wte.weight", 96, 32),
    tensor("wpe.weight", 16, 32),
    tensor("h.0.ln_1.weight", 32),
    tensor("h.0.attn.c_attn.weight", 32, 96),
    tensor("h.0.attn.c_attn.bias", 96),
    { ...tensor("h.0.attn.bias", 1, 1, 16, 16), data: new Uint8Array(256) },
    tensor("h.0.mlp.c_proj.weight", 128, 32),
  ]);
  return new Map([
    ["config.json", utf8.encode(JSON.stringify({ model_type: "gpt2", n_embd: 32, layer_norm_epsilon: 1e-5, vocab_size: 96 }))],
    ["model.safetensors", model],
    ["tokenizer.json", utf8.encode(JSON.stringify(byteLevelTokenizer()))],
    ["tokenizer_config.json", utf8.encode('{"eos_token":"<|endoftext|>","model_max_length":1000000000000000019884624838656}')],
  ]);
}

/** Three tensors of our own format, int4, int8 and float32; in all 3,076 bytes. */
export function hostTensors(): StoredTensor[] {
  const matrix = (name: string, rows: number, columns: number) => ({
    name,
    shape: [rows, columns],
    format: "f32" as const,
    data: weights(rows, rows * columns),
  });
  return [
    quantizeTensor(matrix("a.weight", 24, 32), 4),
    quantizeTensor(matrix("b.weight", 33, 64), 8),
    { name: "c.bias", shape: [4, 25], format: "f32", data: weights(9, 100) },
  ];
}

/** A model of our own format; its tensors run across the ends of its shards. */
export function encodedModel(shardBytes = 1000): Promise<EncodedModel> {
  return encodeModel({
    name: "tiny",
    config: { model_type: "gpt2", layer_norm_epsilon: 1e-5 },
    tokenizerJson: JSON.stringify(byteLevelTokenizer()),
    tokenizerConfig: { eos_token: "<|endoftext|>" },
    quantization: { bits: 4, group: 32 },
    tensors: hostTensors(),
    shardBytes,
  });
}
