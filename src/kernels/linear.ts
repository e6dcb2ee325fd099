import eightProducts from "../../shaders/eight_products.wgsl?raw";
import eightShader from "../../shaders/linear_eight.wgsl?raw";
import mixtureTerm from "../../shaders/term_mixture.wgsl?raw";
import noTerm from "../../shaders/term_none.wgsl?raw";
import rowsShader from "../../shaders/linear_rows.wgsl?raw";
import { defineKernel, f32, f32x4 } from "../gpu/defineKernel.ts";
import { avoidsBarriers, tf, type Tensor } from "../gpu/tensors.ts";
import { directBackward, directForward, directKernels } from "./linearDirect.ts";
import {
  checkLinear,
  checkTerm,
  defineFamily,
  familyKernels,
  forwardReference,
  linearFlops,
  linearUniforms,
  termOperands,
  type LinearKernel,
  type LowRankTerm,
  type Term,
} from "./linearKernel.ts";
import { withEightSums } from "./rowSum.ts";
import { piecesOf, type Matrix, type SplitWeight } from "./splitWeight.ts";
import { tiledBackward, tiledForward, tiledKernels } from "./linearTiled.ts";
import {
  checkOctets,
  fitsOctets,
  octetOperands,
  octetShader,
  weightInputs,
  weightOperands,
  weightShader,
  weightUniformValues,
  type Weight,
} from "./weight.ts";

/** From this many rows on the tiled product is used instead of the one by rows. */
const TILED_FROM_ROWS = 8;

/** Up to this many outputs, as of a mixture's ranks, tiles would leave a GPU idle. */
const NARROW = 64;

const termShader = (term: Term): string => (term === "base" ? noTerm : mixtureTerm);

const eight = defineFamily((format, term) =>
  defineKernel<string, string>({
    name: `Linear/${format}/${term}/eight`,
    ...withEightSums(octetShader(format), termShader(term), eightProducts, eightShader),
    inputs: { x: f32x4("N", "I"), ...octetOperands(format), bias: f32("O"), ...termOperands(term, "O") },
    output: f32("N", "O"),
    uniforms: linearUniforms(format, term),
    workgroup: 128,
    dispatch: ({ N = 0, O = 0 }) => [Math.ceil(O / 8), N, 1],
    flops: linearFlops,
    check: (sizes) => checkTerm(sizes) ?? checkOctets(format)(sizes),
    reference: forwardReference(format),
  }),
);

/** For rows that are no whole octets. */
const rows = defineFamily((format, term) =>
  defineKernel<string, string>({
    name: `Linear/${format}/${term}/rows`,
    shader: [weightShader(format), termShader(term), rowsShader].join("\n"),
    inputs: { x: f32("N", "I"), ...weightOperands(format), bias: f32("O"), ...termOperands(term, "O") },
    output: f32("N", "O"),
    uniforms: linearUniforms(format, term),
    workgroup: 64,
    dispatch: ({ N = 0, O = 0 }) => [Math.ceil(O / 8), N, 1],
    flops: linearFlops,
    check: checkLinear(format),
    reference: forwardReference(format),
  }),
);

/** Every product, for the tests. */
export const linearKernels: readonly LinearKernel[] = [...familyKernels(eight), ...familyKernels(rows), ...tiledKernels, ...directKernels];

function sharedForward(weight: Weight, N: number, term: Term): LinearKernel {
  const { format } = weight;
  if (fitsOctets(weight) && (N < TILED_FROM_ROWS || weight.rows <= NARROW)) return eight[format][term];
  return N < TILED_FROM_ROWS ? rows[format][term] : tiledForward(weight, N, term);
}

/** y = x wᵀ + bias (+ term). x (N, I), bias (O), result (N, O). Not differentiable: see linearLayer. */
export function linear(x: Tensor, weight: Matrix, bias: Tensor, term?: LowRankTerm): Tensor {
  if ("parts" in weight) return linearInParts(x, weight, bias, term);
  const [N = 0] = x.shape;
  const kind: Term = term ? "mixture" : "base";
  const kernel = (avoidsBarriers() ? directForward(weight, N, kind) : undefined) ?? sharedForward(weight, N, kind);
  return kernel.run({ x, ...weightInputs(weight), bias, ...termInputs(term) }, { ...weightUniformValues(weight), ...termScale(term) });
}

/** Each part gives columns of the result. */
function linearInParts(x: Tensor, split: SplitWeight, bias: Tensor, term: LowRankTerm | undefined): Tensor {
  return tf.tidy(() => {
    const columns = piecesOf(split).map(({ weight, first }) => {
      const own = term && { ...term, basis: tf.slice(term.basis, [0, first], [-1, weight.rows]) };
      return linear(x, weight, tf.slice(bias, [first], [weight.rows]), own);
    });
    return tf.concat(columns, 1);
  });
}

/** dx = dy w (+ term). dy (N, O), result (N, I). */
export function linearDx(dy: Tensor, weight: Matrix, term?: LowRankTerm): Tensor {
  if ("parts" in weight) return linearDxInParts(dy, weight, term);
  const [N = 0] = dy.shape;
  const kind: Term = term ? "mixture" : "base";
  const kernel = (avoidsBarriers() ? directBackward(weight, kind) : undefined) ?? tiledBackward(weight, N, kind);
  return kernel.run({ dy, ...weightInputs(weight), ...termInputs(term) }, { ...weightUniformValues(weight), ...termScale(term) });
}

/** Each part gives a summand, the first with the term. */
function linearDxInParts(dy: Tensor, split: SplitWeight, term: LowRankTerm | undefined): Tensor {
  return tf.tidy(() => {
    const summands = piecesOf(split).map(({ weight, first }) =>
      linearDx(tf.slice(dy, [0, first], [-1, weight.rows]), weight, first === 0 ? term : undefined),
    );
    return tf.addN(summands);
  });
}

const termInputs = (term: LowRankTerm | undefined): Record<string, Tensor> =>
  term ? { p: term.p, gates: term.gates, basis: term.basis } : {};
const termScale = (term: LowRankTerm | undefined): Record<string, number> => (term ? { scale: term.scale } : {});
