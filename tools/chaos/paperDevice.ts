/** A GPU device that computes nothing and holds nothing, but counts what each submit would be: models of any size fit. */
import type { GpuDevice } from "../../src/gpu/device.ts";
import { stockWork, type Work } from "../../src/gpu/submitBudget.ts";
import { allKernels } from "../../src/kernels/allKernels.ts";

/** One submit, as the device saw it. */
export interface PaperSubmit extends Work {
  readonly dispatches: number;
  /** The one with most work. */
  readonly longest: { readonly name: string; readonly work: Work };
}

interface PaperBuffer {
  readonly size: number;
  /** What was written, where the buffer holds uniforms. */
  readonly bytes: Uint8Array | undefined;
}
interface PaperBinding {
  readonly buffer: PaperBuffer;
  readonly offset: number;
  readonly size: number;
}
interface Counted {
  readonly name: string;
  readonly work: Work;
}

/** What desktop GPUs give to a page. */
const LIMITS = {
  maxBufferSize: 2 ** 32 - 4,
  maxStorageBufferBindingSize: 2 ** 31,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupStorageSize: 32_768,
  maxStorageBuffersPerShaderStage: 10,
  minUniformBufferOffsetAlignment: 256,
};

export function createPaperDevice(): { readonly gpu: GpuDevice; readonly submits: PaperSubmit[] } {
  const submits: PaperSubmit[] = [];
  const queue = {
    writeBuffer(buffer: PaperBuffer, offset: number, data: ArrayBuffer | ArrayBufferView, from = 0, size?: number) {
      if (!buffer.bytes) return;
      const [whole, start] = ArrayBuffer.isView(data) ? [data.buffer, data.byteOffset] : [data, 0];
      const length = size ?? data.byteLength - from;
      buffer.bytes.set(new Uint8Array(whole, start + from, length), offset);
    },
    submit: (lists: readonly (readonly Counted[])[]) => void submits.push(...summed(lists.flat())),
    onSubmittedWorkDone: async () => undefined,
  };
  const described = ({ label }: { label?: string }) => ({ label, getBindGroupLayout: () => ({}) });
  const device = {
    queue,
    limits: LIMITS,
    features: new Set<string>(),
    lost: new Promise(() => undefined),
    addEventListener: () => undefined,
    pushErrorScope: () => undefined,
    popErrorScope: async () => null,
    createBuffer: paperBuffer,
    createShaderModule: () => ({ getCompilationInfo: async () => ({ messages: [] }) }),
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createComputePipeline: described,
    createComputePipelineAsync: async (description: { label?: string }) => described(description),
    createBindGroup: ({ entries }: { entries: readonly { resource: GPUBufferBinding }[] }) =>
      entries.map(({ resource }) => bound(resource)),
    createCommandEncoder: paperEncoder,
  };
  const info = { vendor: "paper", architecture: "", device: "", description: "counts, and computes nothing" };
  return { gpu: { device, info, software: false, fallbacks: [] } as unknown as GpuDevice, submits };
}

function paperBuffer({ size, usage }: GPUBufferDescriptor): GPUBuffer {
  const contents = usage & GPUBufferUsage.UNIFORM ? new Uint8Array(size) : undefined;
  const own = {
    size,
    usage,
    bytes: contents,
    mapState: "unmapped",
    destroy: () => undefined,
    unmap: () => undefined,
    mapAsync: async () => undefined,
    getMappedRange: () => new ArrayBuffer(size),
  };
  // A buffer by its kind, without anything behind it.
  const values = Object.entries(own).map(([name, value]) => [name, { value }] as const);
  return Object.create(GPUBuffer.prototype, Object.fromEntries(values)) as GPUBuffer;
}

const bound = ({ buffer, offset = 0, size }: GPUBufferBinding): PaperBinding => {
  const paper = buffer as unknown as PaperBuffer;
  return { buffer: paper, offset, size: size ?? paper.size - offset };
};

function paperEncoder() {
  const list: Counted[] = [];
  let label = "";
  let bindings: readonly PaperBinding[] = [];
  const pass = {
    setPipeline: (pipeline: { label?: string }) => void (label = pipeline.label ?? ""),
    setBindGroup: (_index: number, group: readonly PaperBinding[]) => void (bindings = group),
    dispatchWorkgroups: (...grid: number[]) => void list.push({ name: label, work: workOf(label, bindings, grid) }),
    end: () => undefined,
  };
  return { beginComputePass: () => pass, copyBufferToBuffer: () => undefined, clearBuffer: () => undefined, finish: () => list };
}

function summed(list: readonly Counted[]): PaperSubmit[] {
  const [first] = list;
  if (!first) return [];
  const longest = list.reduce((most, one) => (one.work.flops > most.work.flops ? one : most), first);
  const flops = list.reduce((sum, { work }) => sum + work.flops, 0);
  return [{ flops, bytes: list.reduce((sum, { work }) => sum + work.bytes, 0), dispatches: list.length, longest }];
}

const specs = new Map(allKernels.map(({ spec }) => [spec.name, spec]));
/** Uniforms that come before the sizes: where the piece begins. */
const BEFORE_SIZES = 2;

/** Our own kernels by the sizes in their uniforms and the share of the grid: of operands with the result's rows a piece touches its share, of others all. */
function workOf(label: string, bindings: readonly PaperBinding[], grid: readonly number[]): Work {
  const spec = specs.get(label);
  if (!spec) {
    const shapes = bindings.slice(0, -1).map(({ size }) => ({ shape: [size / 4] }));
    return stockWork(label, shapes[0] ?? { shape: [0] }, shapes.slice(1));
  }
  const uniforms = bindings.at(-1);
  if (!uniforms?.buffer.bytes) throw new Error(`${label} binds no uniforms`);
  const view = new DataView(uniforms.buffer.bytes.buffer, uniforms.offset, uniforms.size);
  const names = [...new Set([...Object.values(spec.inputs).flatMap(({ axes }) => axes), ...Object.keys(spec.uniforms)])];
  const sizes = Object.fromEntries(
    names.map((name, i) => {
      const at = 4 * (BEFORE_SIZES + i);
      return [name, spec.uniforms[name] === "f32" ? view.getFloat32(at, true) : view.getInt32(at, true)];
    }),
  );
  const groups = (sides: readonly number[]): number => sides.reduce((a, b) => a * b, 1);
  const share = groups(grid) / groups(spec.dispatch(sizes));
  const [row = ""] = spec.output.axes;
  const shares = [spec.output, ...Object.values(spec.inputs)].map(({ axes }) => (axes.includes(row) ? share : 1));
  return { flops: spec.flops(sizes) * share, bytes: shares.reduce((sum, own, i) => sum + own * (bindings[i]?.size ?? 0), 0) };
}
