import floatShader from "../../shaders/weight_f32.wgsl?raw";
import int4Shader from "../../shaders/weight_int4.wgsl?raw";
import int8Shader from "../../shaders/weight_int8.wgsl?raw";
import { f32, i32, type Operand, type Sizes } from "../gpu/defineKernel.ts";
import type { Tensor } from "../gpu/tensors.ts";
import { decodeFloat16 } from "../lib/float16.ts";

/** How a weight lies in memory. Packed: weight = (q - zero) * scale, one f16 scale a group along the input. */
export type WeightFormat = "f32" | "int8" | "int4";
export const WEIGHT_FORMATS: readonly WeightFormat[] = ["f32", "int8", "int4"];

/** A linear weight or embedding (O, I) on the GPU. */
export interface Weight {
  readonly format: WeightFormat;
  readonly rows: number;
  readonly columns: number;
  /** Inputs that share a scale; 1 for f32. */
  readonly group: number;
  /** f32: values (O, I). Packed: words (O, I / weights a word) as int32. */
  readonly w: Tensor;
  /** f16 pairs as int32; absent for f32. */
  readonly scales?: Tensor;
}

/** Weights in a 32-bit word. */
export const PER_WORD: Readonly<Record<WeightFormat, number>> = { f32: 1, int8: 4, int4: 8 };
const ZERO: Readonly<Record<WeightFormat, number>> = { f32: 0, int8: 128, int4: 8 };

const SHADERS: Readonly<Record<WeightFormat, string>> = { f32: floatShader, int8: int8Shader, int4: int4Shader };
export const weightShader = (format: WeightFormat): string => SHADERS[format];

/** The operands a kernel needs for a weight; packed ones also need the uniforms I and G. */
export function weightOperands(format: WeightFormat): Record<string, Operand> {
  return format === "f32" ? { w: f32("O", "I") } : { w: i32("O", "W"), scales: i32("S") };
}

export function weightUniforms(format: WeightFormat): Record<string, "i32"> {
  return format === "f32" ? {} : { I: "i32", G: "i32" };
}

export function weightInputs(weight: Weight): Record<string, Tensor> {
  return weight.scales ? { w: weight.w, scales: weight.scales } : { w: weight.w };
}

export function weightUniformValues(weight: Weight): Record<string, number> {
  return weight.format === "f32" ? {} : { I: weight.columns, G: weight.group };
}

export function checkWeight(format: WeightFormat): (sizes: Sizes) => string | undefined {
  return ({ I = 0, G = 1, W = 0, O = 0, S = 0 }) => {
    if (format === "f32") return undefined;
    if (W * PER_WORD[format] !== I) return `${W} words a row hold ${W * PER_WORD[format]} weights, expected ${I}`;
    if (I % G !== 0 || G % PER_WORD[format] !== 0) return `groups of ${G} do not divide ${I} inputs into whole words`;
    const scaleWords = Math.ceil((O * I) / G / 2);
    return S === scaleWords ? undefined : `${S} words of scales, expected ${scaleWords}`;
  };
}

type Host = Readonly<Record<string, Float32Array | Int32Array>>;

/** The weight at (o, i) by plain arithmetic, from the arrays a kernel gets. */
export function weightReader(format: WeightFormat, inputs: Host, sizes: Sizes): (o: number, i: number) => number {
  const { I = 0, G = 1 } = sizes;
  const w = inputs["w"] ?? new Float32Array();
  if (format === "f32") return (o, i) => w[o * I + i] ?? 0;
  const scales = inputs["scales"] ?? new Int32Array();
  const perWord = PER_WORD[format];
  const bits = 32 / perWord;
  return (o, i) => {
    const at = o * I + i;
    const q = ((w[Math.floor(at / perWord)] ?? 0) >>> (bits * (at % perWord))) & (2 ** bits - 1);
    const s = Math.floor(at / G);
    const half = ((scales[s >> 1] ?? 0) >>> (16 * (s & 1))) & 0xffff;
    return (q - ZERO[format]) * decodeFloat16(half);
  };
}
