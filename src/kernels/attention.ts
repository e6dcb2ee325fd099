import attendKeys from "../../shaders/attend_keys.wgsl?raw";
import shader from "../../shaders/attention.wgsl?raw";
import copyShader from "../../shaders/copy_rows.wgsl?raw";
import { defineKernel, f32 } from "../gpu/defineKernel.ts";

/** Causal attention of the rows from `start` on over a cache that holds their keys and values already. */
export const attention = defineKernel({
  name: "Attention",
  shader: `${attendKeys}\n${shader}`,
  inputs: { q: f32("N", "C"), keys: f32("S", "K"), values: f32("S", "K") },
  output: f32("N", "C"),
  uniforms: { start: "i32", D: "i32", scale: "f32" },
  workgroup: 64,
  dispatch: ({ N = 0, C = 0, D = 1 }) => [C / D, N, 1],
  // As if each row saw the keys of the last.
  flops: ({ N = 0, C = 0, D = 1, start = 0 }) => N * (start + N) * (4 * C + (12 * C) / D),
  check: ({ N = 0, S = 0, C = 0, K = 1, D = 1, start = 0 }) => {
    if (D > 256 || K % D !== 0 || C % K !== 0) return `heads of ${D} (at most 256) in ${C} and ${K} columns`;
    return start + N > S ? `rows up to ${start + N} in a cache of ${S}` : undefined;
  },
  reference: ({ q, keys, values }, { N = 0, C = 0, K = 1, D = 1, start = 0, scale = 1 }) => {
    const out = new Float32Array(N * C);
    for (let n = 0; n < N; n++) {
      for (let head = 0; head < C / D; head++) {
        const kv = Math.floor(head / (C / K)) * D;
        const scores = Array.from({ length: start + n + 1 }, (_, s) => {
          let dotted = 0;
          for (let d = 0; d < D; d++) dotted += (q[n * C + head * D + d] ?? 0) * (keys[s * K + kv + d] ?? 0);
          return dotted * scale;
        });
        const highest = Math.max(...scores);
        const weights = scores.map((score) => Math.exp(score - highest));
        const total = weights.reduce((a, b) => a + b, 0);
        weights.forEach((weight, s) => {
          for (let d = 0; d < D; d++) out[n * C + head * D + d]! += (weight / total) * (values[s * K + kv + d] ?? 0);
        });
      }
    }
    return out;
  },
});

/** Writes x (N, C) into the rows from `start` on of a target (S, C); use runInto. */
export const copyRows = defineKernel({
  name: "CopyRows",
  shader: copyShader,
  inputs: { x: f32("N", "C") },
  output: f32("S", "C"),
  uniforms: { S: "i32", start: "i32" },
  workgroup: 64,
  dispatch: ({ C = 0, N = 0 }) => [Math.ceil(C / 64), N, 1],
  flops: ({ C = 0, N = 0 }) => N * C,
  check: ({ N = 0, S = 0, start = 0 }) => (start + N > S ? `rows up to ${start + N} in a target of ${S}` : undefined),
  inPlace: true,
  reference: ({ x, result }, { C = 0, start = 0 }) => {
    const out = Float32Array.from(result);
    out.set(x, start * C);
    return out;
  },
});
