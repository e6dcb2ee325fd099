import { readFloats, tf } from "../../gpu/tensors.ts";
import { uniformArray } from "../../gpu/testing/arrays.ts";
import { createPrng } from "../../lib/prng.ts";
import { allocationMask } from "../../mixture/allocation.ts";
import { createMixture, disposeMixture, mixtureVariables, routeQueries, type MixtureState } from "../../mixture/mixtureState.ts";
import type { MethodSettings } from "../../mixture/settings.ts";
import type { Model } from "../../model/model.ts";
import { lossTargets, mixtureLosses } from "../losses.ts";
import { lossesAndGradients } from "../trainer.ts";
import { padSamples, prepareBatch } from "../trainingBatch.ts";

/** A mixture with a B of its own, three samples of different lengths, and two allocations. */
export interface GradientCase {
  readonly state: MixtureState;
  readonly variables: readonly tf.Variable[];
  /** lm + λ · guided, added up in float64. */
  loss(): Promise<number>;
  /** One a variable. */
  gradients(): Promise<Float32Array[]>;
  /** The experts picked for each sample, as text. */
  picks(): Promise<string>;
  dispose(): void;
}

export function gradientCase(model: Model, settings: MethodSettings): GradientCase {
  const state = createMixture(model, settings);
  const prng = createPrng(31);
  for (const b of state.b) tf.tidy(() => b.assign(tf.tensor(uniformArray(prng, b.size, -0.7, 0.7), b.shape)));
  // Well apart, so that a pick does not hang on a rounding.
  const { layers, experts } = settings;
  const bias = Float32Array.from({ length: layers.length * experts }, (_, i) => ((i + 2 * Math.floor(i / experts)) % experts) * 1.5);
  tf.tidy(() => state.routerBias.assign(tf.tensor(bias, [layers.length, experts])));
  const ids = (length: number): number[] => Array.from({ length }, () => prng.below(model.config.vocabularySize));
  const tokens = padSamples([
    { ids: ids(6), promptLength: 3 },
    { ids: ids(4), promptLength: 3 },
    { ids: ids(3), promptLength: 1 },
  ]);
  const masks = [
    [0, 1],
    [0, 1],
    [1, 3],
  ].map((assigned) =>
    allocationMask(
      settings.layers.map(() => assigned),
      settings.experts,
    ),
  );
  const batch = prepareBatch(model, settings, tokens);
  const targets = lossTargets(tokens, masks, settings.layers.length);
  const variables = mixtureVariables(state);
  return {
    state,
    variables,
    async loss() {
      const [lm, guided] = tf.tidy(() => {
        const losses = mixtureLosses(model, state, batch, targets);
        return [losses.lm, losses.guided];
      }) as [tf.Scalar, tf.Scalar];
      const [[lmLoss = NaN], [guidedLoss = NaN]] = await Promise.all([readFloats(lm), readFloats(guided)]);
      tf.dispose([lm, guided]);
      return lmLoss + settings.guidedLossWeight * guidedLoss;
    },
    async gradients() {
      const { lm, guided, grads } = lossesAndGradients(model, state, batch, targets);
      const read = await Promise.all(variables.map(({ name }) => readFloats(grads[name] ?? tf.zeros([1]))));
      tf.dispose([lm, guided, grads]);
      return read;
    },
    async picks() {
      const routing = routeQueries(state, batch.query);
      const picked = await readFloats(routing.picked);
      tf.dispose([routing.probabilities, routing.gates, routing.picked]);
      return picked.join("");
    },
    dispose() {
      disposeMixture(state);
      batch.dispose();
      targets.dispose();
    },
  };
}
