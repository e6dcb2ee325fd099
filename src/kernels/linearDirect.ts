import dxShader from "../../shaders/linear_dx_direct.wgsl?raw";
import directShader from "../../shaders/linear_direct.wgsl?raw";
import experts from "../../shaders/experts_direct.wgsl?raw";
import noExperts from "../../shaders/experts_none.wgsl?raw";
import ownRows from "../../shaders/rows_own.wgsl?raw";
import quadRows from "../../shaders/rows_quad.wgsl?raw";
import rowProducts from "../../shaders/row_products.wgsl?raw";
import singleShader from "../../shaders/linear_single.wgsl?raw";
import { defineKernel, f32, f32x4, type Sizes } from "../gpu/defineKernel.ts";
import {
  backwardReference,
  checkTerm,
  defineFamily,
  familyKernels,
  forwardReference,
  linearFlops,
  linearUniforms,
  termOperands,
  type LinearKernel,
  type Term,
} from "./linearKernel.ts";
import { checkOctets, fitsOctets, octetOperands, octetShader, type Weight, type WeightFormat } from "./weight.ts";

/** Products without shared memory, for adapters on which a barrier costs more than a load. */

const WORKGROUP = 32;
/** Rows and outputs a thread owns. */
const ROWS = 8;
const COLUMNS = 4;

/** One source over both ways to get a row's values: a quad's lanes read for each other where there are subgroups. */
export const withRows = (...pieces: string[]) => ({
  shader: [ownRows, ...pieces].join("\n"),
  variants: { subgroups: [quadRows, ...pieces].join("\n") },
});

const whole = (term: Term, columns: string, sizes: Sizes): string | undefined =>
  term === "mixture" && (sizes[columns] ?? 0) % 4 !== 0 ? `${sizes[columns]} columns of the mixture are no multiple of 4` : undefined;

function defineForward(format: WeightFormat, term: Term, single: boolean): LinearKernel {
  const pieces = single ? [rowProducts, singleShader] : [directShader];
  return defineKernel<string, string>({
    name: `Linear/${format}/${term}/${single ? "single" : "direct"}`,
    ...withRows(octetShader(format), term === "base" ? noExperts : experts, ...pieces),
    inputs: { x: f32x4("N", "I"), ...octetOperands(format), bias: f32("O"), ...termOperands(term, "O", f32x4) },
    output: f32("N", "O"),
    uniforms: linearUniforms(format, term),
    workgroup: WORKGROUP,
    dispatch: ({ N = 0, O = 0 }) => [Math.ceil(O / (WORKGROUP * COLUMNS)), single ? N : Math.ceil(N / ROWS), 1],
    flops: linearFlops,
    check: (sizes) => checkOctets(format, single ? 2 : 1)(sizes) ?? checkTerm(sizes) ?? whole(term, "O", sizes),
    reference: forwardReference(format),
  });
}

function defineBackward(format: WeightFormat, term: Term): LinearKernel {
  return defineKernel<string, string>({
    name: `LinearDx/${format}/${term}/direct`,
    ...withRows(octetShader(format), term === "base" ? noExperts : experts, dxShader),
    inputs: { dy: f32x4("N", "O"), ...octetOperands(format), ...termOperands(term, "I", f32x4) },
    output: f32x4("N", "I"),
    uniforms: linearUniforms(format, term),
    workgroup: WORKGROUP,
    dispatch: ({ N = 0, I = 0 }) => [Math.ceil(I / (WORKGROUP * 8)), Math.ceil(N / ROWS), 1],
    flops: linearFlops,
    check: (sizes) => {
      const { O = 0 } = sizes;
      return checkOctets(format)(sizes) ?? checkTerm(sizes) ?? (O % 4 === 0 ? undefined : `${O} outputs are no multiple of 4`);
    },
    reference: backwardReference(format),
  });
}

const single = defineFamily((format, term) => defineForward(format, term, true));
const direct = defineFamily((format, term) => defineForward(format, term, false));
const backward = defineFamily(defineBackward);

export const directKernels: readonly LinearKernel[] = [single, direct, backward].flatMap(familyKernels);

/** The product of so many rows without shared memory; undefined where the weight's sizes do not fit it. */
export function directForward(weight: Weight, rows: number, term: Term): LinearKernel | undefined {
  if (!fitsOctets(weight) || (term === "mixture" && weight.rows % 4 !== 0)) return undefined;
  return (rows === 1 && fitsOctets(weight, 2) ? single : direct)[weight.format][term];
}

export function directBackward(weight: Weight, term: Term): LinearKernel | undefined {
  return fitsOctets(weight) && weight.rows % 4 === 0 ? backward[weight.format][term] : undefined;
}
