import { ConfigReader, listed, type ModelConfig } from "../config.ts";
import type { Architecture } from "../model.ts";
import { gpt2 } from "./gpt2.ts";
import { llama } from "./llama.ts";
import { qwen2 } from "./qwen2.ts";

export const architectures: readonly Architecture[] = [gpt2, llama, qwen2];

/**
 * The family of a config.json.
 * @throws EngineError `unsupported-architecture` naming what is supported, also for weights that are quantized or have another head; `bad-config`
 */
export function architectureFor(config: unknown): Architecture {
  const json = new ConfigReader(config);
  const modelType = json.text("model_type");
  const found = architectures.find((architecture) => architecture.modelType === modelType);
  if (!found) throw json.unsupported("model_type", listed(architectures.map((architecture) => architecture.modelType)));
  const { causal, bare } = found.classes;
  const named = json.texts("architectures");
  const usable = isTied(found, json) ? [...causal, bare] : causal;
  if (named.length > 0 && !named.some((name) => usable.includes(name)))
    throw json.unsupported("architectures", `${listed(usable)}, which predicts the next token`);
  const quantized = json.child("quantization_config");
  if (!quantized) return found;
  throw quantized.unsupported(
    "quant_method",
    "float weights",
    "Choose the model's float weights, which are quantized as they are read, or a GGUF file.",
  );
}

/**
 * All that the forward pass needs of a config.json: what can be refused before any weight is read, is.
 * @throws EngineError `unsupported-architecture`, `bad-config`
 */
export function readModelConfig(config: unknown): { readonly architecture: Architecture; readonly config: ModelConfig } {
  const architecture = architectureFor(config);
  return { architecture, config: architecture.readConfig(new ConfigReader(config)) };
}

export const isTied = ({ tied }: Architecture, json: ConfigReader): boolean => json.flag("tie_word_embeddings", tied);

/** The architecture of a GGUF file's `general.architecture`. @throws EngineError `unsupported-architecture` */
export function architectureOfGguf(general: ConfigReader): Architecture {
  const name = general.text("architecture");
  const found = architectures.find(({ gguf }) => gguf.architecture === name);
  if (found) return found;
  throw general.unsupported("architecture", listed(architectures.map(({ gguf }) => gguf.architecture)));
}
