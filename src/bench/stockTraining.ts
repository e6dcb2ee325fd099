/**
 * An edit's training in stock TF.js ops on float32 weights and stock tf.train.adam: the same method, batch, losses and start
 * as the engine's trainer, block by block as GPT-2 is written in a framework.
 */
import { readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import type { TrainingSet } from "../editing/trainer.ts";
import { createMixture, disposeMixture } from "../mixture/mixtureState.ts";
import { listParts, mapParts, type MixtureParts } from "../mixture/parameters.ts";
import type { MethodSettings } from "../mixture/settings.ts";
import type { Model } from "../model/model.ts";
import { stackedMixture } from "./stockMixture.ts";

/** Weights by name, linears as (I, O). */
export type StockTensors = ReadonlyMap<string, Tensor>;

/** What a batch brings: constants of every step. */
interface Batch {
  readonly rows: Tensor;
  readonly labels: Tensor;
  readonly allocation: Tensor;
  readonly maskBias: Tensor;
  readonly query: Tensor;
  readonly below: Tensor;
}

export interface StockTraining {
  /** Runs `steps` steps with a fresh Adam. @returns the summed losses of each step */
  train(steps: number): Promise<Float32Array>;
  dispose(): void;
}

type Onto = (layer: number, input: Tensor) => Tensor | undefined;

/** Far below every score; −∞ would give NaN where a row has no key. */
const MASKED = -1e9;

export function stockTraining(model: Model, weights: StockTensors, settings: MethodSettings, set: TrainingSet): StockTraining {
  // The engine's own start, so that both sides begin with the same numbers.
  const state = stockVariables(model, settings);
  const { batch, length } = set.tokens;
  const { heads, headSize, hiddenSize, layers, attentionScales, normEps, vocabularySize } = model.config;
  const get = (name: string): Tensor => weights.get(name) as Tensor;
  const linear = (x: Tensor, name: string): Tensor =>
    tf.fused.matMul({ a: x, b: get(`${name}.weight`), transposeA: false, transposeB: false, bias: get(`${name}.bias`) });

  const norm = (x: Tensor, name: string): Tensor => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const deviation = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), normEps));
    return tf.add(tf.mul(tf.mul(centred, deviation), get(`${name}.weight`)), get(`${name}.bias`));
  };

  const attend = (x: Tensor, layer: number, maskBias: Tensor): Tensor => {
    const split = tf.split(linear(x, `transformer.h.${layer}.attn.c_attn`), 3, 1);
    const [q, k, v] = split.map((part) => tf.transpose(tf.reshape(part, [batch, length, heads, headSize]), [0, 2, 1, 3]));
    const scores = tf.add(tf.mul(tf.matMul(q as Tensor, k as Tensor, false, true), attentionScales[layer] ?? 1), maskBias);
    const mixed = tf.transpose(tf.matMul(tf.softmax(scores), v as Tensor), [0, 2, 1, 3]);
    return linear(tf.reshape(mixed, [batch * length, hiddenSize]), `transformer.h.${layer}.attn.c_proj`);
  };

  const gelu = (x: Tensor): Tensor => {
    const inner = tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
  };

  const block = (x: Tensor, layer: number, maskBias: Tensor, onto?: Onto, capture?: (input: Tensor) => void): Tensor => {
    const name = `transformer.h.${layer}`;
    const middle = tf.add(x, attend(norm(x, `${name}.ln_1`), layer, maskBias));
    const inner = gelu(linear(norm(middle, `${name}.ln_2`), `${name}.mlp.c_fc`));
    capture?.(inner);
    const out = linear(inner, `${name}.mlp.c_proj`);
    const mixture = onto?.(layer, inner);
    return tf.add(middle, mixture ? tf.add(out, mixture) : out);
  };

  const first = settings.layers[0] ?? 0;
  function prepare(): Batch {
    return tf.tidy(() => {
      const { ids, mask, labels, queryRows } = set.tokens;
      const targets = [...labels.keys()].filter((n) => n % length !== 0 && (labels[n] ?? -1) >= 0);
      const maskBias = tf.tidy(() => {
        const seen = Array.from({ length: batch * length * length }, (_, at) => {
          const [b, t, s] = [Math.floor(at / length ** 2), Math.floor(at / length) % length, at % length];
          return s <= t && mask[b * length + s] === 1 ? 0 : MASKED;
        });
        return tf.tensor(seen, [batch, 1, length, length]);
      });
      const positions = Int32Array.from(ids, (_, n) => n % length);
      let stream: Tensor = tf.add(
        tf.gather(get("transformer.wte.weight"), tf.tensor1d(ids, "int32")),
        tf.gather(get("transformer.wpe.weight"), tf.tensor1d(positions, "int32")),
      );
      for (let layer = 0; layer < first; layer++) stream = block(stream, layer, maskBias);
      let inputs: Tensor | undefined;
      block(stream, first, maskBias, undefined, (input) => (inputs = input));
      const made = {
        rows: tf.tensor1d(
          targets.map((n) => n - 1),
          "int32",
        ),
        labels: tf.oneHot(
          tf.tensor1d(
            targets.map((n) => labels[n] ?? 0),
            "int32",
          ),
          vocabularySize,
        ),
        allocation: tf.tensor3d(set.masks.flat(), [batch, settings.layers.length, settings.experts]),
        maskBias,
        query: tf.gather(inputs as Tensor, tf.tensor1d([...queryRows], "int32")),
        below: stream,
      };
      Object.values(made).forEach((tensor) => tf.keep(tensor));
      return made;
    });
  }

  const losses = (constants: Batch): tf.Scalar => {
    const { probabilities, gates } = routeStock(settings, state, constants.query);
    let stream = constants.below;
    const onto: Onto = (layer, input) => {
      const i = settings.layers.indexOf(layer);
      const [a, b] = [state.a[i], state.b[i]];
      if (!a || !b) return undefined;
      const own = tf.reshape(tf.slice(gates, [0, i, 0], [batch, 1, settings.experts]), [batch, settings.experts]);
      return stackedMixture(input, a, b, own, settings.alpha / settings.rank);
    };
    for (let layer = first; layer < layers; layer++) stream = block(stream, layer, constants.maskBias, onto);
    const rows = norm(tf.gather(stream, constants.rows), "transformer.ln_f");
    const logits = tf.matMul(rows, get("transformer.wte.weight"), false, true);
    const lm = tf.neg(tf.div(tf.sum(tf.mul(tf.logSoftmax(logits), constants.labels)), constants.rows.size));
    const surprise = tf.neg(tf.log(tf.maximum(probabilities, 1e-37)));
    const guided = tf.div(tf.sum(tf.mul(surprise, constants.allocation)), batch);
    return tf.add(lm, tf.mul(guided, settings.guidedLossWeight));
  };

  return {
    async train(steps) {
      const optimizer = tf.train.adam(settings.learningRate, 0.9, 0.999, 1e-8);
      const constants = prepare();
      const curve = new Float32Array(steps);
      for (let step = 0; step < steps; step++) {
        const loss = optimizer.minimize(() => losses(constants), true, listParts(state));
        if (!loss) throw new Error("The stock optimizer gave no loss");
        [curve[step] = NaN] = await readFloats(loss);
        loss.dispose();
      }
      optimizer.dispose();
      tf.dispose(Object.values(constants));
      return curve;
    },
    dispose: () => tf.dispose(listParts(state)),
  };
}

/** A variable for each part of a fresh mixture. */
function stockVariables(model: Model, settings: MethodSettings): MixtureParts<tf.Variable> {
  const state = createMixture(model, settings);
  const variables = mapParts(state, (part) => tf.tidy(() => tf.variable(tf.mul(part, 1))));
  disposeMixture(state);
  return variables;
}

/** Softmax of all routers, and the k largest as gates. Which those are has no slope. */
function routeStock(
  settings: MethodSettings,
  { routerWeight, routerBias }: MixtureParts<Tensor>,
  query: Tensor,
): { probabilities: Tensor; gates: Tensor } {
  const { layers, experts, topK } = settings;
  const flat = tf.reshape(routerWeight, [layers.length * experts, -1]);
  const logits = tf.reshape(tf.matMul(query, flat, false, true), [-1, layers.length, experts]);
  const probabilities = tf.softmax(tf.add(logits, routerBias));
  const pick = tf.customGrad((s) => ({
    value: tf.sum(tf.oneHot(tf.topk(s as Tensor, topK).indices, experts, 1, 0, "float32"), 2),
    gradFunc: (dy: Tensor) => tf.zerosLike(dy),
  }));
  return { probabilities, gates: tf.mul(probabilities, pick(probabilities)) };
}
