/** What a device has been asked to do, whoever asked: TF.js, our own submits, or another runtime on the same device. */

/** Bytes are those of buffers; counts are since the device was metered. */
export interface MeterReading {
  /** Compute dispatches encoded. */
  readonly dispatches: number;
  /**
   * Sizes of every binding of every dispatch, summed: what kernels could touch. A kernel that reads part of a binding,
   * or reads it twice, moves less or more than this.
   */
  readonly boundBytes: number;
  /** Buffers created and not destroyed. */
  readonly liveBytes: number;
  /** The most that were live at once, since the start or the last restartPeak. */
  readonly peakBytes: number;
}

export interface Meter {
  read(): MeterReading;
  /** From now on the peak is that of what is live now and comes later. */
  restartPeak(): void;
}

interface Counts {
  dispatches: number;
  boundBytes: number;
  liveBytes: number;
  peakBytes: number;
}

const meters = new WeakMap<GPUDevice, Meter>();

export const meterOf = (device: GPUDevice): Meter | undefined => meters.get(device);

/**
 * Counts on this device from now on; a second call returns the same meter. Methods are replaced on the objects themselves,
 * so that objects of other devices stay as they are.
 */
export function meterDevice(device: GPUDevice): Meter {
  const known = meters.get(device);
  if (known) return known;
  const counts: Counts = { dispatches: 0, boundBytes: 0, liveBytes: 0, peakBytes: 0 };
  const bound = new WeakMap<GPUBindGroup, number>();
  meterBuffers(device, counts);
  meterBindGroups(device, bound);
  meterPasses(device, counts, bound);
  const meter: Meter = {
    read: () => ({ ...counts }),
    restartPeak: () => {
      counts.peakBytes = counts.liveBytes;
    },
  };
  meters.set(device, meter);
  return meter;
}

function meterBuffers(device: GPUDevice, counts: Counts): void {
  const create = device.createBuffer;
  device.createBuffer = (descriptor) => {
    const buffer = create.call(device, descriptor);
    let live = buffer.size;
    counts.liveBytes += live;
    counts.peakBytes = Math.max(counts.peakBytes, counts.liveBytes);
    const destroy = buffer.destroy;
    buffer.destroy = () => {
      // Destroying twice is allowed.
      counts.liveBytes -= live;
      live = 0;
      return destroy.call(buffer);
    };
    return buffer;
  };
}

function meterBindGroups(device: GPUDevice, bound: WeakMap<GPUBindGroup, number>): void {
  const create = device.createBindGroup;
  device.createBindGroup = (descriptor) => {
    const group = create.call(device, descriptor);
    let bytes = 0;
    for (const { resource } of descriptor.entries) bytes += bytesOf(resource);
    bound.set(group, bytes);
    return group;
  };
}

function bytesOf(resource: GPUBindingResource): number {
  if ("buffer" in resource) return resource.size ?? resource.buffer.size - (resource.offset ?? 0);
  // Newer WebGPU takes a whole buffer as a binding; textures and samplers count nothing.
  return "mapState" in resource ? resource.size : 0;
}

type SetBindGroup = (this: GPUComputePassEncoder, index: number, group: GPUBindGroup | null | undefined, ...offsets: never[]) => undefined;

function meterPasses(device: GPUDevice, counts: Counts, bound: WeakMap<GPUBindGroup, number>): void {
  const createEncoder = device.createCommandEncoder;
  device.createCommandEncoder = (descriptor) => {
    const encoder = createEncoder.call(device, descriptor);
    const begin = encoder.beginComputePass;
    encoder.beginComputePass = (description) => meterPass(begin.call(encoder, description), counts, bound);
    return encoder;
  };
}

function meterPass(pass: GPUComputePassEncoder, counts: Counts, bound: WeakMap<GPUBindGroup, number>): GPUComputePassEncoder {
  const groups: number[] = [];
  const setBindGroup = pass.setBindGroup as SetBindGroup;
  const setMetered: SetBindGroup = (index, group, ...offsets) => {
    groups[index] = group ? (bound.get(group) ?? 0) : 0;
    return setBindGroup.call(pass, index, group, ...offsets);
  };
  pass.setBindGroup = setMetered as GPUComputePassEncoder["setBindGroup"];
  const count = (): void => {
    counts.dispatches += 1;
    for (const bytes of groups) counts.boundBytes += bytes ?? 0;
  };
  const { dispatchWorkgroups, dispatchWorkgroupsIndirect } = pass;
  pass.dispatchWorkgroups = (x, y, z) => {
    count();
    return dispatchWorkgroups.call(pass, x, y ?? 1, z ?? 1);
  };
  pass.dispatchWorkgroupsIndirect = (buffer, offset) => {
    count();
    return dispatchWorkgroupsIndirect.call(pass, buffer, offset);
  };
  return pass;
}
