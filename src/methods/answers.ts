/** What a method answers, for many prompts at once. */
import { emptyTensor, readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import { crossEntropy, gatherRows } from "../kernels/losses.ts";
import { IGNORED, padSamples, type Sample, type TokenBatch } from "../editing/trainingBatch.ts";
import { batchedAttend } from "../model/attend.ts";
import { batchPositions, embedTokens, headLogits, runBlocks } from "../model/forward.ts";
import type { Model, Pass } from "../model/model.ts";
import type { EditingMethod, MethodScope } from "./method.ts";

/** How one sample's target tokens fare. M target tokens. */
export interface AnswerMatch {
  /** Null where the base model was asked. */
  readonly scope: MethodScope | null;
  /**
   * For each target token, whether it is the most probable after the prompt and the targets before it, (M). All of them true is the same as greedy
   * decoding giving exactly these tokens: each token it draws is the target, and so the text before the next one is too.
   */
  readonly matches: readonly boolean[];
  /** Cross-entropy of each target token, nats, (M). */
  readonly losses: readonly number[];
}

/** Sequences a forward pass, at most. */
const BATCH = 16;

/**
 * Compares what is answered with the samples' targets.
 * @param method null: the base model
 * @param keepDeferred false: the base model is not run where the method defers to it, and `matches` is empty there
 */
export async function matchAnswers(
  model: Model,
  method: EditingMethod | null,
  samples: readonly Sample[],
  { keepDeferred = true }: { readonly keepDeferred?: boolean } = {},
): Promise<AnswerMatch[]> {
  // Of like length together: padding is computed too.
  const order = [...samples.keys()].sort((a, b) => lengthOf(samples[a]) - lengthOf(samples[b]));
  const found = new Array<AnswerMatch>(samples.length);
  for (let from = 0; from < order.length; from += BATCH) {
    const part = order.slice(from, from + BATCH);
    const matched = await matchBatch(
      model,
      method,
      part.map((n) => samples[n] as Sample),
      keepDeferred,
    );
    part.forEach((n, i) => (found[n] = matched[i] as AnswerMatch));
  }
  return found;
}

const lengthOf = (sample: Sample | undefined): number => sample?.ids.length ?? 0;

async function matchBatch(model: Model, method: EditingMethod | null, samples: readonly Sample[], keepDeferred: boolean) {
  if (!method) return runMatches(model, samples, undefined, () => null);
  const asked = await method.scope(samples.map(({ ids, promptLength }) => ids.slice(0, promptLength)));
  try {
    const found = asked.scopes.map((scope): AnswerMatch => ({ scope, matches: [], losses: [] }));
    for (const deferred of keepDeferred ? [false, true] : [false]) {
      const rows = [...samples.keys()].filter((row) => asked.scopes[row]?.deferred === deferred);
      const own = rows.map((row) => samples[row] as Sample);
      const changed = deferred ? undefined : (batch: TokenBatch) => asked.intervene(rows, batch);
      const matched = await runMatches(model, own, changed, (row) => asked.scopes[rows[row] ?? 0] ?? null);
      rows.forEach((row, i) => (found[row] = matched[i] as AnswerMatch));
    }
    return found;
  } finally {
    asked.dispose();
  }
}

async function runMatches(
  model: Model,
  samples: readonly Sample[],
  intervene: ((batch: TokenBatch) => ReturnType<Awaited<ReturnType<EditingMethod["scope"]>>["intervene"]>) | undefined,
  scopeOf: (row: number) => MethodScope | null,
): Promise<AnswerMatch[]> {
  if (samples.length === 0) return [];
  const batch = padSamples(samples);
  const intervention = intervene?.(batch);
  try {
    const targets = [...batch.labels.keys()].filter((n) => n % batch.length !== 0 && batch.labels[n] !== IGNORED);
    const [best, losses] = tf.tidy(() => {
      const logits = logitsAt(
        model,
        batch,
        targets.map((n) => n - 1),
        intervention,
      );
      const labels = tf.tensor1d(
        targets.map((n) => batch.labels[n] ?? 0),
        "int32",
      );
      const terms = tf.zeros([targets.length]);
      crossEntropy.runInto(emptyTensor(logits.shape, "float32"), { logits, labels, losses: terms }, {});
      return [tf.argMax(logits, 1), terms] as const;
    });
    const [bestIds, terms] = await Promise.all([best.data(), readFloats(losses)]);
    tf.dispose([best, losses]);
    return samples.map((_, row) => {
      const own = [...targets.keys()].filter((i) => Math.floor((targets[i] ?? 0) / batch.length) === row);
      return {
        scope: scopeOf(row),
        matches: own.map((i) => bestIds[i] === batch.labels[targets[i] ?? 0]),
        losses: own.map((i) => terms[i] ?? NaN),
      };
    });
  } finally {
    intervention?.dispose();
  }
}

/**
 * Logits (M, V) of some rows of a padded batch. Call it in a tidy.
 * @param rows among all B * T, M of them
 */
export function logitsAt(model: Model, batch: TokenBatch, rows: readonly number[], change?: Pick<Pass, "onLinear" | "onOutput">): Tensor {
  const stream = runBlocks(model, embedBatch(model, batch), { ...batchPass(model, batch), ...change }, 0, model.config.layers);
  return headLogits(model, gatherRows.run({ x: stream, rows: tf.tensor1d([...rows], "int32") }, {}));
}

/** Embedded tokens of a padded batch, (B * T, C). Call it in a tidy. */
export const embedBatch = (model: Model, batch: TokenBatch): Tensor =>
  embedTokens(model, tf.tensor1d(batch.ids, "int32"), batchPositions(batch.batch, batch.length));

/** The pass over a padded batch. Call it in a tidy. */
export function batchPass(model: Model, batch: TokenBatch): Pass {
  const mask = tf.tensor1d([...batch.mask]);
  return { positions: batchPositions(batch.batch, batch.length), attend: batchedAttend(model.config, batch.length, mask) };
}

/** Prompts alone as a padded batch: each one's last token is its query row. */
export const padPrompts = (prompts: readonly (readonly number[])[]): TokenBatch =>
  padSamples(prompts.map((ids) => ({ ids, promptLength: ids.length })));

/**
 * Greedy continuations, all prompts at once, by reading each whole text anew for every token.
 * @param method null: the base model
 * @param ends whether a continuation is complete
 * @returns the ids after each prompt, at most `most`
 */
export async function greedyAnswers(
  model: Model,
  method: EditingMethod | null,
  prompts: readonly (readonly number[])[],
  most: number,
  ends: (ids: readonly number[]) => boolean,
): Promise<number[][]> {
  const answers: number[][] = prompts.map(() => []);
  for (let from = 0; from < prompts.length; from += BATCH) {
    const part = [...prompts.keys()].slice(from, from + BATCH);
    const asked = await method?.scope(part.map((n) => prompts[n] ?? []));
    try {
      let open = part.map((_, row) => row);
      for (let step = 0; step < most && open.length > 0; step++) {
        for (const deferred of [false, true]) {
          const rows = open.filter((row) => (asked?.scopes[row]?.deferred ?? true) === deferred);
          const texts = rows.map((row) => [...(prompts[part[row] ?? 0] ?? []), ...(answers[part[row] ?? 0] ?? [])]);
          const lengths = rows.map((row) => prompts[part[row] ?? 0]?.length ?? 0);
          const next = await nextTokens(model, texts, lengths, deferred ? undefined : (batch) => asked?.intervene(rows, batch));
          rows.forEach((row, i) => answers[part[row] ?? 0]?.push(next[i] ?? 0));
        }
        open = open.filter((row) => {
          const ids = answers[part[row] ?? 0] ?? [];
          return !ends(ids) && (prompts[part[row] ?? 0]?.length ?? 0) + ids.length < model.config.contextLength;
        });
      }
    } finally {
      asked?.dispose();
    }
  }
  return answers;
}

async function nextTokens(
  model: Model,
  texts: readonly (readonly number[])[],
  promptLengths: readonly number[],
  intervene: ((batch: TokenBatch) => (Pick<Pass, "onLinear" | "onOutput"> & { dispose(): void }) | undefined) | undefined,
): Promise<number[]> {
  if (texts.length === 0) return [];
  const batch = padSamples(texts.map((ids, i) => ({ ids, promptLength: promptLengths[i] ?? 0 })));
  const intervention = intervene?.(batch);
  try {
    const best = tf.tidy(() => {
      const last = texts.map((ids, b) => b * batch.length + ids.length - 1);
      return tf.argMax(logitsAt(model, batch, last, intervention), 1);
    });
    const ids = await best.data();
    best.dispose();
    return Array.from(ids);
  } finally {
    intervention?.dispose();
  }
}
