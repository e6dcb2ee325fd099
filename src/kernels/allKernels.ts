import type { Kernel } from "../gpu/defineKernel.ts";
import { activationDx, activationKernel } from "./activation.ts";
import { adamKernel } from "./adam.ts";
import { codeDistances } from "./codeDistances.ts";
import { attention, copyRows } from "./attention.ts";
import { attentionDscores, attentionMix, attentionTurned, attentionWeights } from "./batchAttention.ts";
import { decodeKernels } from "./decodeLinear.ts";
import { shrinkKernels } from "./shrinkPicked.ts";
import { decodeAttentionKernels } from "./decodeAttention.ts";
import { decodeEmbedKernels } from "./decodeEmbed.ts";
import { embedKernels } from "./embed.ts";
import { linearKernels } from "./linear.ts";
import { crossEntropy, gatherRows, scatterRows, trainingReport } from "./losses.ts";
import { gateGradient, outerKernels } from "./mixture.ts";
import { norm, normDx } from "./norm.ts";
import { ropeKernel } from "./rope.ts";
import { sampleKernel } from "./sample.ts";
import { routerGradient, routerKernel, routerLayers } from "./router.ts";

/** Every WGSL kernel of the engine, for the tests against their CPU references. */
export const allKernels: readonly Kernel[] = [
  ...linearKernels,
  ...embedKernels,
  ...decodeEmbedKernels,
  ...decodeAttentionKernels,
  sampleKernel,
  ...decodeKernels,
  ...shrinkKernels,
  ...outerKernels,
  gateGradient,
  norm,
  normDx,
  activationKernel,
  activationDx,
  ropeKernel,
  attention,
  copyRows,
  attentionWeights,
  attentionMix,
  attentionTurned,
  attentionDscores,
  adamKernel,
  crossEntropy,
  gatherRows,
  scatterRows,
  trainingReport,
  routerKernel,
  routerLayers,
  routerGradient,
  codeDistances,
];
