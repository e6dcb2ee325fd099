import { tf, type Tensor } from "../gpu/tensors.ts";
import { headLogits, runBlocks } from "../model/forward.ts";
import type { Model } from "../model/model.ts";
import { mixtureHook, type MixtureState } from "../mixture/mixtureState.ts";
import type { PreparedBatch } from "./trainingBatch.ts";

/**
 * Logits of every row of a prepared batch, (B * T, V).
 * @param gates (B, L, N) of the mixtures; zero rows leave a sequence to the base model
 */
export function batchLogits(model: Model, state: MixtureState, batch: PreparedBatch, gates: Tensor): Tensor {
  return tf.tidy(() => {
    const first = state.settings.layers[0] ?? 0;
    const stream = runBlocks(model, batch.below, { ...batch.pass, onLinear: mixtureHook(state, gates) }, first, model.config.layers);
    return headLogits(model, stream);
  });
}
