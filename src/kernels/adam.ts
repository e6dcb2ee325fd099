import momentsShader from "../../shaders/adam_moments.wgsl?raw";
import updateShader from "../../shaders/adam_update.wgsl?raw";
import { defineKernel, f32 } from "../gpu/defineKernel.ts";

/** Moments (2, N) in place: m | v. */
export const adamMoments = defineKernel({
  name: "AdamMoments",
  shader: momentsShader,
  inputs: { g: f32("N") },
  output: f32("P", "N"),
  uniforms: { P: "i32", beta1: "f32", beta2: "f32" },
  workgroup: 64,
  dispatch: ({ N = 0 }) => [Math.ceil(N / 64), 1, 1],
  inPlace: true,
  reference: ({ g, result }, { N = 0, beta1 = 0, beta2 = 0 }) =>
    Float32Array.from(result, (old, k) =>
      k < N ? beta1 * old + (1 - beta1) * (g[k] ?? 0) : beta2 * old + (1 - beta2) * (g[k - N] ?? 0) ** 2,
    ),
});

/** Parameters (N) in place, from moments (2, N) and the corrections 1 − beta^step. */
export const adamUpdate = defineKernel({
  name: "AdamUpdate",
  shader: updateShader,
  inputs: { moments: f32("P", "N") },
  output: f32("N"),
  uniforms: { rate: "f32", epsilon: "f32", correction1: "f32", correction2: "f32" },
  workgroup: 64,
  dispatch: ({ N = 0 }) => [Math.ceil(N / 64), 1, 1],
  inPlace: true,
  reference: ({ moments, result }, { N = 0, rate = 0, epsilon = 0, correction1 = 1, correction2 = 1 }) =>
    Float32Array.from(
      result,
      (old, k) => old - (rate * (moments[k] ?? 0)) / correction1 / (Math.sqrt((moments[N + k] ?? 0) / correction2) + epsilon),
    ),
});
