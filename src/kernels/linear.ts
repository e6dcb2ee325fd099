import dxShader from "../../shaders/linear_dx.wgsl?raw";
import tiledShader from "../../shaders/linear.wgsl?raw";
import rowsShader from "../../shaders/linear_rows.wgsl?raw";
import mixtureTerm from "../../shaders/term_mixture.wgsl?raw";
import noTerm from "../../shaders/term_none.wgsl?raw";
import tileShader from "../../shaders/tile.wgsl?raw";
import { defineKernel, f32, type Kernel, type Operand, type Sizes } from "../gpu/defineKernel.ts";
import type { Tensor } from "../gpu/tensors.ts";
import {
  checkWeight, WEIGHT_FORMATS, weightInputs, weightOperands, weightReader, weightShader, weightUniforms, weightUniformValues,
  type Weight, type WeightFormat,
} from "./weight.ts";

/** From this many rows on the tiled product is used instead of the one by rows. */
const TILED_FROM_ROWS = 8;

/** What a mixture adds to a product: scale * gates * p * basis. */
export interface LowRankTerm {
  /** (N, R), R = experts * rank. */
  readonly p: Tensor;
  /** (B, E); zero where an expert is not picked. */
  readonly gates: Tensor;
  /** (R, columns of the output). */
  readonly basis: Tensor;
  /** alpha / rank. */
  readonly scale: number;
}

type Term = "base" | "mixture";
type LinearKernel = Kernel<string, string>;
type Host = Readonly<Record<string, Float32Array | Int32Array>>;

const TERM_SHADERS: Readonly<Record<Term, string>> = { base: noTerm, mixture: mixtureTerm };
const termOperands = (term: Term, columns: string): Record<string, Operand> =>
  term === "base" ? {} : { p: f32("N", "R"), gates: f32("B", "E"), basis: f32("R", columns) };
const termUniforms = (term: Term): Record<string, "f32"> => (term === "base" ? {} : { scale: "f32" });

const check = (format: WeightFormat) => (sizes: Sizes) => {
  const { N = 0, B = 1, R = 0, E = 1 } = sizes;
  if (N % B !== 0 || R % E !== 0) return `${N} rows in ${B} sequences, ${R} ranks in ${E} experts: not whole`;
  return checkWeight(format)(sizes);
};

function defineForward(format: WeightFormat, term: Term, shape: "tiled" | "rows"): LinearKernel {
  const parts = [weightShader(format), TERM_SHADERS[term], ...(shape === "tiled" ? [tileShader, tiledShader] : [rowsShader])];
  return defineKernel<string, string>({
    name: `Linear/${format}/${term}/${shape}`,
    shader: parts.join("\n"),
    inputs: { x: f32("N", "I"), ...weightOperands(format), bias: f32("O"), ...termOperands(term, "O") },
    output: f32("N", "O"),
    uniforms: { ...weightUniforms(format), ...termUniforms(term) },
    workgroup: 64,
    dispatch: ({ N = 0, O = 0 }) => (shape === "tiled" ? [Math.ceil(O / 64), Math.ceil(N / 32), 1] : [Math.ceil(O / 8), N, 1]),
    check: check(format),
    reference: (inputs, sizes) => {
      const { N = 0, I = 0, O = 0 } = sizes;
      const weight = weightReader(format, inputs, sizes);
      const { x, bias } = inputs;
      return matrix(N, O, (n, o) => sum(I, (i) => (x?.[n * I + i] ?? 0) * weight(o, i)) + (bias?.[o] ?? 0) + termAt(inputs, sizes, n, o, O));
    },
  });
}

function defineBackward(format: WeightFormat, term: Term): LinearKernel {
  return defineKernel<string, string>({
    name: `LinearDx/${format}/${term}`,
    shader: [weightShader(format), TERM_SHADERS[term], tileShader, dxShader].join("\n"),
    inputs: { dy: f32("N", "O"), ...weightOperands(format), ...termOperands(term, "I") },
    output: f32("N", "I"),
    uniforms: { ...weightUniforms(format), ...termUniforms(term) },
    workgroup: 64,
    dispatch: ({ N = 0, I = 0 }) => [Math.ceil(I / 64), Math.ceil(N / 32), 1],
    check: check(format),
    reference: (inputs, sizes) => {
      const { N = 0, I = 0, O = 0 } = sizes;
      const weight = weightReader(format, inputs, sizes);
      return matrix(N, I, (n, i) => sum(O, (o) => (inputs["dy"]?.[n * O + o] ?? 0) * weight(o, i)) + termAt(inputs, sizes, n, i, I));
    },
  });
}

const sum = (count: number, term: (i: number) => number): number => {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
};

const matrix = (rows: number, columns: number, at: (r: number, c: number) => number): Float32Array =>
  Float32Array.from({ length: rows * columns }, (_, k) => at(Math.floor(k / columns), k % columns));

function termAt({ p, gates, basis }: Host, sizes: Sizes, row: number, column: number, columns: number): number {
  if (!p || !gates || !basis) return 0;
  const { N = 0, B = 1, R = 0, E = 1, scale = 0 } = sizes;
  const sequence = Math.floor(row / (N / B));
  const gate = (r: number): number => gates[sequence * E + Math.floor(r / (R / E))] ?? 0;
  return scale * sum(R, (r) => gate(r) * (p[row * R + r] ?? 0) * (basis[r * columns + column] ?? 0));
}

type Variants<K extends string> = Readonly<Record<WeightFormat, Readonly<Record<K, LinearKernel>>>>;
const byFormat = <T>(make: (format: WeightFormat) => T): Record<WeightFormat, T> => ({ f32: make("f32"), int8: make("int8"), int4: make("int4") });

const forward: Variants<`${Term}/${"tiled" | "rows"}`> = byFormat((format) => ({
  "base/tiled": defineForward(format, "base", "tiled"),
  "base/rows": defineForward(format, "base", "rows"),
  "mixture/tiled": defineForward(format, "mixture", "tiled"),
  "mixture/rows": defineForward(format, "mixture", "rows"),
}));
const backward: Variants<Term> = byFormat((format) => ({ base: defineBackward(format, "base"), mixture: defineBackward(format, "mixture") }));

/** Every kernel of this file, for the tests and the start-up self-test. */
export const linearKernels: readonly LinearKernel[] = WEIGHT_FORMATS.flatMap((format) => [...Object.values(forward[format]), ...Object.values(backward[format])]);

/** y = x wᵀ + bias (+ term). x (N, I), bias (O), result (N, O). Not differentiable: see linearLayer. */
export function linear(x: Tensor, weight: Weight, bias: Tensor, term?: LowRankTerm): Tensor {
  const shape = (x.shape[0] ?? 0) < TILED_FROM_ROWS ? "rows" : "tiled";
  const kernel = forward[weight.format][`${term ? "mixture" : "base"}/${shape}`];
  return kernel.run({ x, ...weightInputs(weight), bias, ...termInputs(term) }, { ...weightUniformValues(weight), ...termScale(term) });
}

/** dx = dy w (+ term). dy (N, O), result (N, I). */
export function linearDx(dy: Tensor, weight: Weight, term?: LowRankTerm): Tensor {
  const kernel = backward[weight.format][term ? "mixture" : "base"];
  return kernel.run({ dy, ...weightInputs(weight), ...termInputs(term) }, { ...weightUniformValues(weight), ...termScale(term) });
}

const termInputs = (term: LowRankTerm | undefined): Record<string, Tensor> => (term ? { p: term.p, gates: term.gates, basis: term.basis } : {});
const termScale = (term: LowRankTerm | undefined): Record<string, number> => (term ? { scale: term.scale } : {});
