/** The mixture layer as it is written in stock TF.js ops on float32 weights: y = x W + b + Σ s g (x A) B. */
import { tf, type Tensor } from "../gpu/tensors.ts";

export interface StockWeights {
  /** W, (I, O): the layout its product likes. */
  readonly w: Tensor;
  readonly bias: Tensor;
}

/** W (I, O) as a constant of the tape. */
export function stockLinear(x: Tensor, { w, bias }: StockWeights): Tensor {
  return tf.fused.matMul({ a: x, b: w, transposeA: false, transposeB: false, bias });
}

/**
 * All experts in one product, their ranks side by side.
 * @param a (R, I)  @param b (R, O)  @param gates (B, E), the rows of x dividing into B sequences
 */
export function stackedMixture(x: Tensor, a: Tensor, b: Tensor, gates: Tensor, scale: number): Tensor {
  const [batch = 1, experts = 1] = gates.shape;
  const rows = x.shape[0] ?? 0;
  const ranks = a.shape[0] ?? 0;
  const p = tf.reshape(tf.matMul(x, a, false, true), [batch, rows / batch, experts, ranks / experts]);
  const gated = tf.mul(p, tf.reshape(tf.mul(gates, scale), [batch, 1, experts, 1]));
  return tf.matMul(tf.reshape(gated, [rows, ranks]), b);
}

/** Expert after expert, as the paper's code does it: A (r, I) and B (r, O) each its own; one sequence, gates (1, E). */
export function loopedMixture(x: Tensor, a: readonly Tensor[], b: readonly Tensor[], gates: Tensor, scale: number): Tensor {
  const parts = a.map((own, expert) => {
    const low = tf.matMul(x, own, false, true);
    return tf.mul(tf.matMul(low, b[expert] as Tensor), tf.mul(tf.slice(gates, [0, expert], [1, 1]), scale));
  });
  return parts.reduce((sum, part) => tf.add(sum, part));
}
