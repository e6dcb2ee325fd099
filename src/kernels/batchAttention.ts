import dscoresShader from "../../shaders/attention_dscores.wgsl?raw";
import mixShader from "../../shaders/attention_mix.wgsl?raw";
import turnedShader from "../../shaders/attention_turned.wgsl?raw";
import weightsShader from "../../shaders/attention_weights.wgsl?raw";
import { defineKernel, f32, type Sizes } from "../gpu/defineKernel.ts";
import { tf, type Tensor } from "../gpu/tensors.ts";

const uniforms = { T: "i32", D: "i32" } as const;

const check = ({ N = 0, C = 0, K = 1, T = 1, D = 1, M }: Sizes): string | undefined => {
  if (N % T !== 0 || C % K !== 0 || K % D !== 0) return `${N} rows in sequences of ${T}, heads of ${D} in ${C} and ${K} columns: not whole`;
  return M === undefined || M === (C / D) * T ? undefined : `${M} weights a row for ${C / D} heads and ${T} keys`;
};

/** As if each row saw all T keys: a product of D for each head, and its weight. */
const pairFlops = ({ N = 0, C = 0, T = 1, D = 1 }: Sizes): number => N * T * (2 * C + (16 * C) / D);

/** Calls back for each row n, head h and key position s it may see: key row and first columns of the head in q and k. */
function eachPair(
  { N = 0, C = 0, K = 1, T = 1, D = 1 }: Sizes,
  visit: (at: number, n: number, queryColumn: number, key: number, keyColumn: number) => void,
): void {
  const heads = C / D;
  for (let n = 0; n < N; n++) {
    const start = n - (n % T);
    for (let h = 0; h < heads; h++) {
      for (let s = 0; s <= n % T; s++) visit((n * heads + h) * T + s, n, h * D, start + s, Math.floor(h / (C / K)) * D);
    }
  }
}

/** Rows of T weights, one for each row and head, each mapped in place. */
function mapRows(weights: Float32Array, T: number, map: (row: Float32Array) => void): Float32Array {
  for (let at = 0; at < weights.length; at += T) map(weights.subarray(at, at + T));
  return weights;
}

const dot = (a: ArrayLike<number>, from: number, b: ArrayLike<number>, at: number, length: number): number => {
  let total = 0;
  for (let d = 0; d < length; d++) total += (a[from + d] ?? 0) * (b[at + d] ?? 0);
  return total;
};

export const attentionWeights = defineKernel({
  name: "AttentionWeights",
  shader: weightsShader,
  inputs: { q: f32("N", "C"), k: f32("N", "K"), mask: f32("N") },
  output: f32("N", "M"),
  uniforms: { ...uniforms, M: "i32", scale: "f32" },
  workgroup: 64,
  dispatch: ({ N = 0, C = 0, D = 1 }) => [Math.ceil((N * C) / D / 64), 1, 1],
  flops: pairFlops,
  check,
  reference: ({ q, k, mask }, sizes) => {
    const { N = 0, C = 0, K = 1, T = 1, D = 1, M = 0, scale = 1 } = sizes;
    const scores = new Float32Array(N * M).fill(-Infinity);
    eachPair(sizes, (at, n, queryColumn, key, keyColumn) => {
      if (mask[key] !== 0) scores[at] = scale * dot(q, n * C + queryColumn, k, key * K + keyColumn, D);
    });
    let rowIndex = 0;
    return mapRows(scores, T, (row) => {
      const t = Math.floor(rowIndex++ / (C / D)) % T;
      const highest = row.reduce((most, v) => Math.max(most, v), -Infinity);
      if (highest === -Infinity) row.fill(0).fill(1, t, t + 1);
      else row.forEach((v, s) => (row[s] = Math.exp(v - highest)));
      const total = row.reduce((a, b) => a + b, 0);
      row.forEach((v, s) => (row[s] = v / total));
    });
  },
});

export const attentionMix = defineKernel({
  name: "AttentionMix",
  shader: mixShader,
  inputs: { w: f32("N", "M"), v: f32("N", "K") },
  output: f32("N", "C"),
  uniforms: { ...uniforms, C: "i32" },
  workgroup: 64,
  dispatch: ({ N = 0, C = 0 }) => [Math.ceil(C / 64), N, 1],
  flops: pairFlops,
  check,
  reference: ({ w, v }, sizes) => {
    const { N = 0, C = 0, K = 1, D = 1 } = sizes;
    const out = new Float32Array(N * C);
    eachPair(sizes, (at, n, queryColumn, key, keyColumn) => {
      for (let d = 0; d < D; d++) out[n * C + queryColumn + d]! += (w[at] ?? 0) * (v[key * K + keyColumn + d] ?? 0);
    });
    return out;
  },
});

export const attentionTurned = defineKernel({
  name: "AttentionTurned",
  shader: turnedShader,
  inputs: { w: f32("N", "M"), x: f32("N", "C") },
  output: f32("N", "K"),
  uniforms: { ...uniforms, K: "i32" },
  workgroup: 64,
  dispatch: ({ N = 0, K = 0 }) => [Math.ceil(K / 64), N, 1],
  flops: pairFlops,
  check,
  reference: ({ w, x }, sizes) => {
    const { N = 0, C = 0, K = 1, D = 1 } = sizes;
    const out = new Float32Array(N * K);
    eachPair(sizes, (at, n, queryColumn, key, keyColumn) => {
      for (let d = 0; d < D; d++) out[key * K + keyColumn + d]! += (w[at] ?? 0) * (x[n * C + queryColumn + d] ?? 0);
    });
    return out;
  },
});

export const attentionDscores = defineKernel({
  name: "AttentionDscores",
  shader: dscoresShader,
  inputs: { w: f32("N", "M"), dy: f32("N", "C"), v: f32("N", "K") },
  output: f32("N", "M"),
  uniforms: { ...uniforms, scale: "f32" },
  workgroup: 64,
  dispatch: ({ N = 0, C = 0, D = 1 }) => [Math.ceil((N * C) / D / 64), 1, 1],
  flops: pairFlops,
  check,
  reference: ({ w, dy, v }, sizes) => {
    const { N = 0, C = 0, K = 1, T = 1, D = 1, M = 0, scale = 1 } = sizes;
    const slopes = new Float32Array(N * M);
    eachPair(sizes, (at, n, queryColumn, key, keyColumn) => {
      slopes[at] = dot(dy, n * C + queryColumn, v, key * K + keyColumn, D);
    });
    let at = 0;
    return mapRows(slopes, T, (row) => {
      const from = at;
      at += T;
      const t = Math.floor(from / M) % T;
      const mean = dot(w, from, row, 0, t + 1);
      row.forEach((g, s) => (row[s] = s <= t ? scale * (w[from + s] ?? 0) * (g - mean) : 0));
    });
  },
});

type Attributes = { readonly T: number; readonly D: number; readonly scale: number };

tf.registerKernel({
  kernelName: "BatchAttention",
  backendName: "webgpu",
  kernelFunc: ({ inputs, attrs }) => {
    const { q, k, v, mask } = inputs as Record<"q" | "k" | "v" | "mask", Tensor>;
    const { T, D, scale } = attrs as unknown as Attributes;
    const C = q.shape[1] ?? 0;
    const weights = attentionWeights.run({ q, k, mask }, { T, D, M: (C / D) * T, scale });
    return [attentionMix.run({ w: weights, v }, { T, D, C }), weights];
  },
});
tf.registerGradient({
  kernelName: "BatchAttention",
  inputsToSave: ["q", "k", "v"],
  outputsToSave: [false, true],
  gradFunc: (dys, saved, attrs) => {
    const dy = (dys as Tensor[])[0] as Tensor;
    const [q, k, v, weights] = saved as [Tensor, Tensor, Tensor, Tensor];
    const { T, D, scale } = attrs as unknown as Attributes;
    const [C = 0, K = 0] = [q.shape[1], k.shape[1]];
    const dscores = attentionDscores.run({ w: weights, dy, v }, { T, D, scale });
    return {
      q: () => attentionMix.run({ w: dscores, v: k }, { T, D, C }),
      k: () => attentionTurned.run({ w: dscores, x: q }, { T, D, K }),
      v: () => attentionTurned.run({ w: weights, x: dy }, { T, D, K }),
    };
  },
});

/**
 * Causal attention of B padded sequences of T tokens; N = B T rows. Differentiable in q, k and v.
 * @param q (N, H * D)  @param k, v (N, kv heads * D)  @param mask (N), 1 for tokens, 0 for padding, which is no key
 */
export function batchAttention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor, attributes: Attributes): Tensor {
  const outputs: Tensor[] = tf.engine().runKernel("BatchAttention", { q, k, v, mask }, attributes);
  return outputs[0] as Tensor;
}
