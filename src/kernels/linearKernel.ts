import { f32, type Kernel, type KernelSpec, type Operand, type Sizes } from "../gpu/defineKernel.ts";
import type { Tensor } from "../gpu/tensors.ts";
import { checkWeight, WEIGHT_FORMATS, weightReader, weightUniforms, type WeightFormat } from "./weight.ts";

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

/** A product alone, or with a mixture's low-rank term. */
export type Term = "base" | "mixture";
export type LinearKernel = Kernel<string, string>;
type Host = Readonly<Record<string, Float32Array | Int32Array>>;

/** The operands of a term; basis may be read four columns at a time. */
export const termOperands = (term: Term, columns: string, basis: (...axes: string[]) => Operand = f32): Record<string, Operand> =>
  term === "base" ? {} : { p: f32("N", "R"), gates: f32("B", "E"), basis: basis("R", columns) };

export const linearUniforms = (format: WeightFormat, term: Term): Record<string, "i32" | "f32"> => ({
  ...weightUniforms(format),
  ...(term === "base" ? {} : { scale: "f32" }),
});

/** Of a product either way, and of its term. */
export const linearFlops = ({ N = 0, I = 0, O = 0, R = 0 }: Sizes): number => 2 * N * (I * O + R * Math.max(I, O) + O);

export function checkTerm({ N = 0, B = 1, R = 0, E = 1 }: Sizes): string | undefined {
  return N % B !== 0 || R % E !== 0 ? `${N} rows in ${B} sequences, ${R} ranks in ${E} experts: not whole` : undefined;
}

export const checkLinear =
  (format: WeightFormat) =>
  (sizes: Sizes): string | undefined =>
    checkTerm(sizes) ?? checkWeight(format)(sizes);

/** Both terms of every format. */
export type Family = Readonly<Record<WeightFormat, Readonly<Record<Term, LinearKernel>>>>;

export function defineFamily(define: (format: WeightFormat, term: Term) => LinearKernel): Family {
  const both = (format: WeightFormat) => ({ base: define(format, "base"), mixture: define(format, "mixture") });
  return { f32: both("f32"), f16: both("f16"), int8: both("int8"), int4: both("int4"), int4m: both("int4m") };
}

export const familyKernels = (family: Family): LinearKernel[] => WEIGHT_FORMATS.flatMap((format) => Object.values(family[format]));

type Reference = KernelSpec<string, string>["reference"];

/** y = x wᵀ + bias + term. */
export const forwardReference =
  (format: WeightFormat): Reference =>
  (inputs, sizes) => {
    const { N = 0, I = 0, O = 0 } = sizes;
    const weight = weightReader(format, inputs, sizes);
    const { x, bias } = inputs;
    const base = (n: number, o: number): number => sum(I, (i) => (x?.[n * I + i] ?? 0) * weight(o, i)) + (bias?.[o] ?? 0);
    return matrix(N, O, (n, o) => base(n, o) + termAt(inputs, sizes, n, o, O));
  };

/** dx = dy w + term. */
export const backwardReference =
  (format: WeightFormat): Reference =>
  (inputs, sizes) => {
    const { N = 0, I = 0, O = 0 } = sizes;
    const weight = weightReader(format, inputs, sizes);
    const base = (n: number, i: number): number => sum(O, (o) => (inputs["dy"]?.[n * O + o] ?? 0) * weight(o, i));
    return matrix(N, I, (n, i) => base(n, i) + termAt(inputs, sizes, n, i, I));
  };

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
