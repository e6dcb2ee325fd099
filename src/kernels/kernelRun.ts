import { bindSizes, type Kernel, type Sizes, type Variant } from "../gpu/defineKernel.ts";
import { flushDispatches } from "../gpu/dispatch.ts";
import { tf, webgpuBackend, withTraits, type Tensor } from "../gpu/tensors.ts";
import { createPrng } from "../lib/prng.ts";
import { randomInputs } from "./kernelCases.ts";

/** What a kernel is run on to be compared with its reference. */
export interface KernelCase {
  /** Axes and uniforms as the case states them. */
  readonly sizes: Sizes;
  /** The same as the kernel binds them. */
  readonly bound: Sizes;
  readonly inputs: ReturnType<typeof randomInputs>["inputs"];
  readonly shapes: ReturnType<typeof randomInputs>["shapes"];
}

export function kernelCase(kernel: Kernel, sizes: Sizes): KernelCase {
  return { sizes, bound: boundSizes(kernel, sizes), ...randomInputs(kernel, sizes, createPrng(7)) };
}

export function boundSizes({ spec }: Kernel, sizes: Sizes): Sizes {
  const operands = Object.entries(spec.inputs).map(([name, { axes, dtype }]) => {
    const shape = axes.map((axis) => sizes[axis] ?? 0);
    return [name, { shape, dtype }] as const;
  });
  return bindSizes(spec, Object.fromEntries(operands), sizes);
}

const updatedInputs = ({ spec }: Kernel): string[] => Object.keys(spec.inputs).filter((name) => spec.inputs[name]?.updated);

/** The reference's result, then the contents of the inputs that the kernel updates. */
export function expectedOf(kernel: Kernel, { inputs, bound }: KernelCase): Float32Array[] {
  // The reference changes updated inputs in place.
  const copies = Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, data.slice()]));
  const result = kernel.spec.reference(copies, bound);
  return [result, ...updatedInputs(kernel).map((name) => copies[name] as Float32Array)];
}

export interface KernelRun {
  /** As expectedOf gives it. */
  readonly got: readonly Float32Array[];
  /** What the GPU said against it. */
  readonly fault: string | undefined;
}

/** The same from the device in use. */
export async function runKernel(kernel: Kernel, variant: Variant, { inputs, shapes, sizes }: KernelCase): Promise<KernelRun> {
  const tensors: Record<string, Tensor> = {};
  for (const [name, data] of Object.entries(inputs))
    tensors[name] = tf.tensor(data, shapes[name], kernel.spec.inputs[name]?.dtype ?? "float32");
  const { result: target, ...rest } = tensors;
  const run = (): Tensor => {
    if (target) kernel.runInto(target, rest, sizes);
    return target ?? kernel.run(rest, sizes);
  };
  const { value: result, fault } = inScopes(() => withTraits({ subgroups: variant === "subgroups", f16: variant === "f16" }, run));
  const read = [result, ...updatedInputs(kernel).map((name) => rest[name] as Tensor)];
  try {
    const got = await Promise.all(read.map(async (tensor) => Float32Array.from(await tensor.data())));
    return { got, fault: await fault };
  } finally {
    tf.dispose([result, ...Object.values(rest)]);
  }
}

const FILTERS: readonly GPUErrorFilter[] = ["validation", "internal", "out-of-memory"];

/** Encodes and submits at once; what the GPU says against it is its fault, instead of an error that no call owns. */
function inScopes<T>(encode: () => T): { readonly value: T; readonly fault: Promise<string | undefined> } {
  const { device } = webgpuBackend();
  // What others have encoded is not to be judged here.
  flushDispatches();
  for (const filter of FILTERS) device.pushErrorScope(filter);
  let popped: Promise<(GPUError | null)[]> | undefined;
  try {
    const value = encode();
    flushDispatches();
    return { value, fault: (popped = popScopes(device)).then((errors) => errors.find((error) => error !== null)?.message) };
  } finally {
    if (!popped) void popScopes(device);
  }
}

/** Scopes of a lost device are never judged. */
const popScopes = (device: GPUDevice): Promise<(GPUError | null)[]> =>
  Promise.all(FILTERS.map(() => device.popErrorScope().catch(() => null)));

/** Largest difference, relative to the largest expected value; NaN where a number is missing or is none. */
export function relativeError(got: ArrayLike<number>, expected: Float32Array): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  let worst = 0;
  expected.forEach((value, k) => (worst = Math.max(worst, Math.abs(value - (got[k] ?? NaN)))));
  return worst / largest;
}
