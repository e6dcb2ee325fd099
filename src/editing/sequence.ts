import { readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import type { Model, Pass } from "../model/model.ts";
import { createKvCache } from "../model/attend.ts";
import { embedTokens, headLogits, linearInput, runBlocks } from "../model/forward.ts";
import { mixtureHook, routeQueries, type MixtureState } from "../mixture/mixtureState.ts";

/** Router outputs for a run of tokens, row-major (T, L, N). */
export interface RoutingRows {
  readonly tokens: number;
  readonly layers: readonly number[];
  readonly experts: number;
  /** Router probabilities s. */
  readonly probabilities: Float32Array;
  /** 1 where the expert is among the top k. */
  readonly picked: Uint8Array;
}

/** One sequence being read and continued, with its own cache. Calls go in the order of the members. */
export interface Sequence {
  /** Runs the prompt up to the first mixture layer: the routing every token would get; the last row's decides. */
  readPrompt(ids: readonly number[]): Promise<RoutingRows>;
  /** Runs the rest with the mixtures on or off, for this and all later tokens. Logits (V) after the prompt. */
  answerPrompt(mixtures: boolean): Promise<Float32Array>;
  /** Appends a token. Logits (V) after it, and its own what-if routing. */
  append(id: number): Promise<{ logits: Float32Array; row: RoutingRows }>;
  dispose(): void;
}

/** @param capacity tokens the sequence may grow to */
export function startSequence(model: Model, state: MixtureState, capacity: number): Sequence {
  const { layers, module } = state.settings;
  const first = layers[0] ?? 0;
  const cache = createKvCache(model.config, capacity);
  let length = 0;
  let below: Tensor | undefined;
  let promptGates: Tensor | undefined;
  let gates: Tensor | undefined;

  const passOver = (count: number): Pass => ({
    positions: tf.tensor1d(
      Int32Array.from({ length: count }, (_, t) => length + t),
      "int32",
    ),
    attend: cache.attendFrom(length),
  });

  return {
    async readPrompt(ids) {
      const routed = tf.tidy(() => {
        const pass = passOver(ids.length);
        const stream = runBlocks(model, embedTokens(model, tf.tensor1d([...ids], "int32"), pass.positions), pass, 0, first);
        below = tf.keep(stream);
        const routing = routeQueries(state, linearInput(model, stream, pass, first, module));
        promptGates = tf.keep(tf.slice(routing.gates, [ids.length - 1, 0, 0], [1, -1, -1]));
        return [routing.probabilities, routing.picked] as [Tensor, Tensor];
      });
      return readRouting(state, routed);
    },
    async answerPrompt(mixtures) {
      if (!below || !promptGates) throw new Error("answerPrompt comes after readPrompt");
      const stream = below;
      if (mixtures) gates = promptGates;
      const count = stream.shape[0] ?? 0;
      const logits = tf.tidy(() => {
        const last = tf.slice(runBlocks(model, stream, withMixtures(passOver(count)), first, model.config.layers), [count - 1, 0], [1, -1]);
        return headLogits(model, last);
      });
      length += count;
      return readAndDispose(logits);
    },
    async append(id) {
      const [logits, probabilities, picked] = tf.tidy((): [Tensor, Tensor, Tensor] => {
        const pass = passOver(1);
        let input: Tensor | undefined;
        const hook = withMixtures(pass).onLinear;
        const onLinear: Pass["onLinear"] = (layer, name, x) => {
          if (layer === first && name === module) input = x;
          return hook?.(layer, name, x);
        };
        const stream = runBlocks(
          model,
          embedTokens(model, tf.tensor1d([id], "int32"), pass.positions),
          { ...pass, onLinear },
          0,
          model.config.layers,
        );
        if (!input) throw new Error(`Block ${first} has no linear module ${module}`);
        const routing = routeQueries(state, input);
        return [headLogits(model, stream), routing.probabilities, routing.picked];
      });
      length += 1;
      const [row, read] = await Promise.all([readRouting(state, [probabilities, picked]), readAndDispose(logits)]);
      return { logits: read, row };
    },
    dispose() {
      cache.dispose();
      tf.dispose([below, promptGates].filter((tensor) => tensor !== undefined));
    },
  };

  function withMixtures(pass: Pass): Pass {
    return gates ? { ...pass, onLinear: mixtureHook(state, gates) } : pass;
  }
}

async function readAndDispose(tensor: Tensor): Promise<Float32Array> {
  try {
    return await readFloats(tensor);
  } finally {
    tensor.dispose();
  }
}

async function readRouting(state: MixtureState, [probabilities, picked]: [Tensor, Tensor]): Promise<RoutingRows> {
  const tokens = probabilities.shape[0] ?? 0;
  const [s, chosen] = await Promise.all([readAndDispose(probabilities), readAndDispose(picked)]);
  return { tokens, layers: state.settings.layers, experts: state.settings.experts, probabilities: s, picked: Uint8Array.from(chosen) };
}

/** The allocation code of one row, L * N bits. */
export function codeOfRow(rows: RoutingRows, row: number): number[] {
  const bits = rows.layers.length * rows.experts;
  return Array.from(rows.picked.subarray(row * bits, (row + 1) * bits));
}
