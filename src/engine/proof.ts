import type { Kernel } from "../gpu/defineKernel.ts";
import { dropTrait, gpuTraits } from "../gpu/tensors.ts";
import { allKernels } from "../kernels/allKernels.ts";
import { kernelsInUse, proveKernels, type KernelProof, type ProofOptions } from "../kernels/kernelProof.ts";
import { errorFigure } from "../lib/errorFigure.ts";
import type { ErrorFacts } from "../lib/errors.ts";

export interface Proven {
  readonly proofs: readonly KernelProof[];
  /** Kernels whose work others do on this device. */
  readonly leftOut: number;
  /** Kernels whose plain variant is at fault: nothing can take its place. */
  readonly problem: ErrorFacts | null;
}

export interface DeviceProofOptions extends ProofOptions {
  /** Told in a sentence of each way the device does without from now on. */
  readonly onFallback: (sentence: string) => void;
}

/**
 * Proves the kernels on the device in use. Where a variant is at fault and the plain one is not, no kernel uses such variants
 * any more, at once. @param all also kernels that this device has no use for
 */
export async function proveDevice(all: boolean, { onFallback, ...options }: DeviceProofOptions): Promise<Proven> {
  const { kernels = all ? allKernels : kernelsInUse() } = options;
  const proofs = await proveKernels({
    ...options,
    kernels,
    onResult: (step) => {
      fallBack(step.proofs).forEach(onFallback);
      options.onResult?.(step);
    },
  });
  return { proofs, leftOut: all ? 0 : leftOut(kernels), problem: problemOf(proofs) };
}

const leftOut = (kernels: readonly Kernel[]): number => allKernels.filter((kernel) => !kernels.includes(kernel)).length;

/** Drops the traits whose variant of this kernel fails while the plain one holds. */
function fallBack([plain, ...variants]: readonly KernelProof[]): string[] {
  if (!plain?.ok) return [];
  return variants.flatMap((proof) => {
    const { variant } = proof;
    if (proof.ok || variant === "plain" || !gpuTraits()[variant]) return [];
    dropTrait(variant);
    return [`Kernel ${proof.kernel} with ${variant} ${faultOf(proof)}: all kernels do without ${variant}.`];
  });
}

/** A driver's message may take many lines; the table has all of it. */
function faultOf({ error, tolerance, fault }: KernelProof): string {
  if (fault !== undefined) return `does not run here (${fault.split("\n")[0]})`;
  const size = Number.isFinite(error) ? `is off by ${errorFigure(error)}` : "gives no numbers";
  return `${size} (tolerance ${errorFigure(tolerance)})`;
}

const NAMED = 3;

function problemOf(proofs: readonly KernelProof[]): ErrorFacts | null {
  const wrong = proofs.filter(({ variant, ok }) => variant === "plain" && !ok);
  if (wrong.length === 0) return null;
  const named = wrong.slice(0, NAMED).map((proof) => `${proof.kernel} ${faultOf(proof)}`);
  const others = wrong.length > NAMED ? `, and ${wrong.length - NAMED} more` : "";
  return {
    code: "gpu-error",
    message: `On this GPU ${wrong.length === 1 ? "a kernel disagrees" : `${wrong.length} kernels disagree`} with the reference: ${named.join(", ")}${others}.`,
    hint: "Answers and edits may be wrong here: update the browser and the graphics driver, or use another GPU.",
  };
}
