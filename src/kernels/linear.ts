import dxShader from "../../shaders/linear_dx.wgsl?raw";
import mixtureTerm from "../../shaders/term_mixture.wgsl?raw";
import noTerm from "../../shaders/term_none.wgsl?raw";
import rowsShader from "../../shaders/linear_rows.wgsl?raw";
import tiledShader from "../../shaders/linear.wgsl?raw";
import tileShader from "../../shaders/tile.wgsl?raw";
import { defineKernel, f32, type Sizes } from "../gpu/defineKernel.ts";
import { avoidsBarriers, type Tensor } from "../gpu/tensors.ts";
import { directBackward, directForward, directKernels } from "./linearDirect.ts";
import {
  backwardReference,
  checkTerm,
  defineFamily,
  familyKernels,
  forwardReference,
  linearUniforms,
  termOperands,
  type LinearKernel,
  type LowRankTerm,
  type Term,
} from "./linearKernel.ts";
import { checkWeight, weightInputs, weightOperands, weightShader, weightUniformValues, type Weight, type WeightFormat } from "./weight.ts";

/** From this many rows on the tiled product is used instead of the one by rows. */
const TILED_FROM_ROWS = 8;

const TERM_SHADERS: Readonly<Record<Term, string>> = { base: noTerm, mixture: mixtureTerm };

const check =
  (format: WeightFormat) =>
  (sizes: Sizes): string | undefined =>
    checkTerm(sizes) ?? checkWeight(format)(sizes);

function defineForward(format: WeightFormat, term: Term, tiled: boolean): LinearKernel {
  return defineKernel<string, string>({
    name: `Linear/${format}/${term}/${tiled ? "tiled" : "rows"}`,
    shader: [weightShader(format), TERM_SHADERS[term], ...(tiled ? [tileShader, tiledShader] : [rowsShader])].join("\n"),
    inputs: { x: f32("N", "I"), ...weightOperands(format), bias: f32("O"), ...termOperands(term, "O") },
    output: f32("N", "O"),
    uniforms: linearUniforms(format, term),
    workgroup: 64,
    dispatch: ({ N = 0, O = 0 }) => (tiled ? [Math.ceil(O / 64), Math.ceil(N / 32), 1] : [Math.ceil(O / 8), N, 1]),
    check: check(format),
    reference: forwardReference(format),
  });
}

function defineBackward(format: WeightFormat, term: Term): LinearKernel {
  return defineKernel<string, string>({
    name: `LinearDx/${format}/${term}/tiled`,
    shader: [weightShader(format), TERM_SHADERS[term], tileShader, dxShader].join("\n"),
    inputs: { dy: f32("N", "O"), ...weightOperands(format), ...termOperands(term, "I") },
    output: f32("N", "I"),
    uniforms: linearUniforms(format, term),
    workgroup: 64,
    dispatch: ({ N = 0, I = 0 }) => [Math.ceil(I / 64), Math.ceil(N / 32), 1],
    check: check(format),
    reference: backwardReference(format),
  });
}

const rows = defineFamily((format, term) => defineForward(format, term, false));
const tiled = defineFamily((format, term) => defineForward(format, term, true));
const backward = defineFamily(defineBackward);

/** Every product, for the tests. */
export const linearKernels: readonly LinearKernel[] = [...[rows, tiled, backward].flatMap(familyKernels), ...directKernels];

/** y = x wᵀ + bias (+ term). x (N, I), bias (O), result (N, O). Not differentiable: see linearLayer. */
export function linear(x: Tensor, weight: Weight, bias: Tensor, term?: LowRankTerm): Tensor {
  const [N = 0] = x.shape;
  const kind: Term = term ? "mixture" : "base";
  const direct = avoidsBarriers() ? directForward(weight, N, kind) : undefined;
  const kernel = direct ?? (N < TILED_FROM_ROWS ? rows : tiled)[weight.format][kind];
  return kernel.run({ x, ...weightInputs(weight), bias, ...termInputs(term) }, { ...weightUniformValues(weight), ...termScale(term) });
}

/** dx = dy w (+ term). dy (N, O), result (N, I). */
export function linearDx(dy: Tensor, weight: Weight, term?: LowRankTerm): Tensor {
  const kind: Term = term ? "mixture" : "base";
  const kernel = (avoidsBarriers() ? directBackward(weight, kind) : undefined) ?? backward[weight.format][kind];
  return kernel.run({ dy, ...weightInputs(weight), ...termInputs(term) }, { ...weightUniformValues(weight), ...termScale(term) });
}

const termInputs = (term: LowRankTerm | undefined): Record<string, Tensor> =>
  term ? { p: term.p, gates: term.gates, basis: term.basis } : {};
const termScale = (term: LowRankTerm | undefined): Record<string, number> => (term ? { scale: term.scale } : {});
