import activationFunctions from "../../shaders/activation_functions.wgsl?raw";
import anyShader from "../../shaders/decode_any.wgsl?raw";
import directShader from "../../shaders/decode_direct.wgsl?raw";
import eightProducts from "../../shaders/eight_products.wgsl?raw";
import epilogueShader from "../../shaders/decode_epilogue.wgsl?raw";
import noExperts from "../../shaders/experts_none.wgsl?raw";
import noTerm from "../../shaders/decode_term_none.wgsl?raw";
import pickedTerm from "../../shaders/decode_term.wgsl?raw";
import rowProducts from "../../shaders/row_products.wgsl?raw";
import rowsShader from "../../shaders/decode_rows.wgsl?raw";
import { defineKernel, f32, f32x4, i32, type KernelSpec, type Operand, type Sizes } from "../gpu/defineKernel.ts";
import { avoidsBarriers, type Tensor } from "../gpu/tensors.ts";
import { activationValue } from "./activation.ts";
import { withRows } from "./linearDirect.ts";
import { chooseKernel } from "./chooseKernel.ts";
import { defineFamily, familyKernels, type LinearKernel, type Term } from "./linearKernel.ts";
import { withEightSums } from "./rowSum.ts";
import { wholeExperts } from "./shrinkPicked.ts";
export { shrinkPicked } from "./shrinkPicked.ts";
import {
  checkOctets,
  checkWeight,
  octetOperands,
  octetShader,
  weightOperands,
  weightReader,
  weightShader,
  weightUniforms,
  type WeightFormat,
} from "./weight.ts";

/** What a decoding product does with its sum: nothing, other + Wx, f(Wx), f(other) * Wx. The uniform `epilogue` is the place in this list. */
export const EPILOGUES = ["none", "add", "activation", "gated"] as const;

/** "rows" shares work through workgroup memory, "direct" does without, "any" takes sizes that neither does. */
type Shape = "rows" | "direct" | "any";
type Host = Readonly<Record<string, Float32Array | Int32Array>>;

const TERM_SHADERS: Readonly<Record<Term, string>> = { base: noTerm, mixture: pickedTerm };
const termOperands = (term: Term): Record<string, Operand> =>
  term === "base" ? {} : { p: f32("M"), picked: i32("K"), gates: f32("K"), b: f32("R", "O") };
const termUniforms = (term: Term): Record<string, "f32"> => (term === "base" ? {} : { scale: "f32" });

function define(format: WeightFormat, term: Term, shape: Shape): LinearKernel {
  const any = shape === "any";
  const common = [any ? weightShader(format) : octetShader(format), TERM_SHADERS[term], activationFunctions, epilogueShader];
  const shaders = {
    rows: () => withEightSums(...common, eightProducts, rowsShader),
    direct: () => withRows(...common, noExperts, rowProducts, directShader),
    any: () => ({ shader: [...common, anyShader].join("\n") }),
  };
  const outputs = { rows: 8, direct: 128, any: 64 }[shape];
  return defineKernel<string, string>({
    name: `DecodeLinear/${format}/${term}/${shape}`,
    ...shaders[shape](),
    inputs: {
      x: (any ? f32 : f32x4)("I"),
      ...(any ? weightOperands : octetOperands)(format),
      bias: f32("O"),
      other: f32("O"),
      ...termOperands(term),
    },
    output: f32("O"),
    uniforms: { ...weightUniforms(format), epilogue: "i32", kind: "i32", ...termUniforms(term) },
    workgroup: { rows: 128, direct: 32, any: 64 }[shape],
    dispatch: ({ O = 0 }) => [Math.ceil(O / outputs), 1, 1],
    flops: ({ I = 0, O = 0, M = 0 }) => 2 * O * (I + M) + 40 * O,
    check: (sizes) => checkShape(format, shape)(sizes) ?? (term === "mixture" ? wholeExperts(sizes) : undefined),
    reference: reference(format),
  });
}

const checkShape = (format: WeightFormat, shape: Shape): ((sizes: Sizes) => string | undefined) =>
  shape === "any" ? checkWeight(format) : checkOctets(format, shape === "direct" ? 2 : 1);

const reference =
  (format: WeightFormat): KernelSpec<string, string>["reference"] =>
  (inputs, sizes) => {
    const { I = 0, O = 0 } = sizes;
    const weight = weightReader(format, inputs, sizes);
    return Float32Array.from({ length: O }, (_, o) => {
      let sum = (inputs["bias"]?.[o] ?? 0) + termAt(inputs, sizes, o);
      for (let i = 0; i < I; i++) sum += (inputs["x"]?.[i] ?? 0) * weight(o, i);
      return finish(sizes, inputs["other"]?.[o] ?? 0, sum);
    });
  };

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

const byShape = {
  rows: defineFamily((format, term) => define(format, term, "rows")),
  direct: defineFamily((format, term) => define(format, term, "direct")),
  any: defineFamily((format, term) => define(format, term, "any")),
};

/** Every product of this file, for the tests. */
export const decodeKernels: readonly LinearKernel[] = Object.values(byShape).flatMap(familyKernels);

/** The first that takes these sizes. */
function chooseShape({ x }: Readonly<Record<string, Tensor>>, { G = 16 }: Sizes): Shape {
  const fits = (unit: number): boolean => (x?.size ?? 0) % unit === 0 && G % unit === 0;
  if (avoidsBarriers() && fits(16)) return "direct";
  return fits(8) ? "rows" : "any";
}

/**
 * One row through a linear layer: y (O) = epilogue(x (I) wᵀ + bias + scale * sum of the picked experts' gates * p * b). Inputs, besides
 * the weight's: x, bias, other (any (O) where the epilogue has no use for it); with a mixture p (M) ungated, picked and gates (K), b
 * (R, O). Uniforms, besides the weight's: epilogue (a place in EPILOGUES), kind (the activation's number); with a mixture scale.
 */
export function decodeLinear(format: WeightFormat, term: Term): LinearKernel {
  return chooseKernel(byShape.rows[format][term], (inputs, uniforms) => byShape[chooseShape(inputs, uniforms)][format][term]);
}
