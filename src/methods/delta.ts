/** A change Δ to the weight of one linear layer, beside the frozen weight: y = x Wᵀ + b + x Δ. */
import { prepareBatch, type TokenBatch } from "../editing/trainingBatch.ts";
import { copyTensor } from "../gpu/dispatch.ts";
import { tf, type Tensor } from "../gpu/tensors.ts";
import { checkSettings } from "../mixture/settings.ts";
import type { Model, Pass } from "../model/model.ts";
import { oneExpert } from "./adapters.ts";
import type { Intervention } from "./method.ts";
import type { TuneBatch, TuneSettings } from "./tune.ts";

export interface DeltaSettings extends TuneSettings {
  /** The linear layer that is changed. */
  readonly layer: number;
  readonly module: string;
}

export interface Delta {
  /** Δ (I, O), row after row. */
  readonly flat: Tensor;
  /** x Δ (N, O) of inputs x (N, I); differentiable in Δ. Call it in a tidy. */
  of(x: Tensor): Tensor;
  readonly change: { readonly onOutput: NonNullable<Pass["onOutput"]> };
  intervene(): Intervention;
  /** Sets Δ to zero. */
  clear(): void;
  /** Runs samples up to the changed layer's block; whoever calls disposes of `prepared`. */
  prepare(tokens: TokenBatch): TuneBatch;
  dispose(): void;
}

/**
 * A Δ of zeros.
 * @throws EngineError `bad-settings`
 */
export function createDelta(model: Model, settings: DeltaSettings): Delta {
  const { layer, module } = settings;
  const layers = [layer];
  checkSettings(oneExpert({ ...settings, layers, rank: 1, alpha: 1 }, 0), model);
  const { columns: I, rows: O } = model.weight(`${model.architecture.block(layer)}.${module}.weight`);
  const flat = tf.keep(tf.zeros([I * O]));
  const of = (x: Tensor): Tensor => tf.matMul(x, tf.reshape(flat, [I, O]));
  const change: Delta["change"] = {
    onOutput: (at, name, input, output) => (at === layer && name === module ? tf.add(output, of(input)) : output),
  };
  return {
    flat,
    of,
    change,
    intervene: () => ({ firstLayer: layer, ...change, dispose: () => undefined }),
    clear: () => tf.tidy(() => copyTensor(tf.zeros(flat.shape), flat)),
    prepare: (tokens) => ({ tokens, prepared: prepareBatch(model, { layers, module }, tokens), firstLayer: layer }),
    dispose: () => flat.dispose(),
  };
}
