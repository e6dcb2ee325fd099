import { parameterLayout } from "../mixture/parameters.ts";
import type { MethodSettings } from "../mixture/settings.ts";
import type { ModelConfig } from "../model/config.ts";

/** A conversation of so many tokens, and an edit of so many in its batch. */
const CONVERSATION = 256;
const BATCH_TOKENS = 64;
/** Parameters, their gradient, two Adam moments, and the copy to go back to. */
const COPIES = 5;
/** Tensors of the hidden size, and of the MLP's, that a block's gradients need: `runBlock` of the architectures, counted. */
const TAPE = { hidden: 12, inner: 4 };

/**
 * GPU bytes beside the weights for a conversation and an edit, an estimate: caches of keys and values, the mixture with its
 * optimizer, and the tape of a training step from the first mixture layer on, the head's logits included.
 */
export function forecastMemory(config: ModelConfig, settings: MethodSettings): number {
  const { layers, kvHeads, headSize, hiddenSize, vocabularySize } = config;
  const module = config.linears[settings.module] ?? { rows: hiddenSize, columns: hiddenSize };
  const { size } = parameterLayout({
    layers: settings.layers.length,
    experts: settings.experts,
    rank: settings.rank,
    inputs: module.columns,
    outputs: module.rows,
  });
  const inner = Math.max(...Object.values(config.linears).map(({ rows }) => rows));
  const cache = 2 * layers * CONVERSATION * kvHeads * headSize;
  const tape = BATCH_TOKENS * (layers - (settings.layers[0] ?? 0)) * (TAPE.hidden * hiddenSize + TAPE.inner * inner);
  // Logits and their slopes.
  const head = 2 * BATCH_TOKENS * vocabularySize;
  return 4 * (cache + COPIES * size + tape + head);
}
