import { beforeAll, describe, expect, test } from "vitest";
import { requestGpu, type GpuDevice } from "./device.ts";
import { meterDevice, meterOf, type Meter, type MeterReading } from "./meter.ts";
import { installBackend, readFloats, tf } from "./tensors.ts";

const ADD_ONE = `
@group(0) @binding(0) var<storage, read_write> result : array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id : vec3u) { result[id.x] += 1.0; }`;

let gpu: GpuDevice;
let meter: Meter;
beforeAll(async () => {
  gpu = await requestGpu(navigator.gpu);
  meter = meterDevice(gpu.device);
  await installBackend(gpu);
});

/** What changed while the work ran; the peak is the one reached. */
async function during(work: () => Promise<void> | void): Promise<MeterReading> {
  meter.restartPeak();
  const before = meter.read();
  await work();
  const after = meter.read();
  return {
    dispatches: after.dispatches - before.dispatches,
    boundBytes: after.boundBytes - before.boundBytes,
    liveBytes: after.liveBytes - before.liveBytes,
    peakBytes: after.peakBytes - before.liveBytes,
  };
}

test("a device has one meter", () => {
  expect(meterDevice(gpu.device)).toBe(meter);
  expect(meterOf(gpu.device)).toBe(meter);
});

describe("our own submits", () => {
  const run = (buffer: GPUBuffer, indirect: GPUBuffer, dispatches: number, binding: Omit<GPUBufferBinding, "buffer"> = {}): void => {
    const { device } = gpu;
    const pipeline = device.createComputePipeline({
      layout: "auto",
      compute: { module: device.createShaderModule({ code: ADD_ONE }), entryPoint: "main" },
    });
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer, ...binding } }],
    });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let i = 0; i < dispatches; i++) pass.dispatchWorkgroups(1);
    pass.dispatchWorkgroupsIndirect(indirect, 0);
    pass.end();
    device.queue.submit([encoder.finish()]);
  };

  test("are counted, direct and indirect, with the bytes they bind; buffers until they are destroyed", async () => {
    const { device } = gpu;
    const counted = await during(async () => {
      const buffer = device.createBuffer({ size: 1024, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
      const indirect = device.createBuffer({ size: 12, usage: GPUBufferUsage.INDIRECT | GPUBufferUsage.COPY_DST });
      device.queue.writeBuffer(indirect, 0, new Uint32Array([1, 1, 1]));
      run(buffer, indirect, 3);
      run(buffer, indirect, 1, { offset: 256 });
      run(buffer, indirect, 1, { offset: 256, size: 256 });
      await device.queue.onSubmittedWorkDone();
      buffer.destroy();
      buffer.destroy();
      indirect.destroy();
    });
    expect(counted).toEqual({ dispatches: 8, boundBytes: 4 * 1024 + 2 * 768 + 2 * 256, liveBytes: 0, peakBytes: 1036 });
  });

  test("compute what they would without a meter", async () => {
    const { device } = gpu;
    const buffer = device.createBuffer({ size: 256, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
    const indirect = device.createBuffer({ size: 12, usage: GPUBufferUsage.INDIRECT | GPUBufferUsage.COPY_DST });
    const readback = device.createBuffer({ size: 256, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    device.queue.writeBuffer(indirect, 0, new Uint32Array([1, 1, 1]));
    run(buffer, indirect, 2);
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, readback, 0, 256);
    device.queue.submit([encoder.finish()]);
    await readback.mapAsync(GPUMapMode.READ);
    expect(new Float32Array(readback.getMappedRange())).toEqual(new Float32Array(64).fill(3));
    for (const made of [buffer, indirect, readback]) made.destroy();
  });
});

test("ops of TF.js are counted", async () => {
  const [a, b] = [tf.ones([32, 48]), tf.ones([48, 16])];
  await Promise.all([readFloats(a), readFloats(b)]);
  const counted = await during(async () => {
    const product = tf.matMul(a, b);
    expect(await readFloats(product)).toEqual(new Float32Array(32 * 16).fill(48));
    product.dispose();
  });
  expect(counted.dispatches).toBe(1);
  // Two inputs, the result and the uniforms.
  const floats = 4 * (32 * 48 + 48 * 16 + 32 * 16);
  expect(counted.boundBytes).toBeGreaterThanOrEqual(floats);
  expect(counted.boundBytes).toBeLessThan(floats + 1024);
  tf.dispose([a, b]);
});

test("a second device is counted for itself", async () => {
  const other = await requestGpu(navigator.gpu);
  const otherMeter = meterDevice(other.device);
  const counted = await during(() => {
    other.device.createBuffer({ size: 4096, usage: GPUBufferUsage.STORAGE }).destroy();
  });
  expect(counted.peakBytes).toBe(0);
  expect(otherMeter.read().peakBytes).toBe(4096);
});
