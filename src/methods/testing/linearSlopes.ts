import { padSamples, type Sample } from "../../editing/trainingBatch.ts";
import { readFloats, tf, type Tensor } from "../../gpu/tensors.ts";
import type { Model, Pass } from "../../model/model.ts";
import { logitsAt } from "../answers.ts";
import { answerRows } from "../tune.ts";

/**
 * What a gradient at one linear layer is made of, without any of the methods' code: its input, and the slope of the answers' mean cross-entropy along
 * its output, by TF.js's own ops from the logits on.
 * @param held the change that is on already
 * @returns x (N, I) and dy (N, O), row after row
 */
export async function linearSlopes(model: Model, samples: readonly Sample[], layer: number, module: string, held?: Pick<Pass, "onOutput">) {
  const tokens = padSamples(samples);
  const rows = answerRows(tokens);
  const labels = rows.map((row) => tokens.labels[row + 1] ?? 0);
  const { rows: O } = model.weight(`${model.architecture.block(layer)}.${module}.weight`);
  let x: Tensor | undefined;
  const slope = tf.tidy(() => {
    const loss = (moved: Tensor): tf.Scalar => {
      const onOutput: NonNullable<Pass["onOutput"]> = (at, name, input, output) => {
        if (at !== layer || name !== module) return output;
        x = tf.keep(input.clone());
        return tf.add(held?.onOutput?.(at, name, input, output) ?? output, moved);
      };
      const own = tf.logSoftmax(logitsAt(model, tokens, rows, { onOutput }));
      const taken = tf.sum(tf.mul(own, tf.oneHot(tf.tensor1d(labels, "int32"), model.config.vocabularySize)));
      return tf.div(tf.neg(taken), labels.length);
    };
    return tf.grad(loss)(tf.zeros([tokens.batch * tokens.length, O]));
  });
  if (!x) throw new Error(`No linear module ${module} in block ${layer}`);
  const [inputs, slopes] = await Promise.all([readFloats(x), readFloats(slope)]);
  tf.dispose([x, slope]);
  return { x: inputs, dy: slopes, N: tokens.batch * tokens.length };
}

/** aᵀ b of a (N, A) and b (N, B) in float64, (A, B) row after row. */
export function crossProduct(a: ArrayLike<number>, b: ArrayLike<number>, N: number): number[] {
  const [A, B] = [a.length / N, b.length / N];
  const product = new Array<number>(A * B).fill(0);
  for (let n = 0; n < N; n++)
    for (let i = 0; i < A; i++) for (let o = 0; o < B; o++) product[i * B + o]! += (a[n * A + i] ?? 0) * (b[n * B + o] ?? 0);
  return product;
}

/** Places of those slopes whose sign no rounding turns. */
export function surePlaces(slopes: readonly number[]): number[] {
  const largest = slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
  return [...slopes.keys()].filter((i) => Math.abs(slopes[i] ?? 0) > 1e-3 * largest);
}
