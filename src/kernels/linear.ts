import dxDirectShader from "../../shaders/linear_dx_direct.wgsl?raw";
import dxShader from "../../shaders/linear_dx.wgsl?raw";
import directShader from "../../shaders/linear_direct.wgsl?raw";
import tiledShader from "../../shaders/linear.wgsl?raw";
import rowsShader from "../../shaders/linear_rows.wgsl?raw";
import mixtureTerm from "../../shaders/term_mixture.wgsl?raw";
import noTerm from "../../shaders/term_none.wgsl?raw";
import tileShader from "../../shaders/tile.wgsl?raw";
import { defineKernel, f32, f32x4, type Kernel, type Operand, type Sizes } from "../gpu/defineKernel.ts";
import { avoidsBarriers, type Tensor } from "../gpu/tensors.ts";
import {
  checkWeight,
  WEIGHT_FORMATS,
  weightInputs,
  weightOperands,
  weightReader,
  weightShader,
  weightUniforms,
  weightUniformValues,
  type Weight,
  type WeightFormat,
} from "./weight.ts";

/** From this many rows on the tiled product is used instead of the one by rows. */
const TILED_FROM_ROWS = 8;
/** Rows a thread of the direct product owns; the one for a single row wastes none. */
const DIRECT_ROWS = 8;

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

/** "tiled" and "rows" share work through workgroup memory; "direct" (8 rows a thread) and "single" (1) do without. */
type Shape = "tiled" | "rows" | "direct" | "single";
const isDirect = (shape: Shape): boolean => shape === "direct" || shape === "single";
const rowsOf = (shape: Shape): number => (shape === "direct" ? DIRECT_ROWS : 1);

const SHAPE_SHADERS: Readonly<Record<Shape, string>> = {
  tiled: `${tileShader}\n${tiledShader}`,
  rows: rowsShader,
  direct: `const ROWS = ${DIRECT_ROWS};\n${directShader}`,
  single: `const ROWS = 1;\n${directShader}`,
};
const forwardGrid = (shape: Shape, N: number, O: number): [number, number, number] => {
  if (shape === "tiled") return [Math.ceil(O / 64), Math.ceil(N / 32), 1];
  return shape === "rows" ? [Math.ceil(O / 8), N, 1] : [Math.ceil(O / 256), Math.ceil(N / rowsOf(shape)), 1];
};

function defineForward(format: WeightFormat, term: Term, shape: Shape): LinearKernel {
  return defineKernel<string, string>({
    name: `Linear/${format}/${term}/${shape}`,
    shader: [weightShader(format), TERM_SHADERS[term], SHAPE_SHADERS[shape]].join("\n"),
    inputs: { x: (isDirect(shape) ? f32x4 : f32)("N", "I"), ...weightOperands(format), bias: f32("O"), ...termOperands(term, "O") },
    output: f32("N", "O"),
    uniforms: { ...weightUniforms(format), ...termUniforms(term) },
    workgroup: 64,
    dispatch: ({ N = 0, O = 0 }) => forwardGrid(shape, N, O),
    check: (sizes) => check(format)(sizes) ?? (isDirect(shape) ? multipleOf4(sizes["I"]) : undefined),
    reference: (inputs, sizes) => {
      const { N = 0, I = 0, O = 0 } = sizes;
      const weight = weightReader(format, inputs, sizes);
      const { x, bias } = inputs;
      return matrix(
        N,
        O,
        (n, o) => sum(I, (i) => (x?.[n * I + i] ?? 0) * weight(o, i)) + (bias?.[o] ?? 0) + termAt(inputs, sizes, n, o, O),
      );
    },
  });
}

function defineBackward(format: WeightFormat, term: Term, shape: "tiled" | "direct"): LinearKernel {
  const direct = shape === "direct";
  return defineKernel<string, string>({
    name: `LinearDx/${format}/${term}/${shape}`,
    shader: [
      weightShader(format),
      TERM_SHADERS[term],
      ...(direct ? [`const ROWS = ${DIRECT_ROWS};`, dxDirectShader] : [tileShader, dxShader]),
    ].join("\n"),
    inputs: { dy: (direct ? f32x4 : f32)("N", "O"), ...weightOperands(format), ...termOperands(term, "I") },
    output: f32("N", "I"),
    uniforms: { ...weightUniforms(format), ...termUniforms(term) },
    workgroup: 64,
    dispatch: ({ N = 0, I = 0 }) =>
      direct ? [Math.ceil(I / 256), Math.ceil(N / DIRECT_ROWS), 1] : [Math.ceil(I / 64), Math.ceil(N / 32), 1],
    check: (sizes) => check(format)(sizes) ?? (direct ? (multipleOf4(sizes["O"]) ?? multipleOf4(sizes["I"])) : undefined),
    reference: (inputs, sizes) => {
      const { N = 0, I = 0, O = 0 } = sizes;
      const weight = weightReader(format, inputs, sizes);
      return matrix(N, I, (n, i) => sum(O, (o) => (inputs["dy"]?.[n * O + o] ?? 0) * weight(o, i)) + termAt(inputs, sizes, n, i, I));
    },
  });
}

const multipleOf4 = (size = 0): string | undefined => (size % 4 === 0 ? undefined : `${size} is no multiple of 4`);

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

const byFormat = <T>(make: (format: WeightFormat) => T): Record<WeightFormat, T> => ({
  f32: make("f32"),
  f16: make("f16"),
  int8: make("int8"),
  int4: make("int4"),
});
const byShape = (format: WeightFormat, term: Term): Record<Shape, LinearKernel> => ({
  tiled: defineForward(format, term, "tiled"),
  rows: defineForward(format, term, "rows"),
  direct: defineForward(format, term, "direct"),
  single: defineForward(format, term, "single"),
});
const forward = byFormat((format) => ({ base: byShape(format, "base"), mixture: byShape(format, "mixture") }));
const backward = byFormat((format) => ({
  base: { tiled: defineBackward(format, "base", "tiled"), direct: defineBackward(format, "base", "direct") },
  mixture: { tiled: defineBackward(format, "mixture", "tiled"), direct: defineBackward(format, "mixture", "direct") },
}));

/** Every kernel of this file, for the tests. */
export const linearKernels: readonly LinearKernel[] = WEIGHT_FORMATS.flatMap((format) =>
  [forward, backward].flatMap((kernels) => Object.values(kernels[format]).flatMap((shapes) => Object.values<LinearKernel>(shapes))),
);

function forwardShape(rows: number, columns: number): Shape {
  if (avoidsBarriers() && columns % 4 === 0) return rows === 1 ? "single" : "direct";
  return rows < TILED_FROM_ROWS ? "rows" : "tiled";
}

/** y = x wᵀ + bias (+ term). x (N, I), bias (O), result (N, O). Not differentiable: see linearLayer. */
export function linear(x: Tensor, weight: Weight, bias: Tensor, term?: LowRankTerm): Tensor {
  const kernel = forward[weight.format][term ? "mixture" : "base"][forwardShape(x.shape[0] ?? 0, weight.columns)];
  return kernel.run({ x, ...weightInputs(weight), bias, ...termInputs(term) }, { ...weightUniformValues(weight), ...termScale(term) });
}

/** dx = dy w (+ term). dy (N, O), result (N, I). */
export function linearDx(dy: Tensor, weight: Weight, term?: LowRankTerm): Tensor {
  const direct = avoidsBarriers() && weight.rows % 4 === 0 && weight.columns % 4 === 0;
  const kernel = backward[weight.format][term ? "mixture" : "base"][direct ? "direct" : "tiled"];
  return kernel.run({ dy, ...weightInputs(weight), ...termInputs(term) }, { ...weightUniformValues(weight), ...termScale(term) });
}

const termInputs = (term: LowRankTerm | undefined): Record<string, Tensor> =>
  term ? { p: term.p, gates: term.gates, basis: term.basis } : {};
const termScale = (term: LowRankTerm | undefined): Record<string, number> => (term ? { scale: term.scale } : {});
