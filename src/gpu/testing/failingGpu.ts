/** A GPU whose memory ends at a buffer of one's choice, in the two ways in which WebGPU says so. */

/** "throws": a buffer that is mapped from the start and has no memory on the host; "scope": one that turns out to be none. */
export type Refusal = "throws" | "scope";

export interface FailingGpu {
  readonly gpu: GPU;
  /** The so manyeth buffer from now on, counted from 1, is refused; none where absent. */
  arm(refused?: { readonly at: number; readonly how: Refusal }): void;
  /** Of each buffer asked for since arm, whether it was mapped from the start. */
  readonly asked: readonly boolean[];
  /** Refusals that nobody asked about: no scope was open. */
  readonly unowned: number;
}

interface Scope {
  readonly filter: GPUErrorFilter;
  error: GPUError | undefined;
}

export function createFailingGpu(real: GPU): FailingGpu {
  let refused: { readonly at: number; readonly how: Refusal } | undefined;
  let unowned = 0;
  let asked: boolean[] = [];
  const scopes: Scope[] = [];
  const watch = (device: GPUDevice): GPUDevice => {
    const { createBuffer, pushErrorScope, popErrorScope } = device;
    device.pushErrorScope = (filter) => {
      scopes.push({ filter, error: undefined });
      return pushErrorScope.call(device, filter);
    };
    device.popErrorScope = async () => {
      const scope = scopes.pop();
      const error = await popErrorScope.call(device);
      return scope?.error ?? error;
    };
    device.createBuffer = (descriptor) => {
      asked.push(descriptor.mappedAtCreation === true);
      if (asked.length !== refused?.at) return createBuffer.call(device, descriptor);
      if (refused.how === "throws" && descriptor.mappedAtCreation) throw new RangeError("createBuffer failed: no memory on the host");
      const scope = scopes.findLast(({ filter }) => filter === "out-of-memory");
      if (scope) scope.error = new GPUOutOfMemoryError("no memory on the GPU");
      else unowned += 1;
      return noBuffer(device, createBuffer, { pushErrorScope, popErrorScope }, descriptor);
    };
    return device;
  };
  const gpu = {
    async requestAdapter(options?: GPURequestAdapterOptions) {
      const adapter = await real.requestAdapter(options);
      if (!adapter) return null;
      const request = adapter.requestDevice;
      adapter.requestDevice = async (descriptor) => watch(await request.call(adapter, descriptor));
      return adapter;
    },
  };
  return {
    gpu: gpu as GPU,
    arm(next) {
      refused = next;
      asked = [];
    },
    get asked() {
      return asked;
    },
    get unowned() {
      return unowned;
    },
  };
}

/** A buffer that is invalid for the GPU, as one without memory is, and looks like what was asked for. */
function noBuffer(
  device: GPUDevice,
  create: GPUDevice["createBuffer"],
  scopes: Pick<GPUDevice, "pushErrorScope" | "popErrorScope">,
  descriptor: GPUBufferDescriptor,
): GPUBuffer {
  scopes.pushErrorScope.call(device, "validation");
  // These two together are forbidden.
  const buffer = create.call(device, { ...descriptor, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE });
  void scopes.popErrorScope.call(device);
  return Object.defineProperty(buffer, "usage", { value: descriptor.usage });
}
