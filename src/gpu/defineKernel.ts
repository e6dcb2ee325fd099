import { EngineError } from "../lib/errors.ts";
import { encodeDispatch, type Dispatch } from "./dispatch.ts";
import { kernelPipeline, uniformBytes } from "./kernelProgram.ts";
import { bindingOf, emptyTensor, forgetRead, gpuTraits, tf, type GpuTraits, type Tensor } from "./tensors.ts";

/** One input or the output of a kernel: its type and its named axes; equal names must have equal sizes. */
export interface Operand {
  readonly dtype: "float32" | "int32";
  readonly axes: readonly string[];
  /** Elements a shader reads at once: 2 or 4 make it an array of vectors, of which the last axis must be a multiple. */
  readonly components?: 1 | 2 | 4;
  /** An input that the shader also writes; its reference changes the array it is given. */
  readonly updated?: true;
}
export const f32 = (...axes: string[]): Operand => ({ dtype: "float32", axes });
export const f32x4 = (...axes: string[]): Operand => ({ dtype: "float32", axes, components: 4 });
export const i32 = (...axes: string[]): Operand => ({ dtype: "int32", axes });
export const i32x4 = (...axes: string[]): Operand => ({ dtype: "int32", axes, components: 4 });
/** An input that the shader reads and writes. */
export const updated = (operand: Operand): Operand => ({ ...operand, updated: true });

/** Ways to compile a kernel on adapters that offer more than the plain one needs. */
export type Variant = "plain" | "subgroups" | "f16";

/** Sizes of the named axes together with the kernel's own uniforms. */
export type Sizes = Readonly<Record<string, number>>;
type HostArrays<I extends string> = Readonly<Record<I, Float32Array | Int32Array>>;
type Uniforms<U extends string> = Readonly<Record<U, number>>;

export interface KernelSpec<I extends string, U extends string> {
  readonly name: string;
  /** WGSL that sees each input and `result` as storage arrays and every axis and uniform as `uniforms.<name>`. */
  readonly shader: string;
  /** The same kernel where subgroups, or arithmetic in f16, are there; `enable` lines are added by the program. */
  readonly variants?: Partial<Readonly<Record<Exclude<Variant, "plain">, string>>>;
  /** Largest error, relative to the largest value of the result; 2e-5 where absent. The f16 variant must state its own. */
  readonly tolerance?: Partial<Readonly<Record<Variant, number>>>;
  readonly inputs: Readonly<Record<I, Operand>>;
  /** Axes are those of the inputs or names of integer uniforms. */
  readonly output: Operand;
  readonly uniforms: Readonly<Record<U, "i32" | "f32">>;
  /** Threads of a workgroup. */
  readonly workgroup: number;
  /** Workgroups to dispatch. */
  readonly dispatch: (sizes: Sizes) => readonly [number, number, number];
  /** Floating-point operations of all of it, at most; an exponential counts as ten. A dispatch too long for one submit is cut by them. */
  readonly flops: (sizes: Sizes) => number;
  /** A sentence when the sizes do not fit this kernel. */
  readonly check?: (sizes: Sizes) => string | undefined;
  /** The shader changes what `result` holds already: use runInto. The reference gets the former contents as `result`. */
  readonly inPlace?: boolean;
  /** The same result by plain loops on the CPU. */
  readonly reference: (inputs: HostArrays<I | "result">, sizes: Sizes) => Float32Array;
  readonly gradient?: KernelGradient<NoInfer<I>, NoInfer<U>>;
}

export interface KernelGradient<I extends string, U extends string> {
  readonly save: readonly I[];
  readonly saveOutput?: boolean;
  /** Lazy gradients of the differentiable inputs. `saved.output` is there when saveOutput is set. */
  readonly backward: (dy: Tensor, saved: Readonly<Record<I | "output", Tensor>>, uniforms: Uniforms<U>) => Partial<Record<I, () => Tensor>>;
}

export interface Kernel<I extends string = string, U extends string = string> {
  readonly spec: KernelSpec<I, U>;
  /** Runs under the gradient tape. @throws EngineError `bad-shape`. */
  run(inputs: Readonly<Record<I, Tensor>>, uniforms: Uniforms<U>): Tensor;
  /** Writes into a tensor that is there already, outside the tape; elements the shader leaves alone keep their value. */
  runInto(target: Tensor, inputs: Readonly<Record<I, Tensor>>, uniforms: Uniforms<U>): void;
  /** The same without running it, to be recorded in a command plan. @throws EngineError `bad-shape`. */
  prepare(target: Tensor, inputs: Readonly<Record<I, Tensor>>, uniforms: Uniforms<U>): Dispatch;
}

/** Every variant a device with these features can run. */
export function variantsOf({ variants }: Pick<KernelSpec<string, string>, "variants">, features: GPUSupportedFeatures): Variant[] {
  const offered: Record<Exclude<Variant, "plain">, string> = { subgroups: "subgroups", f16: "shader-f16" };
  return ["plain", ...(["subgroups", "f16"] as const).filter((name) => variants?.[name] !== undefined && features.has(offered[name]))];
}

export const toleranceOf = ({ tolerance }: Pick<KernelSpec<string, string>, "tolerance">, variant: Variant): number =>
  tolerance?.[variant] ?? 2e-5;

/** The variant a device with these traits runs. */
function variantFor(spec: Pick<KernelSpec<string, string>, "variants">, traits: GpuTraits): Variant {
  if (traits.f16 && spec.variants?.f16 !== undefined) return "f16";
  return traits.subgroups && spec.variants?.subgroups !== undefined ? "subgroups" : "plain";
}

/** What every WebGPU device dispatches along one axis. */
const MAX_WORKGROUPS = 65_535;

/** One value from which the typed run, the shape checks, the TF.js kernel, its gradient and the recorded dispatch come. */
export function defineKernel<I extends string, U extends string>(spec: KernelSpec<I, U>): Kernel<I, U> {
  const names = Object.keys(spec.inputs) as I[];
  const changed = names.filter((name) => spec.inputs[name].updated);
  const bind = (inputs: Readonly<Record<I, Tensor>>, uniforms: Uniforms<U>, target?: Tensor) => {
    const sizes = bindSizes(spec, inputs, uniforms);
    const shape = outputShape(spec, sizes);
    if (target && !sameShape(target.shape, shape)) throw shapeError(spec.name, "output", target.shape, shape);
    const grid = spec.dispatch(sizes);
    if (grid.some((count) => count > MAX_WORKGROUPS)) throw shapeError(spec.name, "dispatch", grid, [`at most ${MAX_WORKGROUPS} each way`]);
    const output = target ?? emptyTensor(shape, spec.output.dtype);
    const operands = [output, ...names.map((name) => inputs[name])];
    const bindings = boundOrNone(operands, target ? [] : [output]);
    const dispatch: Dispatch = {
      program: kernelPipeline(spec, variantFor(spec, gpuTraits()), Object.keys(sizes)),
      bindings,
      uniforms: uniformBytes(spec, sizes),
      grid,
      work: { flops: spec.flops(sizes), bytes: operands.reduce((sum, { size }) => sum + 4 * size, 0) },
    };
    return { output, operands, dispatch };
  };
  const run = (inputs: Readonly<Record<I, Tensor>>, uniforms: Uniforms<U>, target?: Tensor): Tensor => {
    const { output, operands, dispatch } = bind(inputs, uniforms, target);
    if (output.size > 0) encodeDispatch(dispatch, operands);
    [output, ...changed.map((name) => inputs[name])].forEach(forgetRead);
    return output;
  };
  tf.registerKernel({
    kernelName: spec.name,
    backendName: "webgpu",
    kernelFunc: ({ inputs, attrs }) => run(inputs as Record<I, Tensor>, attrs as unknown as Uniforms<U>),
  });
  if (spec.gradient) registerGradient(spec.name, spec.gradient);
  return {
    spec,
    run: (inputs, uniforms) => tf.engine().runKernel(spec.name, inputs, uniforms),
    runInto: (target, inputs, uniforms) => void run(inputs, uniforms, target),
    prepare: (target, inputs, uniforms) => bind(inputs, uniforms, target).dispatch,
  };
}

/** @param made goes where a buffer of one cannot be had */
function boundOrNone(operands: readonly Tensor[], made: Tensor[]): GPUBufferBinding[] {
  try {
    return operands.map(bindingOf);
  } catch (thrown) {
    tf.dispose(made);
    throw thrown;
  }
}

function registerGradient<I extends string, U extends string>(kernelName: string, gradient: KernelGradient<I, U>): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: [...gradient.save],
    outputsToSave: [gradient.saveOutput === true],
    gradFunc: (dy, saved, attrs) => {
      const byName = Object.fromEntries([...gradient.save, "output"].map((name, i) => [name, saved[i]]));
      return gradient.backward(dy as Tensor, byName as Record<I | "output", Tensor>, attrs as unknown as Uniforms<U>) as Record<
        string,
        () => Tensor
      >;
    },
  });
}

/** Sizes of all axes, in a fixed order: axes as they first appear in the inputs, then the uniforms. */
export function bindSizes(
  spec: Pick<KernelSpec<string, string>, "name" | "inputs" | "uniforms" | "check">,
  inputs: Readonly<Record<string, { readonly shape: readonly number[]; readonly dtype: string }>>,
  uniforms: Uniforms<string>,
): Sizes {
  const sizes: Record<string, number> = {};
  for (const [name, operand] of Object.entries(spec.inputs)) {
    const tensor = inputs[name];
    if (!tensor || tensor.dtype !== operand.dtype || tensor.shape.length !== operand.axes.length) {
      throw shapeError(spec.name, name, tensor ? [tensor.dtype, ...tensor.shape] : ["nothing"], [operand.dtype, ...operand.axes]);
    }
    operand.axes.forEach((axis, i) => {
      const size = tensor.shape[i] ?? 0;
      if ((sizes[axis] ??= size) !== size) throw shapeError(spec.name, `${name} (axis ${axis})`, [size], [sizes[axis] ?? 0]);
    });
  }
  for (const name of Object.keys(spec.uniforms)) {
    const value = uniforms[name];
    if (value === undefined) throw shapeError(spec.name, `uniform ${name}`, ["nothing"], ["a number"]);
    sizes[name] = value;
  }
  const complaint = spec.check?.(sizes);
  if (complaint)
    throw new EngineError("bad-shape", `Kernel ${spec.name}: ${complaint}`, "This is a fault of the program: please report it.");
  return sizes;
}

export function outputShape(spec: Pick<KernelSpec<string, string>, "output">, sizes: Sizes): number[] {
  return spec.output.axes.map((axis) => sizes[axis] ?? 0);
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

function shapeError(kernel: string, what: string, got: readonly unknown[], expected: readonly unknown[]): EngineError {
  return new EngineError(
    "bad-shape",
    `Kernel ${kernel}: ${what} is (${got.join(", ")}), expected (${expected.join(", ")}).`,
    "This is a fault of the program: please report it.",
  );
}
