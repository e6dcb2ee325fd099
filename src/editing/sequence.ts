import { readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import { createKvCache } from "../model/attend.ts";
import type { DecodeOptions } from "../model/decodeRecorder.ts";
import { GREEDY, startDecoding, type DecodedToken, type DecodeRun, type SamplingRule } from "../model/decodeRun.ts";
import { embedTokens, headLogits, runBlocks } from "../model/forward.ts";
import type { Model, Pass } from "../model/model.ts";
import type { ScopeDecision } from "../mixture/deferral.ts";

/** What the routing of a run of tokens is, row-major (T, L, N). */
export interface RoutingRows {
  readonly tokens: number;
  readonly layers: readonly number[];
  readonly experts: number;
  /** Router probabilities s; where each expert is one edit's own, how near the token's query is to that edit, 1 at its key, 0 at twice its radius. */
  readonly probabilities: Float32Array;
  /** 1 where the expert is among the top k; where it is one edit's own, where the token is in that edit's scope. */
  readonly picked: Uint8Array;
  /** The edit whose own each expert is, (N); absent where edits share experts. */
  readonly owners?: readonly number[];
}

/** An expert that a person takes out of, or into, the mixture of one layer. */
export interface RoutingOverride {
  /** The block's index. */
  readonly layer: number;
  readonly expert: number;
  /** A forced expert has the weight of the strongest that is picked there. */
  readonly kind: "force" | "mute";
}

/** What reading a prompt tells. */
export interface Reading {
  readonly rows: RoutingRows;
  /** Distance of each token's routing to the nearest edit, as the decision measures it; null where there is none. */
  readonly nearest: readonly (number | null)[];
  /** The decision of the last token. */
  readonly scope: ScopeDecision;
}

/** One sequence being read and continued, with its own cache. Calls go in the order of the members. */
export interface Sequence {
  /** Runs the prompt as far as the decision needs it; the last row's decides. */
  readPrompt(ids: readonly number[]): Promise<Reading>;
  /** Runs the rest with the edits on or off, for this and all later tokens. */
  answerPrompt(edits: boolean, sampling?: SamplingRule, overrides?: readonly RoutingOverride[]): void;
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

/** Holds a tensor until the sequence is done. */
export type Keep = <T extends Tensor>(tensor: T) => T;

/** How one way of editing reads and changes a sequence. */
export interface SequenceWay {
  /** Index of the first block whose output it changes. */
  readonly firstLayer: number;
  /** What the decision is made of, from the stream into that block; called in a tidy. */
  read(stream: Tensor, pass: Pass): readonly Tensor[];
  /** @param values of the tensors read, in order */
  decide(values: readonly Float32Array[], ids: readonly number[]): Reading;
  /** The change that was decided on, to the prompt's pass and to each token after it. */
  change(overrides: readonly RoutingOverride[], keep: Keep): Pick<Pass, "onLinear"> & Pick<DecodeOptions, "mixture">;
  /** Read back with each token. */
  watched(keep: Keep): Tensor;
  /** Sees what each linear layer reads while decoding, and may add a dispatch that writes the watched tensor. */
  readonly watch?: (watched: Tensor) => NonNullable<DecodeOptions["onLinear"]>;
  /** A new token's row. */
  rowOf(watched: Float32Array): RoutingRows;
}

/** Caches come in few sizes, so that the pool of buffers has those of the last answer for the next. */
const CACHE_STEP = 64;

/** @param capacity tokens the sequence may grow to */
export function openSequence(model: Model, way: SequenceWay, capacity: number): Sequence {
  const cache = createKvCache(model.config, Math.ceil(capacity / CACHE_STEP) * CACHE_STEP);
  const held: Tensor[] = [];
  const keep: Keep = (tensor) => {
    held.push(tf.keep(tensor));
    return tensor;
  };
  const watched = way.watched(keep);
  let below: Tensor | undefined;
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
    async readPrompt(ids) {
      const read = tf.tidy(() => {
        const pass = passOver(ids.length);
        below = keep(runBlocks(model, embedTokens(model, tf.tensor1d([...ids], "int32"), pass.positions), pass, 0, way.firstLayer));
        return [...way.read(below, pass)];
      });
      return way.decide(await Promise.all(read.map(readAndDispose)), ids);
    },
    answerPrompt(edits, sampling = GREEDY, overrides = []) {
      if (!below) throw new Error("answerPrompt comes after readPrompt");
      const stream = below;
      const length = stream.shape[0] ?? 0;
      const { mixture, onLinear } = edits ? way.change(overrides, keep) : {};
      const logits = tf.tidy(() => {
        const pass = onLinear ? { ...passOver(length), onLinear } : passOver(length);
        const last = tf.slice(runBlocks(model, stream, pass, way.firstLayer, model.config.layers), [length - 1, 0], [1, -1]);
        return tf.keep(tf.reshape(headLogits(model, last), [model.config.vocabularySize]));
      });
      run = startDecoding(model, { cache, logits, length, sampling, mixture, onLinear: way.watch?.(watched), watched });
    },
    async next() {
      const { watched: values, ...token } = await answering().next();
      return { ...token, row: way.rowOf(values) };
    },
    logits: () => answering().logits(),
    async append(id) {
      const { watched: values, logits } = await answering().append(id);
      return { logits, row: way.rowOf(values) };
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

async function readAndDispose(tensor: Tensor): Promise<Float32Array> {
  try {
    return await readFloats(tensor);
  } finally {
    tensor.dispose();
  }
}

/** Experts with their weights once a person's overrides are applied; picked are those above 0 or forced. */
export function overridden(
  layer: number,
  picks: readonly { readonly expert: number; readonly weight: number }[],
  overrides: readonly RoutingOverride[],
): { readonly expert: number; readonly weight: number }[] {
  const own = overrides.filter((one) => one.layer === layer);
  const of = (kind: RoutingOverride["kind"]): Set<number> => new Set(own.filter((one) => one.kind === kind).map(({ expert }) => expert));
  const [forced, muted] = [of("force"), of("mute")];
  const strongest = picks.reduce((most, { weight }) => Math.max(most, weight), 0) || 1;
  const kept = picks.filter(({ expert }) => !muted.has(expert) && !forced.has(expert));
  return [...kept, ...[...forced].map((expert) => ({ expert, weight: strongest }))].sort((a, b) => a.expert - b.expert);
}

/** The allocation code of one row, L * N bits. */
export function codeOfRow(rows: RoutingRows, row: number): number[] {
  const bits = rows.layers.length * rows.experts;
  return Array.from(rows.picked.subarray(row * bits, (row + 1) * bits));
}
