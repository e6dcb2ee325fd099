import { EngineError } from "../lib/errors.ts";
import type { KernelSpec, Operand, Sizes, Variant } from "./defineKernel.ts";
import type { KernelPipeline } from "./dispatch.ts";
import { webgpuBackend } from "./tensors.ts";

type Spec = KernelSpec<string, string>;

const ENABLES: Readonly<Record<Variant, string>> = { plain: "", subgroups: "enable subgroups;\n", f16: "enable f16;\n" };

/** Built-in values every shader may use; those of subgroups only in that variant. */
const BUILTINS = [
  ["localIndex", "u32", "local_invocation_index"],
  ["globalId", "vec3<u32>", "global_invocation_id"],
  ["workgroupId", "vec3<u32>", "workgroup_id"],
] as const;
const SUBGROUP_BUILTINS = [
  ["subgroupSize", "u32", "subgroup_size"],
  ["subgroupLane", "u32", "subgroup_invocation_id"],
] as const;

/** Where a piece of a dispatch begins, in workgroups: shaders see the place they would have in the whole. */
const FIRST_GROUP = ["firstGroupX", "firstGroupY"] as const;

const elementType = ({ dtype, components = 1 }: Operand): string => {
  const scalar = dtype === "float32" ? "f32" : "i32";
  return components === 1 ? scalar : `vec${components}<${scalar}>`;
};

/** The whole WGSL module: bindings (result, inputs, uniforms), built-in values, an entry that calls main, and the shader. */
export function kernelCode(spec: Spec, variant: Variant, sizeNames: readonly string[]): string {
  const operands: [string, Operand, boolean][] = [
    ["result", spec.output, true],
    ...Object.entries(spec.inputs).map(([name, operand]): [string, Operand, boolean] => [name, operand, operand.updated === true]),
  ];
  const bindings = operands.map(
    ([name, operand, written], i) =>
      `@group(0) @binding(${i}) var<storage, ${written ? "read_write" : "read"}> ${name}: array<${elementType(operand)}>;`,
  );
  const builtins = variant === "subgroups" ? [...BUILTINS, ...SUBGROUP_BUILTINS] : BUILTINS;
  return [
    `${ENABLES[variant]}struct Uniforms { ${[...FIRST_GROUP.map((name) => `${name}: u32`), ...sizeNames.map((name) => `${name}: ${spec.uniforms[name] ?? "i32"}`)].join(", ")} }`,
    ...bindings,
    `@group(0) @binding(${operands.length}) var<uniform> uniforms: Uniforms;`,
    ...builtins.map(([name, type]) => `var<private> ${name}: ${type};`),
    `@compute @workgroup_size(${spec.workgroup}) fn entry(${builtins.map(([name, type, value]) => `@builtin(${value}) ${name}_: ${type}`).join(", ")}) {`,
    ...builtins.map(([name]) => `  ${name} = ${name}_;`),
    `  let firstGroup = vec3<u32>(${FIRST_GROUP.map((name) => `uniforms.${name}`).join(", ")}, 0u);`,
    "  workgroupId += firstGroup;",
    `  globalId += firstGroup * vec3<u32>(${spec.workgroup}u, 1u, 1u);`,
    "  main();",
    "}",
    variant === "plain" ? spec.shader : (spec.variants?.[variant] ?? spec.shader),
  ].join("\n");
}

/** Values of the uniforms as the module's struct has them: scalars in a row, the first workgroup before them. */
export function uniformBytes(spec: Spec, sizes: Sizes): ArrayBuffer {
  const values = Object.entries(sizes);
  const view = new DataView(new ArrayBuffer(Math.ceil((FIRST_GROUP.length + values.length) / 4) * 16));
  values.forEach(([name, value], i) => {
    const at = 4 * (FIRST_GROUP.length + i);
    if (spec.uniforms[name] === "f32") view.setFloat32(at, value, true);
    else view.setInt32(at, value, true);
  });
  return view.buffer;
}

interface CompiledKernel extends KernelPipeline {
  readonly compiled: Promise<void>;
}

const pipelines = new WeakMap<GPUDevice, Map<string, CompiledKernel>>();

function pipelinesOf(device: GPUDevice): Map<string, CompiledKernel> {
  let known = pipelines.get(device);
  if (!known) pipelines.set(device, (known = new Map()));
  return known;
}
const keyOf = (spec: Spec, variant: Variant): string => `${spec.name} ${variant}`;

/** The kernel compiled for the device in use, once for each variant. */
export function kernelPipeline(spec: Spec, variant: Variant, sizeNames: readonly string[]): KernelPipeline {
  const { device } = webgpuBackend();
  const known = pipelinesOf(device);
  let program = known.get(keyOf(spec, variant));
  if (!program) {
    const { compiled, layout, description } = describe(device, spec, variant, sizeNames);
    known.set(keyOf(spec, variant), (program = { pipeline: device.createComputePipeline(description), layout, compiled }));
  }
  return program;
}

/**
 * Compiles beside whatever the device is doing; dispatches then use the result. A kernel that fails leaves no trace.
 * @throws EngineError `shader-failed`, with the lines at fault where the module has errors
 */
export async function compileKernel(spec: Spec, variant: Variant, sizeNames: readonly string[]): Promise<void> {
  const { device } = webgpuBackend();
  const known = pipelinesOf(device);
  const key = keyOf(spec, variant);
  if (known.has(key)) return known.get(key)?.compiled;
  device.pushErrorScope("validation");
  const { compiled, layout, description } = describe(device, spec, variant, sizeNames);
  const [refused] = await Promise.all([device.popErrorScope(), compiled]);
  if (refused) throw shaderFailed(spec.name, refused.message);
  try {
    const pipeline = await device.createComputePipelineAsync(description);
    if (!known.has(key)) known.set(key, { pipeline, layout, compiled });
  } catch (thrown) {
    throw shaderFailed(spec.name, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function describe(device: GPUDevice, spec: Spec, variant: Variant, sizeNames: readonly string[]) {
  const code = kernelCode(spec, variant, sizeNames);
  const module = device.createShaderModule({ label: `${spec.name} ${variant}`, code });
  // A lost device gives none, and its loss is told elsewhere.
  const info = module.getCompilationInfo().catch(() => ({ messages: [] }));
  const compiled = info.then(({ messages }) => throwOnErrors(spec.name, code, messages));
  // An explicit layout binds inputs that a shader does not read, where an automatic one would refuse them.
  const access = [
    "storage",
    ...Object.values(spec.inputs).map((operand) => (operand.updated ? "storage" : "read-only-storage")),
    "uniform",
  ];
  const layout = device.createBindGroupLayout({
    entries: access.map((type, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: type as GPUBufferBindingType },
    })),
  });
  const description: GPUComputePipelineDescriptor = {
    label: spec.name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: "entry" },
  };
  return { compiled, layout, description };
}

/** The line of each error with its source, as a compiler would print it. @throws EngineError `shader-failed` */
export function throwOnErrors(kernel: string, code: string, messages: readonly GPUCompilationMessage[]): void {
  const errors = messages.filter(({ type }) => type === "error");
  if (errors.length === 0) return;
  const lines = code.split("\n");
  const said = errors.map(({ lineNum, linePos, message }) => {
    const source = lines[lineNum - 1] ?? "";
    return `line ${lineNum}: ${message}\n  ${source}\n  ${" ".repeat(Math.max(0, linePos - 1))}^`;
  });
  throw shaderFailed(kernel, said.join("\n"));
}

const shaderFailed = (kernel: string, why: string): EngineError =>
  new EngineError(
    "shader-failed",
    `Kernel ${kernel} does not compile: ${why}`,
    "Update the browser and the graphics driver; if it stays, report this message.",
  );
