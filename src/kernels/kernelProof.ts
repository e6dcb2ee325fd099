import { toleranceOf, variantsOf, type Kernel, type Sizes, type Variant } from "../gpu/defineKernel.ts";
import { compileKernel } from "../gpu/kernelProgram.ts";
import { avoidsBarriers, webgpuBackend } from "../gpu/tensors.ts";
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import { allKernels } from "./allKernels.ts";
import { kernelCases } from "./kernelCases.ts";
import { boundSizes, expectedOf, kernelCase, relativeError, runKernel, type KernelCase } from "./kernelRun.ts";

/** One variant of one kernel, run on the device in use and compared with its CPU reference. */
export interface KernelProof {
  readonly kernel: string;
  readonly variant: Variant;
  /** Largest difference, relative to the reference's largest value; not finite where no number came back. */
  readonly error: number;
  readonly tolerance: number;
  readonly ok: boolean;
  /** Why there is no error to give: the kernel does not compile, or the GPU refused it. */
  readonly fault?: string;
  /** From its dispatch to its numbers, the wait for kernels dispatched with it included. */
  readonly milliseconds: number;
}

/** The proofs of one kernel, the plain variant first, and how far the proof has come. */
export interface ProofStep {
  readonly proofs: readonly KernelProof[];
  readonly done: number;
  readonly kernels: number;
}

export interface ProofOptions {
  readonly kernels?: readonly Kernel[];
  readonly signal?: AbortSignal;
  readonly onResult?: (step: ProofStep) => void;
  /** Does what takes time but needs no turn on the device: others may use it meanwhile. */
  readonly aside?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Kernels dispatched and read back together: few enough that nobody waits for long. */
const SLICE = 6;

/** Where barriers are avoided, others do the work of the products with shared memory; some of those take seconds to compile there. */
export const kernelsInUse = (): readonly Kernel[] =>
  avoidsBarriers()
    ? allKernels.filter(({ spec }) => !(spec.name.startsWith("Linear") && spec.shader.includes("workgroupBarrier")))
    : allKernels;

/** Runs each kernel, in every variant the device offers, on a small case and compares it. @throws EngineError `cancelled` */
export async function proveKernels(options: ProofOptions = {}): Promise<readonly KernelProof[]> {
  const { kernels = allKernels, signal, onResult, aside = (work) => work() } = options;
  const all: KernelProof[] = [];
  for (let at = 0; at < kernels.length; at += SLICE) {
    const candidates = await aside(() => prepare(kernels.slice(at, at + SLICE), signal));
    throwIfCancelled(signal);
    const slice = await Promise.all(candidates.map(prove));
    slice.forEach((proofs, i) => onResult?.({ proofs, done: at + i + 1, kernels: kernels.length }));
    all.push(...slice.flat());
  }
  return all;
}

/** A kernel compiled in all variants, with what it must give. */
interface Candidate {
  readonly kernel: Kernel;
  readonly given: KernelCase;
  readonly expected: readonly Float32Array[];
  /** Why a variant cannot be run, if it cannot. */
  readonly variants: readonly { readonly variant: Variant; readonly fault: string | undefined }[];
}

/** One after the other: on a software adapter, compiling takes processors from what the person is doing. */
async function prepare(kernels: readonly Kernel[], signal: AbortSignal | undefined): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const kernel of kernels) {
    throwIfCancelled(signal);
    const given = proofCase(kernel);
    const names = Object.keys(given.bound);
    const offered = variantsOf(kernel.spec, webgpuBackend().device.features);
    const variants = await Promise.all(
      offered.map(async (variant) => ({ variant, fault: await faultOf(compileKernel(kernel.spec, variant, names)) })),
    );
    candidates.push({ kernel, given, variants, expected: expectedOf(kernel, given) });
  }
  return candidates;
}

async function faultOf(compiled: Promise<void>): Promise<string | undefined> {
  try {
    await compiled;
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

const prove = ({ kernel, given, expected, variants }: Candidate): Promise<KernelProof[]> =>
  Promise.all(
    variants.map(async ({ variant, fault: uncompiled }) => {
      const begun = performance.now();
      const { got, fault } = uncompiled === undefined ? await runKernel(kernel, variant, given) : { got: [], fault: uncompiled };
      const error = fault === undefined ? Math.max(...expected.map((values, k) => relativeError(got[k] ?? [], values))) : NaN;
      const tolerance = toleranceOf(kernel.spec, variant);
      const milliseconds = performance.now() - begun;
      return {
        kernel: kernel.spec.name,
        variant,
        error,
        tolerance,
        ok: error < tolerance,
        ...(fault === undefined ? {} : { fault }),
        milliseconds,
      };
    }),
  );

/** Fewer inputs would hardly exercise a kernel. */
const ENOUGH = 256;

/** The smallest of the kernel's cases with enough inputs that takes more than one workgroup, or the largest where none does. */
function proofCase(kernel: Kernel): KernelCase {
  const { name, inputs, dispatch } = kernel.spec;
  const elements = (sizes: Sizes): number =>
    Object.values(inputs).reduce((sum, { axes }) => sum + axes.reduce((product, axis) => product * (sizes[axis] ?? 0), 1), 0);
  const cases = kernelCases(name).toSorted((a, b) => elements(a) - elements(b));
  const awkward = cases.find((each) => elements(each) >= ENOUGH && dispatch(boundSizes(kernel, each)).some((count) => count > 1));
  const sizes = awkward ?? cases.at(-1);
  if (sizes) return kernelCase(kernel, sizes);
  throw new EngineError("internal", `Kernel ${name} has no case.`, "Give it some in src/kernels/kernelCases.ts.");
}
