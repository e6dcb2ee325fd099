/** Adapters that belong to one edit alone: trained as a mixture of one expert, kept on the host, uploaded for the batch that needs them. */
import { trainMixture, type TrainingStep } from "../editing/trainer.ts";
import { padSamples, type Sample } from "../editing/trainingBatch.ts";
import { tf, type Tensor } from "../gpu/tensors.ts";
import { createMixture, disposeMixture, readMixture } from "../mixture/mixtureState.ts";
import type { MethodSettings } from "../mixture/settings.ts";
import type { Model } from "../model/model.ts";
import type { Intervention, MethodOptions } from "./method.ts";
import { joined } from "./shared.ts";
import type { TuneSettings } from "./tune.ts";

export interface AdapterSettings extends TuneSettings {
  /** Layers that carry an edit's adapters, ascending. */
  readonly layers: readonly number[];
  /** The linear layer in each that is adapted. */
  readonly module: string;
  /** r and alpha of an edit's adapters. */
  readonly rank: number;
  readonly alpha: number;
}

/** A and B of each layer, (r, I) and (r, O), one after another. */
export type Adapter = readonly { readonly a: Float32Array; readonly b: Float32Array }[];

/** A mixture of one expert, which is always picked: its routers have nothing to say. */
export const oneExpert = ({ layers, module, rank, alpha, learningRate, mostSteps }: AdapterSettings, seed: number): MethodSettings => ({
  layers,
  module,
  experts: 1,
  topK: 1,
  rank,
  alpha,
  guidedLossWeight: 0,
  learningRate,
  steps: mostSteps,
  batchSize: 1,
  hammingThreshold: 0,
  seed: seed % 2 ** 31,
});

/** Widths of the adapted linear layer. */
export function adapterWidths(model: Model, { layers, module }: AdapterSettings): { readonly inputs: number; readonly outputs: number } {
  const { columns, rows } = model.weight(`${model.architecture.block(layers[0] ?? 0)}.${module}.weight`);
  return { inputs: columns, outputs: rows };
}

/**
 * Fresh adapters for one edit's samples, all of them in each step, until they give the answer.
 * @throws EngineError `cancelled`, `training-diverged`
 */
export async function trainAdapter(
  model: Model,
  settings: AdapterSettings,
  samples: readonly Sample[],
  seed: number,
  { signal, onStep }: MethodOptions = {},
): Promise<{ readonly adapter: Adapter; readonly curve: readonly TrainingStep[] }> {
  const mixture = createMixture(model, oneExpert(settings, seed));
  const mask = settings.layers.map(() => 1);
  const enough = ({ step, lmLoss }: TrainingStep): boolean => step >= settings.leastSteps && lmLoss <= settings.enoughLoss;
  try {
    const sets = [{ tokens: padSamples(samples), masks: samples.map(() => mask) }];
    const curve = await trainMixture(model, mixture, sets, {
      enough,
      ...(signal ? { signal } : {}),
      ...(onStep ? { onStep } : {}),
    });
    const { a, b } = await readMixture(mixture);
    return { adapter: a.map((own, i) => ({ a: own, b: b[i] ?? new Float32Array() })), curve };
  } finally {
    disposeMixture(mixture);
  }
}

/**
 * The adapters of a batch as one mixture a layer: an expert for each that is in it, a gate of 1 for each row's own.
 * @param rows each sequence's adapter
 * @param strengths factor on each sequence's adapter; 1 where absent
 */
export function applyAdapters(
  settings: AdapterSettings,
  rows: readonly (Adapter | undefined)[],
  strengths: readonly number[] = [],
): Intervention {
  const { layers, module, rank, alpha } = settings;
  const own = [...new Set(rows.filter((adapter) => adapter !== undefined))];
  const gates = tf.keep(
    tf.tensor2d(
      rows.flatMap((row, i) => own.map((adapter) => (adapter === row ? (strengths[i] ?? 1) : 0))),
      [rows.length, own.length],
    ),
  );
  const uploaded = stackAdapters(settings, own);
  return {
    firstLayer: layers[0] ?? 0,
    onLinear(layer, name) {
      const mixture = name === module ? uploaded[layers.indexOf(layer)] : undefined;
      return mixture && { ...mixture, gates, scale: alpha / rank };
    },
    dispose: () => tf.dispose([gates, ...uploaded.flatMap(({ a, b }) => [a, b])]),
  };
}

/** Adapters one under the other, layer by layer: expert i is adapter i. To be disposed of by the caller. */
export function stackAdapters(
  { layers, rank }: AdapterSettings,
  adapters: readonly Adapter[],
): { readonly a: Tensor; readonly b: Tensor }[] {
  const stacked = (parts: readonly Float32Array[]): Tensor => {
    const all = joined(parts);
    const height = rank * parts.length;
    return tf.keep(tf.tensor2d(all, [height, all.length / height]));
  };
  return layers.map((_, i) => ({
    a: stacked(adapters.map((adapter) => adapter[i]?.a ?? new Float32Array())),
    b: stacked(adapters.map((adapter) => adapter[i]?.b ?? new Float32Array())),
  }));
}
