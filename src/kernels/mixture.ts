import gateShader from "../../shaders/gate_gradient.wgsl?raw";
import outerDirectShader from "../../shaders/mixture_outer_direct.wgsl?raw";
import outerShader from "../../shaders/mixture_outer.wgsl?raw";
import { defineKernel, f32, f32x4, type Kernel, type KernelSpec } from "../gpu/defineKernel.ts";
import { avoidsBarriers } from "../gpu/tensors.ts";
import { chooseKernel } from "./chooseKernel.ts";
import { withRows } from "./linearDirect.ts";

const whole = ({ N = 0, B = 1, R = 0, E = 1 }): string | undefined =>
  N % B === 0 && R % E === 0 ? undefined : `${N} rows in ${B} sequences, ${R} ranks in ${E} experts: not whole`;

const outerReference: KernelSpec<"p" | "gates" | "x", "scale">["reference"] = (
  { p, gates, x },
  { N = 0, B = 1, R = 0, E = 1, I = 0, scale = 0 },
) => {
  const out = new Float32Array(R * I);
  for (let n = 0; n < N; n++) {
    for (let r = 0; r < R; r++) {
      const gate = gates[Math.floor(n / (N / B)) * E + Math.floor(r / (R / E))] ?? 0;
      for (let i = 0; i < I; i++) out[r * I + i]! += scale * gate * (p[n * R + r] ?? 0) * (x[n * I + i] ?? 0);
    }
  }
  return out;
};

const outerFlops = ({ N = 0, R = 0, I = 0 }): number => 3 * N * R * I;

const outer = defineKernel({
  name: "MixtureOuter",
  shader: outerShader,
  inputs: { p: f32("N", "R"), gates: f32("B", "E"), x: f32("N", "I") },
  output: f32("R", "I"),
  uniforms: { scale: "f32" },
  workgroup: 64,
  dispatch: ({ I = 0, R = 0, E = 1 }) => [Math.ceil(I / 64), E * Math.ceil(R / E / 4), 1],
  flops: outerFlops,
  check: whole,
  reference: outerReference,
});

const outerDirect = defineKernel({
  name: "MixtureOuter/direct",
  ...withRows(outerDirectShader),
  inputs: { p: f32("N", "R"), gates: f32("B", "E"), x: f32x4("N", "I") },
  output: f32x4("R", "I"),
  uniforms: { scale: "f32" },
  workgroup: 32,
  dispatch: ({ I = 0, R = 0, E = 1 }) => [Math.ceil(I / 128), E * Math.ceil(R / E / 8), 1],
  flops: outerFlops,
  check: (sizes) => whole(sizes) ?? ((sizes["I"] ?? 0) % 4 === 0 ? undefined : `${sizes["I"]} inputs are no multiple of 4`),
  reference: outerReference,
});

export const outerKernels: readonly Kernel<"p" | "gates" | "x", "scale">[] = [outer, outerDirect];

/** Gradient of A (p = U, x) and of B (p = P, x = dy), both with the long side last: (R, I). */
export const mixtureOuter: Kernel<"p" | "gates" | "x", "scale"> = chooseKernel(outer, ({ x }) =>
  avoidsBarriers() && (x.shape[1] ?? 0) % 4 === 0 ? outerDirect : outer,
);

/** Gradient of the gates: (B, E). */
export const gateGradient = defineKernel({
  name: "GateGradient",
  shader: gateShader,
  inputs: { p: f32("N", "R"), u: f32("N", "R") },
  output: f32("B", "E"),
  uniforms: { B: "i32", E: "i32", scale: "f32" },
  workgroup: 64,
  dispatch: ({ B = 0, E = 0 }) => [E, B, 1],
  flops: ({ N = 0, R = 0 }) => 2 * N * R,
  check: whole,
  reference: ({ p, u }, { N = 0, B = 1, R = 0, E = 1, scale = 0 }) => {
    const out = new Float32Array(B * E);
    for (let n = 0; n < N; n++) {
      for (let r = 0; r < R; r++)
        out[Math.floor(n / (N / B)) * E + Math.floor(r / (R / E))]! += scale * (p[n * R + r] ?? 0) * (u[n * R + r] ?? 0);
    }
    return out;
  },
});
