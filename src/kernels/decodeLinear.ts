import activationFunctions from "../../shaders/activation_functions.wgsl?raw";
import directShader from "../../shaders/decode_direct.wgsl?raw";
import epilogueShader from "../../shaders/decode_epilogue.wgsl?raw";
import noTerm from "../../shaders/decode_term_none.wgsl?raw";
import pickedTerm from "../../shaders/decode_term.wgsl?raw";
import shrinkDirectShader from "../../shaders/shrink_picked_direct.wgsl?raw";
import { defineKernel, f32, f32x4, i32, type Kernel, type Operand, type Sizes } from "../gpu/defineKernel.ts";
import { activationValue } from "./activation.ts";
import { checkWeight, WEIGHT_FORMATS, weightOperands, weightReader, weightShader, weightUniforms, type WeightFormat } from "./weight.ts";

/** What a decoding product does with its sum: nothing, other + Wx, f(Wx), f(other) * Wx. The uniform `epilogue` is the place in this list. */
export const EPILOGUES = ["none", "add", "activation", "gated"] as const;

type Term = "base" | "mixture";
type Host = Readonly<Record<string, Float32Array | Int32Array>>;

const TERM_SHADERS: Readonly<Record<Term, string>> = { base: noTerm, mixture: pickedTerm };
const termOperands = (term: Term): Record<string, Operand> =>
  term === "base" ? {} : { p: f32("M"), picked: i32("K"), gates: f32("K"), b: f32("R", "O") };
const termUniforms = (term: Term): Record<string, "f32"> => (term === "base" ? {} : { scale: "f32" });

const wholeExperts = ({ M = 0, K = 1, R = 0 }: Sizes): string | undefined =>
  K > 0 && M % K === 0 && R % (M / K) === 0 ? undefined : `${M} picked ranks of ${K} experts, ${R} ranks in all: not whole`;

const check =
  (format: WeightFormat, term: Term) =>
  (sizes: Sizes): string | undefined => {
    const { I = 0 } = sizes;
    if (I % 4 !== 0) return `${I} inputs are no multiple of 4`;
    return checkWeight(format)(sizes) ?? (term === "mixture" ? wholeExperts(sizes) : undefined);
  };

function define(format: WeightFormat, term: Term): Kernel<string, string> {
  return defineKernel<string, string>({
    name: `DecodeLinear/${format}/${term}/direct`,
    shader: [weightShader(format), TERM_SHADERS[term], activationFunctions, epilogueShader, directShader].join("\n"),
    inputs: { x: f32x4("I"), ...weightOperands(format), bias: f32("O"), other: f32("O"), ...termOperands(term) },
    output: f32("O"),
    uniforms: { ...weightUniforms(format), epilogue: "i32", kind: "i32", ...termUniforms(term) },
    workgroup: 64,
    dispatch: ({ O = 0 }) => [Math.ceil(O / 256), 1, 1],
    check: check(format, term),
    reference: (inputs, sizes) => {
      const { I = 0, O = 0 } = sizes;
      const weight = weightReader(format, inputs, sizes);
      return Float32Array.from({ length: O }, (_, o) => {
        let sum = (inputs["bias"]?.[o] ?? 0) + termAt(inputs, sizes, o);
        for (let i = 0; i < I; i++) sum += (inputs["x"]?.[i] ?? 0) * weight(o, i);
        return finish(sizes, inputs["other"]?.[o] ?? 0, sum);
      });
    },
  });
}

function termAt({ p, picked, gates, b }: Host, { M = 0, K = 1, O = 0, scale = 0 }: Sizes, o: number): number {
  if (!p || !picked || !gates || !b) return 0;
  const rank = M / K;
  let total = 0;
  for (let m = 0; m < M; m++) {
    const k = Math.floor(m / rank);
    total += (gates[k] ?? 0) * (p[m] ?? 0) * (b[((picked[k] ?? 0) * rank + (m % rank)) * O + o] ?? 0);
  }
  return scale * total;
}

function finish({ epilogue = 0, kind = 0 }: Sizes, other: number, value: number): number {
  const f = activationValue(kind);
  return { none: value, add: other + value, activation: f(value), gated: f(other) * value }[EPILOGUES[epilogue] ?? "none"];
}

const byTerm = (format: WeightFormat) => ({ base: define(format, "base"), mixture: define(format, "mixture") });
const kernels: ReadonlyMap<WeightFormat, Record<Term, Kernel<string, string>>> = new Map(
  WEIGHT_FORMATS.map((format) => [format, byTerm(format)]),
);

/** P of the picked experts alone, (M) with M = K * rank, ungated. */
export const shrinkPicked = defineKernel({
  name: "ShrinkPicked",
  shader: shrinkDirectShader,
  inputs: { x: f32("I"), a: f32("R", "I"), picked: i32("K") },
  output: f32("M"),
  uniforms: { M: "i32" },
  workgroup: 64,
  dispatch: ({ M = 0 }) => [Math.ceil(M / 64), 1, 1],
  check: wholeExperts,
  reference: ({ x, a, picked }, { M = 0, K = 1, I = 0 }) =>
    Float32Array.from({ length: M }, (_, m) => {
      const row = (picked[Math.floor(m / (M / K))] ?? 0) * (M / K) + (m % (M / K));
      let sum = 0;
      for (let i = 0; i < I; i++) sum += (x[i] ?? 0) * (a[row * I + i] ?? 0);
      return sum;
    }),
});

/** Every product of this file, for the tests. */
export const decodeKernels: readonly Kernel<string, string>[] = [...kernels.values()].flatMap((terms) => Object.values(terms));

/**
 * One row through a linear layer: y (O) = epilogue(x (I) wᵀ + bias + scale * sum of the picked experts' gates * p * b). Inputs, besides
 * the weight's: x, bias, other (any (O) where the epilogue has no use for it); with a mixture p (M) ungated, picked and gates (K), b
 * (R, O). Uniforms, besides the weight's: epilogue (a place in EPILOGUES), kind (the activation's number); with a mixture scale.
 */
export function decodeLinear(format: WeightFormat, term: Term): Kernel<string, string> {
  return (kernels.get(format) as Record<Term, Kernel<string, string>>)[term];
}
