import { tinyConfig, tinyTensors, tinyTokenizerConfig, tinyTokenizerJson } from "../src/model/testing/tinyModel.ts";
import { writeSafetensors } from "../src/weights/safetensorsWriter.ts";
import type { WritableTensor } from "../src/weights/safetensorsWriter.ts";
import { payloads } from "./hostilePayloads.ts";

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** A folder whose tokens are payloads, and whose texts hold them wherever a text can stand. */
export function hostileModel(architecture = "LlamaForCausalLM"): { name: string; mimeType: string; buffer: Buffer }[] {
  const tokenizer = JSON.parse(tinyTokenizerJson) as { added_tokens: object[]; model: { vocab: Record<string, number> } };
  const known = Object.keys(tokenizer.model.vocab).length;
  const added = payloads.filter((text) => text.length < 200);
  tokenizer.added_tokens.push(
    ...added.map((content, at) => ({
      id: known + at,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: false,
    })),
  );
  const vocabulary = known + added.length;
  const tensors = tinyTensors("llama", { vocabulary }).flatMap((tensor): WritableTensor[] => (tensor.format === "f32" ? [tensor] : []));
  const [first = "", second = ""] = payloads;
  const config = { ...tinyConfig("llama", { vocabulary }), architectures: [architecture], _name_or_path: second, torch_dtype: first };
  const metadata = Object.fromEntries(payloads.slice(0, 60).map((text, at) => [`${text}${at}`, text]));
  const named = (name: string, buffer: Buffer) => ({ name, mimeType: "application/octet-stream", buffer });
  return [
    named("config.json", json(config)),
    named("tokenizer.json", json(tokenizer)),
    named("tokenizer_config.json", json({ ...tinyTokenizerConfig, chat_template: first, name_or_path: second })),
    named("model.safetensors", Buffer.from(writeSafetensors(tensors, metadata))),
  ];
}
