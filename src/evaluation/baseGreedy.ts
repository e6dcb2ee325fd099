import { tf, type Tensor } from "../gpu/tensors.ts";
import { gatherRows } from "../kernels/losses.ts";
import { batchPass, embedBatch, padPrompts } from "../methods/answers.ts";
import { batchedAttend } from "../model/attend.ts";
import { embedTokens, headLogits, runBlocks } from "../model/forward.ts";
import type { Model, Pass } from "../model/model.ts";

/** Keys and values of each layer, (B * T, kv heads * D). */
interface Cache {
  readonly keys: Tensor[];
  readonly values: Tensor[];
}

/**
 * Greedy continuations of some prompts by the base model, together. Keys and values are kept, so that each text is read once: an
 * evaluation asks for thousands.
 * @param ends whether a continuation is complete
 * @returns the ids after each prompt, at least one and at most `most`
 */
export async function baseGreedy(
  model: Model,
  prompts: readonly (readonly number[])[],
  most: number,
  ends: (ids: readonly number[]) => boolean,
): Promise<number[][]> {
  if (prompts.length === 0) return [];
  const answers: number[][] = prompts.map(() => []);
  const length = Math.max(...prompts.map((ids) => ids.length)) + most;
  const cache: Cache = { keys: [], values: [] };
  try {
    let next = await argMax(() => readPrompts(model, prompts, length, cache));
    for (let open = prompts.map(() => true); ; next = await argMax(() => readNext(model, prompts, answers, length, cache))) {
      next.forEach((id, b) => open[b] && answers[b]?.push(id));
      open = open.map((isOpen, b) => {
        const [answer = [], prompt = []] = [answers[b], prompts[b]];
        return isOpen && !ends(answer) && answer.length < most && prompt.length + answer.length < model.config.contextLength;
      });
      if (!open.includes(true)) return answers;
    }
  } finally {
    tf.dispose([...cache.keys, ...cache.values]);
  }
}

/** The most probable token of each row of logits (B, V). */
async function argMax(logits: () => Tensor): Promise<number[]> {
  const best = tf.tidy(() => tf.argMax(logits(), 1));
  const ids = await best.data();
  best.dispose();
  return Array.from(ids);
}

/** @param length T, of the cache. @returns logits after each prompt, (B, V) */
function readPrompts(model: Model, prompts: readonly (readonly number[])[], length: number, cache: Cache): Tensor {
  const batch = padPrompts(prompts);
  const pass = batchPass(model, batch);
  // Rows of B sequences of the batch's length as rows of B sequences of T.
  const spread = tf.tensor1d(
    Int32Array.from({ length: batch.batch * length }, (_, row) => {
      const t = row % length;
      return ((row - t) / length) * batch.length + Math.min(t, batch.length - 1);
    }),
    "int32",
  );
  const attend: Pass["attend"] = (layer, q, k, v) => {
    cache.keys[layer] = tf.keep(gatherRows.run({ x: k, rows: spread }, {}));
    cache.values[layer] = tf.keep(gatherRows.run({ x: v, rows: spread }, {}));
    return pass.attend(layer, q, k, v);
  };
  const stream = runBlocks(model, embedBatch(model, batch), { ...pass, attend }, 0, model.config.layers);
  return headLogits(model, gatherRows.run({ x: stream, rows: tf.tensor1d([...batch.queryRows], "int32") }, {}));
}

/** One more token of each sequence. Of those that have ended the last is read again, to no end. @returns logits, (B, V) */
function readNext(
  model: Model,
  prompts: readonly (readonly number[])[],
  answers: readonly (readonly number[])[],
  length: number,
  cache: Cache,
): Tensor {
  const batch = prompts.length;
  const places = prompts.map((ids, b) => ids.length + (answers[b]?.length ?? 0) - 1);
  const ints = (values: readonly number[]): Tensor => tf.tensor1d([...values], "int32");
  const rows = Array.from({ length: batch * length }, (_, row) => row);
  const [sequenceOf, placeOf] = [(row: number) => Math.floor(row / length), (row: number) => row % length];
  const mask = tf.tensor1d(rows.map((row) => Number(placeOf(row) <= (places[sequenceOf(row)] ?? 0))));
  // Old rows from the cache, the new one of each sequence from what lies behind it.
  const renewed = ints(rows.map((row) => (placeOf(row) === places[sequenceOf(row)] ? batch * length + sequenceOf(row) : row)));
  const repeated = ints(rows.map(sequenceOf));
  const last = ints(places.map((place, b) => b * length + place));
  const own = batchedAttend(model.config, length, mask);
  const renew = (list: Tensor[], layer: number, added: Tensor): Tensor => {
    const old = list[layer] as Tensor;
    const joined = tf.keep(gatherRows.run({ x: tf.concat([old, added], 0), rows: renewed }, {}));
    old.dispose();
    return (list[layer] = joined);
  };
  const attend: Pass["attend"] = (layer, q, k, v) => {
    const [keys, values] = [renew(cache.keys, layer, k), renew(cache.values, layer, v)];
    const all = own(layer, gatherRows.run({ x: q, rows: repeated }, {}), keys, values);
    return gatherRows.run({ x: all, rows: last }, {});
  };
  const positions = ints(places);
  const stream = embedTokens(model, ints(answers.map((ids) => ids.at(-1) ?? 0)), positions);
  return headLogits(model, runBlocks(model, stream, { positions, attend }, 0, model.config.layers));
}
