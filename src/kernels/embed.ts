import embedShader from "../../shaders/embed.wgsl?raw";
import { defineKernel, f32, i32, type Kernel } from "../gpu/defineKernel.ts";
import { emptyTensor, type Tensor } from "../gpu/tensors.ts";
import { piecesOf, type Matrix } from "./splitWeight.ts";
import {
  checkWeight,
  WEIGHT_FORMATS,
  weightInputs,
  weightOperands,
  weightReader,
  weightShader,
  weightUniforms,
  weightUniformValues,
  type WeightFormat,
} from "./weight.ts";

const define = (format: WeightFormat): Kernel<string, string> =>
  defineKernel<string, string>({
    name: `Embed/${format}`,
    shader: `${weightShader(format)}\n${embedShader}`,
    inputs: { ids: i32("N"), ...weightOperands(format) },
    output: f32("N", "I"),
    uniforms: { ...weightUniforms(format), first: "i32" },
    workgroup: 64,
    dispatch: ({ I = 0, N = 0 }) => [Math.ceil(I / 64), N, 1],
    flops: ({ I = 0, N = 0 }) => 2 * N * I,
    check: checkWeight(format),
    inPlace: true,
    reference: (inputs, sizes) => {
      const { I = 0, O = 0, first = 0 } = sizes;
      const weight = weightReader(format, inputs, sizes);
      return Float32Array.from(inputs["result"] ?? [], (former, k) => {
        const row = (inputs["ids"]?.[Math.floor(k / I)] ?? 0) - first;
        return row < 0 || row >= O ? former : weight(row, k % I);
      });
    },
  });

const kernels: Readonly<Record<WeightFormat, Kernel<string, string>>> = {
  f32: define("f32"),
  f16: define("f16"),
  int8: define("int8"),
  int4: define("int4"),
  int4m: define("int4m"),
};
export const embedKernels: readonly Kernel<string, string>[] = WEIGHT_FORMATS.map((format) => kernels[format]);

/** Rows of a table: ids (N) int32 below its rows, result (N, I). */
export function embed(ids: Tensor, table: Matrix): Tensor {
  const result = emptyTensor([ids.size, table.columns], "float32");
  for (const { weight, first } of piecesOf(table)) {
    kernels[weight.format].runInto(result, { ids, ...weightInputs(weight) }, { ...weightUniformValues(weight), first });
  }
  return result;
}
