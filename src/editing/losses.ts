import { tf, type Tensor } from "../gpu/tensors.ts";
import { headLogits, runBlocks } from "../model/forward.ts";
import type { Model } from "../model/model.ts";
import { mixtureHook, routeQueries, type MixtureState } from "../mixture/mixtureState.ts";
import { IGNORED, type PreparedBatch, type TokenBatch } from "./trainingBatch.ts";

/** The constants of the two losses for one batch. M target tokens. */
export interface LossTargets {
  /** Picks the rows that predict the targets, (M, B * T). */
  readonly selection: Tensor;
  /** The targets, (M) int32. */
  readonly labels: Tensor;
  /** 1 at each assigned expert, (B, L, N). */
  readonly allocation: Tensor;
  dispose(): void;
}

/** @param masks each sequence's assigned experts, L * N of 0 and 1 */
export function lossTargets(tokens: TokenBatch, masks: readonly (readonly number[])[], layers: number): LossTargets {
  const rows = tokens.batch * tokens.length;
  const targets: { row: number; label: number }[] = [];
  // Logits at a token predict the next one.
  for (let n = 1; n < rows; n++)
    if (n % tokens.length !== 0 && tokens.labels[n] !== IGNORED) targets.push({ row: n - 1, label: tokens.labels[n] ?? 0 });
  const selection = new Float32Array(targets.length * rows);
  targets.forEach(({ row }, m) => (selection[m * rows + row] = 1));
  const experts = (masks[0]?.length ?? 0) / layers;
  const made = [
    tf.keep(tf.tensor2d(selection, [targets.length, rows])),
    tf.keep(
      tf.tensor1d(
        targets.map(({ label }) => label),
        "int32",
      ),
    ),
    tf.keep(tf.tensor3d(masks.flat(), [tokens.batch, layers, experts])),
  ] as const;
  return { selection: made[0], labels: made[1], allocation: made[2], dispose: () => tf.dispose([...made]) };
}

/** Scalars; lm in nats a target token. */
export interface Losses {
  readonly lm: Tensor;
  readonly guided: Tensor;
  /** lm + λ guided */
  readonly total: tf.Scalar;
}

/**
 * Both losses of the method with the mixtures on, as the routers pick them now (arXiv 2408.11869, section 3.3):
 * the mean cross-entropy of the target tokens, and Σ over layers and assigned experts of −log s, mean over the batch.
 * Differentiable in the mixture's variables.
 */
export function mixtureLosses(model: Model, state: MixtureState, batch: PreparedBatch, targets: LossTargets): Losses {
  const { probabilities, gates } = routeQueries(state, batch.query);
  const first = state.settings.layers[0] ?? 0;
  const stream = runBlocks(model, batch.below, { ...batch.pass, onLinear: mixtureHook(state, gates) }, first, model.config.layers);
  const logits = headLogits(model, tf.matMul(targets.selection, stream));
  const picked = tf.mul(tf.logSoftmax(logits), tf.oneHot(targets.labels, model.config.vocabularySize));
  const lm = tf.neg(tf.div(tf.sum(picked), targets.labels.size));
  // The least positive float32 keeps −log finite where a probability has underflowed.
  const surprise = tf.neg(tf.log(tf.maximum(probabilities, 1e-37)));
  const guided = tf.div(tf.sum(tf.mul(surprise, targets.allocation)), batch.batch);
  return { lm, guided, total: tf.add(lm, tf.mul(guided, state.settings.guidedLossWeight)) };
}
