import { readFloats, tf } from "../../gpu/tensors.ts";
import { uniformArray } from "../../gpu/testing/arrays.ts";
import { createPrng } from "../../lib/prng.ts";
import { allocationMask } from "../../mixture/allocation.ts";
import { createMixture, disposeMixture, readMixture, routeQueries, writeMixture, type MixtureState } from "../../mixture/mixtureState.ts";
import { listParts, splitParts, type MixtureParts } from "../../mixture/parameters.ts";
import type { MethodSettings } from "../../mixture/settings.ts";
import type { Model } from "../../model/model.ts";
import { emptyGradient, lossTargets, measureLosses } from "../losses.ts";
import { padSamples, prepareBatch } from "../trainingBatch.ts";

/** A mixture with a B of its own, three samples of different lengths, and two allocations. */
export interface GradientCase {
  readonly state: MixtureState;
  /** Values of each part in the order of listParts. */
  readonly points: readonly Float32Array[];
  /** Sets one part. */
  set(index: number, values: Float32Array): void;
  /** lm + λ · guided, added up in float64. */
  loss(): Promise<number>;
  /** One a part. */
  gradients(): Promise<Float32Array[]>;
  /** The experts picked for each sample, as text. */
  picks(): Promise<string>;
  dispose(): void;
}

export async function gradientCase(model: Model, settings: MethodSettings): Promise<GradientCase> {
  const state = createMixture(model, settings);
  const prng = createPrng(31);
  const { layers, experts } = settings;
  const fresh = await readMixture(state);
  const start: MixtureParts<Float32Array> = {
    ...fresh,
    b: fresh.b.map((values) => uniformArray(prng, values.length, -0.7, 0.7)),
    // Well apart, so that a pick does not hang on a rounding.
    routerBias: fresh.routerBias.map((_, i) => ((i + 2 * Math.floor(i / experts)) % experts) * 1.5),
  };
  writeMixture(state, start);
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
  const targets = lossTargets(model, state, tokens, masks);
  const current = listParts(start);
  return {
    state,
    points: listParts(start),
    set(index, values) {
      current[index] = values;
      const [routerWeight = values, routerBias = values, ...rest] = current;
      writeMixture(state, { routerWeight, routerBias, a: rest.slice(0, layers.length), b: rest.slice(layers.length) });
    },
    async loss() {
      const { guidedLoss } = await measureLosses(model, state, batch, targets);
      const losses = await readFloats(targets.losses);
      return losses.reduce((sum, loss) => sum + loss, 0) / losses.length + settings.guidedLossWeight * guidedLoss;
    },
    async gradients() {
      const gradient = emptyGradient(state);
      await measureLosses(model, state, batch, targets, gradient);
      const flat = await readFloats(gradient.flat);
      gradient.dispose();
      return listParts(splitParts(state.layout, flat));
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
