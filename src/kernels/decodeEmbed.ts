import shader from "../../shaders/decode_embed.wgsl?raw";
import { defineKernel, f32, i32, type Kernel } from "../gpu/defineKernel.ts";
import { checkWeight, WEIGHT_FORMATS, weightOperands, weightReader, weightShader, weightUniforms, type WeightFormat } from "./weight.ts";

const define = (format: WeightFormat): Kernel<string, string> =>
  defineKernel<string, string>({
    name: `DecodeEmbed/${format}`,
    shader: `${weightShader(format)}\n${shader}`,
    inputs: { state: i32("M"), ...weightOperands(format), other: f32("I") },
    output: f32("I"),
    uniforms: { ...weightUniforms(format), which: "i32", first: "i32" },
    workgroup: 64,
    dispatch: ({ I = 0 }) => [Math.ceil(I / 64), 1, 1],
    flops: ({ I = 0 }) => 2 * I,
    check: (sizes) =>
      (sizes["which"] ?? 0) < (sizes["M"] ?? 0) ? checkWeight(format)(sizes) : `element ${sizes["which"]} of a state of ${sizes["M"]}`,
    inPlace: true,
    reference: (inputs, sizes) => {
      const { I = 0, O = 0, which = 0, first = 0 } = sizes;
      const weight = weightReader(format, inputs, sizes);
      const row = (inputs["state"]?.[which] ?? 0) - first;
      if (row < 0 || row >= O) return Float32Array.from(inputs["result"] ?? []);
      return Float32Array.from({ length: I }, (_, i) => weight(row, i) + (inputs["other"]?.[i] ?? 0));
    },
  });

const kernels = new Map(WEIGHT_FORMATS.map((format) => [format, define(format)]));
export const decodeEmbedKernels: readonly Kernel<string, string>[] = [...kernels.values()];

/** Row of a table, whose first is number `first`, at one element of the decoding state, plus another vector. Other rows leave the target alone. */
export function decodeEmbed(format: WeightFormat): Kernel<string, string> {
  const kernel = kernels.get(format);
  if (!kernel) throw new Error(`No decode embedding for ${format}`);
  return kernel;
}
