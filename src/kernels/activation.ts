import dxShader from "../../shaders/activation_dx.wgsl?raw";
import functions from "../../shaders/activation_functions.wgsl?raw";
import shader from "../../shaders/activation.wgsl?raw";
import { defineKernel, f32 } from "../gpu/defineKernel.ts";
import type { Tensor } from "../gpu/tensors.ts";

/** The activations by the number the shader knows them by. */
export const ACTIVATIONS = ["gelu_new", "gelu", "relu", "silu"] as const;
export type ActivationName = (typeof ACTIVATIONS)[number];

const K = Math.sqrt(2 / Math.PI);

// Abramowitz and Stegun 7.1.26, absolute error below 1.5e-7; the exact value would need a series.
function erf(v: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(v));
  const poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(v) * (1 - poly * Math.exp(-v * v));
}

const VALUES: readonly ((v: number) => number)[] = [
  (v) => 0.5 * v * (1 + Math.tanh(K * (v + 0.044715 * v ** 3))),
  (v) => 0.5 * v * (1 + erf(v * Math.SQRT1_2)),
  (v) => Math.max(v, 0),
  (v) => v / (1 + Math.exp(-v)),
];
const SLOPES: readonly ((v: number) => number)[] = [
  (v) => {
    const t = Math.tanh(K * (v + 0.044715 * v ** 3));
    return 0.5 * (1 + t) + 0.5 * v * (1 - t * t) * K * (1 + 3 * 0.044715 * v * v);
  },
  (v) => 0.5 * (1 + erf(v * Math.SQRT1_2)) + (v * Math.exp(-0.5 * v * v)) / Math.sqrt(2 * Math.PI),
  (v) => (v > 0 ? 1 : 0),
  (v) => {
    const s = 1 / (1 + Math.exp(-v));
    return s * (1 + v * (1 - s));
  },
];
const pick = (table: readonly ((v: number) => number)[], kind: number | undefined): ((v: number) => number) => table[kind ?? 0] ?? Math.abs;

/** f by its number, on the CPU. */
export const activationValue = (kind: number): ((v: number) => number) => pick(VALUES, kind);

export const activationDx = defineKernel({
  name: "ActivationDx",
  shader: `${functions}\n${dxShader}`,
  inputs: { x: f32("N", "C"), dy: f32("N", "C") },
  output: f32("N", "C"),
  uniforms: { kind: "i32" },
  workgroup: 64,
  dispatch: ({ C = 0, N = 0 }) => [Math.ceil(C / 64), N, 1],
  flops: ({ C = 0, N = 0 }) => 40 * N * C,
  reference: ({ x, dy }, { kind }) => Float32Array.from(x, (v, k) => (dy[k] ?? 0) * pick(SLOPES, kind)(v)),
});

export const activationKernel = defineKernel({
  name: "Activation",
  shader: `${functions}\n${shader}`,
  inputs: { x: f32("N", "C") },
  output: f32("N", "C"),
  uniforms: { kind: "i32" },
  workgroup: 64,
  dispatch: ({ C = 0, N = 0 }) => [Math.ceil(C / 64), N, 1],
  flops: ({ C = 0, N = 0 }) => 40 * N * C,
  reference: ({ x }, { kind }) => Float32Array.from(x, (v) => pick(VALUES, kind)(v)),
  gradient: { save: ["x"], backward: (dy, { x }, values) => ({ x: () => activationDx.run({ x, dy }, values) }) },
});

/** f(x) for each element of x (N, C); differentiable. */
export const activation = (x: Tensor, name: ActivationName): Tensor => activationKernel.run({ x }, { kind: ACTIVATIONS.indexOf(name) });
