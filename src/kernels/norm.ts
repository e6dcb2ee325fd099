import dxShader from "../../shaders/norm_dx.wgsl?raw";
import shader from "../../shaders/norm.wgsl?raw";
import { defineKernel, f32, type Sizes } from "../gpu/defineKernel.ts";
import { withRowSum } from "./rowSum.ts";

const uniforms = { eps: "f32", centred: "i32" } as const;

/** Mean (0 unless centred) and 1 / sqrt(variance + eps) of row n. */
function moments(x: ArrayLike<number>, n: number, { C = 0, eps = 0, centred = 0 }: Sizes): { mean: number; inverse: number } {
  let mean = 0;
  for (let c = 0; c < C; c++) mean += (centred * (x[n * C + c] ?? 0)) / C;
  let variance = 0;
  for (let c = 0; c < C; c++) variance += ((x[n * C + c] ?? 0) - mean) ** 2 / C;
  return { mean, inverse: 1 / Math.sqrt(variance + eps) };
}

export const normDx = defineKernel({
  name: "NormDx",
  ...withRowSum(dxShader),
  inputs: { x: f32("N", "C"), weight: f32("C"), dy: f32("N", "C") },
  output: f32("N", "C"),
  uniforms,
  workgroup: 64,
  dispatch: ({ N = 0 }) => [N, 1, 1],
  flops: ({ N = 0, C = 0 }) => 16 * N * C,
  reference: ({ x, weight, dy }, sizes) => {
    const { N = 0, C = 0, centred = 0 } = sizes;
    const out = new Float32Array(N * C);
    for (let n = 0; n < N; n++) {
      const { mean, inverse } = moments(x, n, sizes);
      const g = (c: number): number => (dy[n * C + c] ?? 0) * (weight[c] ?? 0);
      const h = (c: number): number => ((x[n * C + c] ?? 0) - mean) * inverse;
      let meanGradient = 0;
      let meanAlong = 0;
      for (let c = 0; c < C; c++) {
        meanGradient += (centred * g(c)) / C;
        meanAlong += (g(c) * h(c)) / C;
      }
      for (let c = 0; c < C; c++) out[n * C + c] = inverse * (g(c) - meanGradient - h(c) * meanAlong);
    }
    return out;
  },
});

/** Layer norm (centred 1) or RMS norm (centred 0) of each row. Differentiable in x; weight and bias are constants. */
export const norm = defineKernel({
  name: "Norm",
  ...withRowSum(shader),
  inputs: { x: f32("N", "C"), weight: f32("C"), bias: f32("C") },
  output: f32("N", "C"),
  uniforms,
  workgroup: 64,
  dispatch: ({ N = 0 }) => [N, 1, 1],
  flops: ({ N = 0, C = 0 }) => 16 * N * C,
  reference: ({ x, weight, bias }, sizes) => {
    const { N = 0, C = 0 } = sizes;
    const out = new Float32Array(N * C);
    for (let n = 0; n < N; n++) {
      const { mean, inverse } = moments(x, n, sizes);
      for (let c = 0; c < C; c++) out[n * C + c] = ((x[n * C + c] ?? 0) - mean) * inverse * (weight[c] ?? 0) + (bias[c] ?? 0);
    }
    return out;
  },
  gradient: {
    save: ["x", "weight"],
    backward: (dy, { x, weight }, values) => ({ x: () => normDx.run({ x, weight, dy }, values) }),
  },
});
