import type { Kernel } from "../gpu/defineKernel.ts";
import { activationDx, activationKernel } from "./activation.ts";
import { adamMoments, adamUpdate } from "./adam.ts";
import { attention, copyRows } from "./attention.ts";
import { attentionDscores, attentionMix, attentionTurned, attentionWeights } from "./batchAttention.ts";
import { decodeKernels, shrinkPicked } from "./decodeLinear.ts";
import { embedKernels } from "./embed.ts";
import { linearKernels } from "./linear.ts";
import { gateGradient, mixtureOuter } from "./mixture.ts";
import { norm, normDx } from "./norm.ts";
import { ropeKernel } from "./rope.ts";
import { routerDlogits, routerKernel } from "./router.ts";

/** Every WGSL kernel of the engine, for the tests against their CPU references. */
export const allKernels: readonly Kernel[] = [
  ...linearKernels,
  ...embedKernels,
  ...decodeKernels,
  shrinkPicked,
  mixtureOuter,
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
  adamMoments,
  adamUpdate,
  routerKernel,
  routerDlogits,
];
