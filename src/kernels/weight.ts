import halfShader from "../../shaders/weight_f16.wgsl?raw";
import floatShader from "../../shaders/weight_f32.wgsl?raw";
import int4Shader from "../../shaders/weight_int4.wgsl?raw";
import int4mShader from "../../shaders/weight_int4m.wgsl?raw";
import int8Shader from "../../shaders/weight_int8.wgsl?raw";
import octetFloat from "../../shaders/octet_f32.wgsl?raw";
import octetHalf from "../../shaders/octet_f16.wgsl?raw";
import octetInt4 from "../../shaders/octet_int4.wgsl?raw";
import octetInt4m from "../../shaders/octet_int4m.wgsl?raw";
import octetInt8 from "../../shaders/octet_int8.wgsl?raw";
import { f32, f32x4, i32, i32x4, type Operand, type Sizes } from "../gpu/defineKernel.ts";
import type { Tensor } from "../gpu/tensors.ts";
import { decodeFloat16 } from "../lib/float16.ts";

/** weight = (q - zero) * scale (int8, int4), or q * scale + minimum (int4m); f16 factors a group along the input. */
export type PackedFormat = "int8" | "int4" | "int4m";
/** How a weight lies in memory. */
export type WeightFormat = "f32" | "f16" | PackedFormat;
export const WEIGHT_FORMATS: readonly WeightFormat[] = ["f32", "f16", "int8", "int4", "int4m"];
export const isPacked = (format: WeightFormat): format is PackedFormat => format !== "f32" && format !== "f16";

/** A linear weight or embedding (O, I) on the GPU. */
export interface Weight {
  readonly format: WeightFormat;
  readonly rows: number;
  readonly columns: number;
  /** Inputs that share a scale; 1 for f32 and f16. */
  readonly group: number;
  /** f32: values (O, I). Others: words (O, I / weights a word) as int32. */
  readonly w: Tensor;
  /** As int32; packed weights alone have them. f16 pairs; of int4m a word a group, the scale below the minimum. */
  readonly scales?: Tensor;
}

/** Weights in a 32-bit word. */
export const PER_WORD: Readonly<Record<WeightFormat, number>> = { f32: 1, f16: 2, int8: 4, int4: 8, int4m: 8 };
const ZERO = { int8: 128, int4: 8 } as const;

/** 32-bit words that hold the scales of so many groups. */
export const scaleWords = (format: PackedFormat, groups: number): number => (format === "int4m" ? groups : Math.ceil(groups / 2));

const SHADERS: Readonly<Record<WeightFormat, string>> = {
  f32: floatShader,
  f16: halfShader,
  int8: int8Shader,
  int4: int4Shader,
  int4m: int4mShader,
};
export const weightShader = (format: WeightFormat): string => SHADERS[format];

/** The operands a kernel needs for a weight; all but f32 also need the uniform I, packed ones G. */
export function weightOperands(format: WeightFormat): Record<string, Operand> {
  if (format === "f32") return { w: f32("O", "I") };
  return { w: i32("O", "W"), ...(isPacked(format) ? { scales: i32("S") } : {}) };
}

export function weightUniforms(format: WeightFormat): Record<string, "i32"> {
  if (format === "f32") return {};
  return { I: "i32", ...(isPacked(format) ? { G: "i32" } : {}) };
}

const OCTETS: Readonly<Record<WeightFormat, string>> = {
  f32: octetFloat,
  f16: octetHalf,
  int8: octetInt8,
  int4: octetInt4,
  int4m: octetInt4m,
};
/** Access to eight weights along the input at once; with `octetOperands`, and the same uniforms and inputs. */
export const octetShader = (format: WeightFormat): string => OCTETS[format];

export function octetOperands(format: WeightFormat): Record<string, Operand> {
  const int4 = i32("O", "W");
  const words = { f32: f32x4("O", "I"), f16: i32x4("O", "W"), int8: { ...int4, components: 2 }, int4, int4m: int4 } as const;
  return { ...weightOperands(format), w: words[format] };
}

/** Why octets do not fit, in a sentence: rows and groups must be whole ones. */
export function checkOctets(format: WeightFormat, octets = 1): (sizes: Sizes) => string | undefined {
  return (sizes) => {
    const { I = 0, G = 8 * octets } = sizes;
    if (I % (8 * octets) !== 0 || G % (8 * octets) !== 0) return `${I} inputs in groups of ${G}: not whole octets by ${octets}`;
    return checkWeight(format)(sizes);
  };
}

export const fitsOctets = ({ columns, format, group }: Weight, octets = 1): boolean =>
  columns % (8 * octets) === 0 && (!isPacked(format) || group % (8 * octets) === 0);

export function weightInputs(weight: Weight): Record<string, Tensor> {
  return weight.scales ? { w: weight.w, scales: weight.scales } : { w: weight.w };
}

export function weightUniformValues(weight: Weight): Record<string, number> {
  if (weight.format === "f32") return {};
  return { I: weight.columns, ...(isPacked(weight.format) ? { G: weight.group } : {}) };
}

export function checkWeight(format: WeightFormat): (sizes: Sizes) => string | undefined {
  return ({ I = 0, G = 1, W = 0, O = 0, S = 0 }) => {
    if (format === "f32") return undefined;
    if (W * PER_WORD[format] !== I) return `${W} words a row hold ${W * PER_WORD[format]} weights, expected ${I}`;
    if (!isPacked(format)) return undefined;
    if (I % G !== 0 || G % PER_WORD[format] !== 0) return `groups of ${G} do not divide ${I} inputs into whole words`;
    const expected = scaleWords(format, (O * I) / G);
    return S === expected ? undefined : `${S} words of scales, expected ${expected}`;
  };
}

type Host = Readonly<Record<string, Float32Array | Int32Array>>;

/** The weight at (o, i) by plain arithmetic, from the arrays a kernel gets. */
export function weightReader(format: WeightFormat, inputs: Host, sizes: Sizes): (o: number, i: number) => number {
  const { I = 0, G = 1 } = sizes;
  const w = inputs["w"] ?? new Float32Array();
  if (format === "f32") return (o, i) => w[o * I + i] ?? 0;
  const half = (words: Host[string], at: number): number => decodeFloat16(((words[at >> 1] ?? 0) >>> (16 * (at & 1))) & 0xffff);
  if (format === "f16") return (o, i) => half(w, o * I + i);
  const scales = inputs["scales"] ?? new Int32Array();
  const perWord = PER_WORD[format];
  const bits = 32 / perWord;
  return (o, i) => {
    const at = o * I + i;
    const q = ((w[Math.floor(at / perWord)] ?? 0) >>> (bits * (at % perWord))) & (2 ** bits - 1);
    const group = Math.floor(at / G);
    return format === "int4m" ? q * half(scales, 2 * group) + half(scales, 2 * group + 1) : (q - ZERO[format]) * half(scales, group);
  };
}
