import mixtureTerm from "../../shaders/term_mixture.wgsl?raw";
import noTerm from "../../shaders/term_none.wgsl?raw";
import rowsShader from "../../shaders/linear_rows.wgsl?raw";
import { defineKernel, f32 } from "../gpu/defineKernel.ts";
import { avoidsBarriers, type Tensor } from "../gpu/tensors.ts";
import { directBackward, directForward, directKernels } from "./linearDirect.ts";
import {
  checkLinear,
  defineFamily,
  familyKernels,
  forwardReference,
  linearUniforms,
  termOperands,
  type LinearKernel,
  type LowRankTerm,
  type Term,
} from "./linearKernel.ts";
import { tiledBackward, tiledForward, tiledKernels } from "./linearTiled.ts";
import { weightInputs, weightOperands, weightShader, weightUniformValues, type Weight } from "./weight.ts";

/** From this many rows on the tiled product is used instead of the one by rows. */
const TILED_FROM_ROWS = 8;

const rows = defineFamily((format, term) =>
  defineKernel<string, string>({
    name: `Linear/${format}/${term}/rows`,
    shader: [weightShader(format), term === "base" ? noTerm : mixtureTerm, rowsShader].join("\n"),
    inputs: { x: f32("N", "I"), ...weightOperands(format), bias: f32("O"), ...termOperands(term, "O") },
    output: f32("N", "O"),
    uniforms: linearUniforms(format, term),
    workgroup: 64,
    dispatch: ({ N = 0, O = 0 }) => [Math.ceil(O / 8), N, 1],
    check: checkLinear(format),
    reference: forwardReference(format),
  }),
);

/** Every product, for the tests. */
export const linearKernels: readonly LinearKernel[] = [...familyKernels(rows), ...tiledKernels, ...directKernels];

/** y = x wᵀ + bias (+ term). x (N, I), bias (O), result (N, O). Not differentiable: see linearLayer. */
export function linear(x: Tensor, weight: Weight, bias: Tensor, term?: LowRankTerm): Tensor {
  const [N = 0] = x.shape;
  const kind: Term = term ? "mixture" : "base";
  const direct = avoidsBarriers() ? directForward(weight, N, kind) : undefined;
  const kernel = direct ?? (N < TILED_FROM_ROWS ? rows[weight.format][kind] : tiledForward(weight, N, kind));
  return kernel.run({ x, ...weightInputs(weight), bias, ...termInputs(term) }, { ...weightUniformValues(weight), ...termScale(term) });
}

/** dx = dy w (+ term). dy (N, O), result (N, I). */
export function linearDx(dy: Tensor, weight: Weight, term?: LowRankTerm): Tensor {
  const [N = 0] = dy.shape;
  const kind: Term = term ? "mixture" : "base";
  const kernel = (avoidsBarriers() ? directBackward(weight, kind) : undefined) ?? tiledBackward(weight, N, kind);
  return kernel.run({ dy, ...weightInputs(weight), ...termInputs(term) }, { ...weightUniformValues(weight), ...termScale(term) });
}

const termInputs = (term: LowRankTerm | undefined): Record<string, Tensor> =>
  term ? { p: term.p, gates: term.gates, basis: term.basis } : {};
const termScale = (term: LowRankTerm | undefined): Record<string, number> => (term ? { scale: term.scale } : {});
