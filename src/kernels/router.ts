import dlogitsShader from "../../shaders/router_dlogits.wgsl?raw";
import shader from "../../shaders/router.wgsl?raw";
import { defineKernel, f32 } from "../gpu/defineKernel.ts";
import { tf, type Tensor } from "../gpu/tensors.ts";

/** Experts a layer may have: one lane each. */
export const MAX_EXPERTS = 64;

export const routerDlogits = defineKernel({
  name: "RouterDlogits",
  shader: dlogitsShader,
  inputs: { y: f32("B", "L", "P"), dy: f32("B", "L", "P") },
  output: f32("B", "M"),
  uniforms: { M: "i32" },
  workgroup: 64,
  dispatch: ({ M = 0, B = 0 }) => [Math.ceil(M / 64), B, 1],
  check: ({ L = 0, P = 0, M = 0 }) => (M * 3 === L * P ? undefined : `${M} logits for ${L} layers of ${P / 3} experts`),
  reference: ({ y, dy }, { B = 0, L = 0, P = 0, M = 0 }) => {
    const E = P / 3;
    const out = new Float32Array(B * M);
    for (let row = 0; row < B * L; row++) {
      const at = (part: number, e: number): number => row * P + part * E + e;
      const slope = (e: number): number => (dy[at(0, e)] ?? 0) + (y[at(2, e)] ?? 0) * (dy[at(1, e)] ?? 0);
      let mean = 0;
      for (let e = 0; e < E; e++) mean += (y[at(0, e)] ?? 0) * slope(e);
      for (let e = 0; e < E; e++) out[row * E + e] = (y[at(0, e)] ?? 0) * (slope(e) - mean);
    }
    return out;
  },
});

/** All routers in one dispatch; see the shader for the layout of the result (B, L, 3E). Differentiable in w and bias; q is detached by the method. */
export const routerKernel = defineKernel({
  name: "Router",
  shader,
  inputs: { q: f32("B", "I"), w: f32("L", "E", "I"), bias: f32("L", "E") },
  output: f32("B", "L", "P"),
  uniforms: { topK: "i32", P: "i32" },
  workgroup: 64,
  dispatch: ({ L = 0, B = 0 }) => [L, B, 1],
  check: ({ E = 0, topK = 0 }) =>
    E <= MAX_EXPERTS && topK >= 1 && topK <= E ? undefined : `top ${topK} of ${E} experts (at most ${MAX_EXPERTS})`,
  reference: ({ q, w, bias }, { B = 0, I = 0, L = 0, E = 0, P = 0, topK = 0 }) => {
    const out = new Float32Array(B * L * P);
    for (let row = 0; row < B * L; row++) {
      const layer = row % L;
      const logits = Array.from({ length: E }, (_, e) => {
        let sum = bias[layer * E + e] ?? 0;
        for (let i = 0; i < I; i++) sum += (w[(layer * E + e) * I + i] ?? 0) * (q[Math.floor(row / L) * I + i] ?? 0);
        return sum;
      });
      const highest = Math.max(...logits);
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
      logits.forEach((own, e) => {
        const better = logits.filter((logit, f) => logit > own || (logit === own && f < e)).length;
        const picked = better < topK ? 1 : 0;
        const s = Math.exp(own - highest) / total;
        out.set([s], row * P + e);
        out.set([s * picked], row * P + E + e);
        out.set([picked], row * P + 2 * E + e);
      });
    }
    return out;
  },
  gradient: {
    save: ["q", "w"],
    saveOutput: true,
    backward: (dy, { q, w, output }) => {
      const [L = 0, E = 0, I = 0] = w.shape;
      const dlogits = routerDlogits.run({ y: output, dy }, { M: L * E });
      return {
        w: () => tf.reshape(tf.matMul(dlogits, q, true, false), [L, E, I]),
        bias: () => tf.reshape(tf.sum(dlogits, 0), [L, E]),
      };
    },
  },
});

/** Router outputs of B queries over L layers. */
export interface RouterOutput {
  /** s, (B, L, E). */
  readonly probabilities: Tensor;
  /** s where picked, else 0, (B, L, E). */
  readonly gates: Tensor;
  /** 1 where picked, (B, L, E). */
  readonly picked: Tensor;
}

/** q (B, I), w (L, E, I), bias (L, E). */
export function route(q: Tensor, w: Tensor, bias: Tensor, topK: number): RouterOutput {
  const E = w.shape[1] ?? 0;
  const all = routerKernel.run({ q, w, bias }, { topK, P: 3 * E });
  const [probabilities, gates, picked] = tf.split(all, 3, 2) as [Tensor, Tensor, Tensor];
  return { probabilities, gates, picked };
}
