import { EngineError } from "../lib/errors.ts";
import { tf, webgpuBackend, type Tensor } from "./tensors.ts";

/** One input or the output of a kernel: its type and its named axes; equal names must have equal sizes. */
export interface Operand {
  readonly dtype: "float32" | "int32";
  readonly axes: readonly string[];
  /** Elements a shader reads at once: 4 makes it an array of vec4, whose last axis must be a multiple of 4. */
  readonly components?: 1 | 4;
}
export const f32 = (...axes: string[]): Operand => ({ dtype: "float32", axes });
export const f32x4 = (...axes: string[]): Operand => ({ dtype: "float32", axes, components: 4 });
export const i32 = (...axes: string[]): Operand => ({ dtype: "int32", axes });

/** Sizes of the named axes together with the kernel's own uniforms. */
export type Sizes = Readonly<Record<string, number>>;
type HostArrays<I extends string> = Readonly<Record<I, Float32Array | Int32Array>>;
type Uniforms<U extends string> = Readonly<Record<U, number>>;

export interface KernelSpec<I extends string, U extends string> {
  readonly name: string;
  /** WGSL that sees each input and `result` as storage arrays and every axis and uniform as `uniforms.<name>`. */
  readonly shader: string;
  readonly inputs: Readonly<Record<I, Operand>>;
  /** Axes are those of the inputs or names of integer uniforms. At most rank 3. */
  readonly output: Operand;
  readonly uniforms: Readonly<Record<U, "i32" | "f32">>;
  /** Threads of a workgroup. */
  readonly workgroup: number;
  /** Workgroups to dispatch. */
  readonly dispatch: (sizes: Sizes) => readonly [number, number, number];
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
}

/** One value from which the typed run, the shape checks, the TF.js kernel and its gradient come. */
export function defineKernel<I extends string, U extends string>(spec: KernelSpec<I, U>): Kernel<I, U> {
  const names = Object.keys(spec.inputs) as I[];
  const dispatch = (inputs: Readonly<Record<I, Tensor>>, uniforms: Uniforms<U>, target?: Tensor) => {
    const sizes = bindSizes(spec, inputs, uniforms);
    const shape = outputShape(spec, sizes);
    if (target && !sameShape(target.shape, shape)) throw shapeError(spec.name, "output", target.shape, shape);
    const ordered = names.map((name) => inputs[name]);
    return webgpuBackend().runWebGPUProgram(
      createProgram(spec, names, shape, sizes),
      ordered,
      spec.output.dtype,
      uniformData(spec, sizes),
      target,
    );
  };
  tf.registerKernel({
    kernelName: spec.name,
    backendName: "webgpu",
    kernelFunc: ({ inputs, attrs }) => dispatch(inputs as Record<I, Tensor>, attrs as unknown as Uniforms<U>),
  });
  if (spec.gradient) registerGradient(spec.name, spec.gradient);
  return {
    spec,
    run: (inputs, uniforms) => tf.engine().runKernel(spec.name, inputs, uniforms),
    runInto: (target, inputs, uniforms) => void dispatch(inputs, uniforms, target),
  };
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

function createProgram(spec: KernelSpec<string, string>, names: readonly string[], shape: number[], sizes: Sizes) {
  return {
    // Everything that changes the text of the shader is in its name and source; sizes travel as uniforms.
    shaderKey: spec.name,
    variableNames: [...names],
    variableComponents: names.map((name) => spec.inputs[name]?.components ?? 1),
    outputComponent: 1,
    outputShape: shape,
    workgroupSize: [spec.workgroup, 1, 1] as [number, number, number],
    // A layout over y keeps TF.js from passing a flat index to main; the ranks must agree for its generated getters.
    dispatchLayout: DISPATCH_LAYOUTS[shape.length] ?? { x: [] },
    dispatch: [...spec.dispatch(sizes)] as [number, number, number],
    uniforms: Object.keys(sizes)
      .map((name) => `${name} : ${uniformType(spec, name)}, `)
      .join(""),
    getUserCode: () => spec.shader,
    constructor: { name: spec.name },
  };
}

const DISPATCH_LAYOUTS: Readonly<Record<number, { x: number[]; y?: number[]; z?: number[] }>> = {
  1: { x: [], y: [0] },
  2: { x: [1], y: [0] },
  3: { x: [2], y: [1], z: [0] },
};

const uniformType = (spec: KernelSpec<string, string>, name: string): "i32" | "f32" => spec.uniforms[name] ?? "i32";

function uniformData(spec: KernelSpec<string, string>, sizes: Sizes) {
  return Object.entries(sizes).map(([name, value]) => ({
    type: uniformType(spec, name) === "f32" ? "float32" : "int32",
    data: [value],
  }));
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
