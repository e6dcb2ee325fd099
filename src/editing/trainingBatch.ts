import { building, tf, type Tensor } from "../gpu/tensors.ts";
import { batchedAttend } from "../model/attend.ts";
import type { Model, Pass } from "../model/model.ts";
import { batchPositions, embedTokens, linearInput, runBlocks } from "../model/forward.ts";
import type { MethodSettings } from "../mixture/settings.ts";

/** Labels of tokens that are no target. */
export const IGNORED = -100;

/** B sequences padded to T tokens, as token ids. */
export interface TokenBatch {
  readonly batch: number;
  readonly length: number;
  /** (B * T) */
  readonly ids: Int32Array;
  /** (B * T), 1 for tokens, 0 for padding. */
  readonly mask: readonly number[];
  /** Row, among all B * T, of each sequence's last prompt token. */
  readonly queryRows: readonly number[];
  /** (B * T), the token itself at targets, else IGNORED. */
  readonly labels: Int32Array;
}

/** One training sample: the ids of prompt and answer in one row. */
export interface Sample {
  readonly ids: readonly number[];
  readonly promptLength: number;
}

export function padSamples(samples: readonly Sample[]): TokenBatch {
  const batch = samples.length;
  const length = Math.max(...samples.map(({ ids }) => ids.length));
  const ids = new Int32Array(batch * length);
  const labels = new Int32Array(batch * length).fill(IGNORED);
  const mask = new Array<number>(batch * length).fill(0);
  samples.forEach((sample, b) => {
    sample.ids.forEach((id, t) => {
      ids[b * length + t] = id;
      mask[b * length + t] = 1;
      if (t >= sample.promptLength) labels[b * length + t] = id;
    });
  });
  return { batch, length, ids, mask, labels, queryRows: samples.map(({ promptLength }, b) => b * length + promptLength - 1) };
}

/** A batch run up to the first mixture layer: nothing below it changes while editing, so this is computed once. */
export interface PreparedBatch {
  readonly batch: number;
  /** Input of the first mixture layer's block, (B * T, C). */
  readonly below: Tensor;
  /** (B, d) */
  readonly query: Tensor;
  readonly pass: Pass;
  dispose(): void;
}

export function prepareBatch(model: Model, settings: Pick<MethodSettings, "layers" | "module">, tokens: TokenBatch): PreparedBatch {
  const { batch, length } = tokens;
  const first = settings.layers[0] ?? 0;
  return building((keep) => {
    const positions = keep(batchPositions(batch, length));
    const mask = keep(tf.tensor1d([...tokens.mask]));
    const pass: Pass = { positions, attend: batchedAttend(model.config, length, mask) };
    const [below, query] = tf.tidy((): [Tensor, Tensor] => {
      const stream = keep(runBlocks(model, embedTokens(model, tf.tensor1d(tokens.ids, "int32"), positions), pass, 0, first));
      const inputs = linearInput(model, stream, pass, first, settings.module);
      return [stream, keep(tf.gather(inputs, tf.tensor1d([...tokens.queryRows], "int32")))];
    });
    return { batch, below, query, pass, dispose: () => tf.dispose([positions, mask, below, query]) };
  });
}
