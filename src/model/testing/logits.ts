/** Logits of whole sequences by every way a model reads them. */
import { readFloats, tf, type Tensor } from "../../gpu/tensors.ts";
import { batchedAttend, createKvCache } from "../attend.ts";
import { batchPositions, embedTokens, headLogits, runBlocks } from "../forward.ts";
import type { Model, Pass } from "../model.ts";

const ids = (list: readonly number[]): Tensor => tf.tensor1d([...list], "int32");

async function read(tensor: Tensor): Promise<Float32Array> {
  const floats = await readFloats(tensor);
  tensor.dispose();
  return floats;
}

/** Of every row of sequences padded on the right to one length, (B * T, V). */
export function batchLogits(model: Model, sequences: readonly (readonly number[])[], padding = 0): Promise<Float32Array> {
  const length = Math.max(...sequences.map((sequence) => sequence.length)) + padding;
  const filled = sequences.flatMap((sequence) => Array.from({ length }, (_, t) => sequence[t] ?? 3));
  const mask = sequences.flatMap((sequence) => Array.from({ length }, (_, t) => Number(t < sequence.length)));
  return read(
    tf.tidy(() => {
      const pass = { positions: batchPositions(sequences.length, length), attend: batchedAttend(model.config, length, tf.tensor1d(mask)) };
      return headLogits(model, runBlocks(model, embedTokens(model, ids(filled), pass.positions), pass, 0, model.config.layers));
    }),
  );
}

/** Of every token, read through a cache in runs of the given lengths. */
export async function cachedLogits(model: Model, sequence: readonly number[], runs: readonly number[]): Promise<Float32Array> {
  const { vocabularySize, layers } = model.config;
  const cache = createKvCache(model.config, sequence.length + 2);
  const rows: number[] = [];
  for (const run of runs) {
    const start = rows.length / vocabularySize;
    const part = sequence.slice(start, start + run);
    const logits = tf.tidy(() => {
      const pass: Pass = { positions: ids(part.map((_, t) => start + t)), attend: cache.attendFrom(start) };
      return headLogits(model, runBlocks(model, embedTokens(model, ids(part), pass.positions), pass, 0, layers));
    });
    rows.push(...(await read(logits)));
  }
  cache.dispose();
  return Float32Array.from(rows);
}
