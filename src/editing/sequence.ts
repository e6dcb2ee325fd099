import { emptyTensor, readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import { createKvCache } from "../model/attend.ts";
import { GREEDY, startDecoding, type DecodedToken, type DecodeRun, type SamplingRule } from "../model/decodeRun.ts";
import { embedTokens, headLogits, linearInput, runBlocks } from "../model/forward.ts";
import type { Model, Pass } from "../model/model.ts";
import type { StoredCode } from "../mixture/deferral.ts";
import { mixtureHook, pickedMixtures, prepareRoute, routeTokens, type MixtureState } from "../mixture/mixtureState.ts";

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
  /**
   * Runs the prompt up to the first mixture layer: the routing every token would get; the last row's decides.
   * @returns the rows, and each token's distances to the stored codes, (T, S)
   */
  readPrompt(ids: readonly number[], stored?: readonly StoredCode[]): Promise<{ rows: RoutingRows; distances: Float32Array }>;
  /** Runs the rest with the mixtures on or off, for this and all later tokens. */
  answerPrompt(mixtures: boolean, sampling?: SamplingRule): void;
  /** Draws and appends the next token; its own what-if routing is one row. */
  next(): Promise<Omit<DecodedToken, "watched"> & { readonly row: RoutingRows }>;
  /** Logits (V) after the prompt or the last token appended. */
  logits(): Promise<Float32Array>;
  /** Appends a given token instead; a sequence takes either next or append. */
  append(id: number): Promise<{ readonly logits: Float32Array; readonly row: RoutingRows }>;
  /** Dispatches of one call of next; 0 before answerPrompt. */
  readonly dispatchesPerToken: number;
  dispose(): void;
}

/** Caches come in few sizes, so that the pool of buffers has those of the last answer for the next. */
const CACHE_STEP = 64;

/** @param capacity tokens the sequence may grow to */
export function startSequence(model: Model, state: MixtureState, capacity: number): Sequence {
  const { layers, module, experts } = state.settings;
  const first = layers[0] ?? 0;
  const cache = createKvCache(model.config, Math.ceil(capacity / CACHE_STEP) * CACHE_STEP);
  const routed = tf.keep(emptyTensor([1, layers.length, 3 * experts], "float32"));
  const held: Tensor[] = [routed];
  const keep = <T extends Tensor>(tensor: T): T => {
    held.push(tf.keep(tensor));
    return tensor;
  };
  let below: Tensor | undefined;
  let promptGates: Tensor | undefined;
  let lastRow: Pick<RoutingRows, "probabilities" | "picked"> | undefined;
  let run: DecodeRun | undefined;
  const answering = (): DecodeRun => {
    if (!run) throw new Error("Tokens come after answerPrompt");
    return run;
  };

  const passOver = (count: number): Pass => ({
    positions: tf.tensor1d(
      Int32Array.from({ length: count }, (_, t) => t),
      "int32",
    ),
    attend: cache.attendFrom(0),
  });

  return {
    async readPrompt(ids, stored = []) {
      const { routed: all, distances } = tf.tidy(() => {
        const pass = passOver(ids.length);
        const stream = runBlocks(model, embedTokens(model, tf.tensor1d([...ids], "int32"), pass.positions), pass, 0, first);
        below = keep(stream);
        const made = routeTokens(state, linearInput(model, stream, pass, first, module), stored);
        const gates = tf.slice(made.routed, [ids.length - 1, 0, experts], [1, layers.length, experts]);
        promptGates = keep(tf.clone(gates));
        return { ...made };
      });
      const [values, toStored] = await Promise.all([readAndDispose(all), distances ? readAndDispose(distances) : new Float32Array()]);
      const rows = rowsOf(state, values);
      const from = (rows.tokens - 1) * layers.length * experts;
      lastRow = { probabilities: rows.probabilities.subarray(from), picked: rows.picked.subarray(from) };
      return { rows, distances: toStored };
    },
    answerPrompt(mixtures, sampling = GREEDY) {
      if (!below || !promptGates || !lastRow) throw new Error("answerPrompt comes after readPrompt");
      const stream = below;
      const length = stream.shape[0] ?? 0;
      const gates = promptGates;
      const logits = tf.tidy(() => {
        const pass = mixtures ? { ...passOver(length), onLinear: mixtureHook(state, gates) } : passOver(length);
        const last = tf.slice(runBlocks(model, stream, pass, first, model.config.layers), [length - 1, 0], [1, -1]);
        return tf.keep(tf.reshape(headLogits(model, last), [model.config.vocabularySize]));
      });
      run = startDecoding(model, {
        cache,
        logits,
        length,
        sampling,
        mixture: mixtures ? pickedMixtures(state, lastRow, keep) : undefined,
        onLinear: (layer, name, input) => (layer === first && name === module ? prepareRoute(state, input, routed) : undefined),
        watched: routed,
      });
    },
    async next() {
      const { watched, ...token } = await answering().next();
      return { ...token, row: rowsOf(state, watched) };
    },
    logits: () => answering().logits(),
    async append(id) {
      const { watched, logits } = await answering().append(id);
      return { logits, row: rowsOf(state, watched) };
    },
    get dispatchesPerToken() {
      return run?.dispatches ?? 0;
    },
    dispose() {
      run?.dispose();
      cache.dispose();
      tf.dispose(held);
    },
  };
}

/** Rows as the router kernel writes them: probabilities | gates | picked of each layer. */
function rowsOf({ settings: { layers, experts } }: MixtureState, routed: Float32Array): RoutingRows {
  const count = routed.length / 3;
  const probabilities = new Float32Array(count);
  const picked = new Uint8Array(count);
  for (let at = 0; at < count; at += experts) {
    probabilities.set(routed.subarray(3 * at, 3 * at + experts), at);
    picked.set(routed.subarray(3 * at + 2 * experts, 3 * (at + experts)), at);
  }
  return { tokens: count / (layers.length * experts), layers, experts, probabilities, picked };
}

async function readAndDispose(tensor: Tensor): Promise<Float32Array> {
  try {
    return await readFloats(tensor);
  } finally {
    tensor.dispose();
  }
}

/** The allocation code of one row, L * N bits. */
export function codeOfRow(rows: RoutingRows, row: number): number[] {
  const bits = rows.layers.length * rows.experts;
  return Array.from(rows.picked.subarray(row * bits, (row + 1) * bits));
}
