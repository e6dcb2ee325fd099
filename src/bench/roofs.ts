import { tf, zeroVector } from "../gpu/tensors.ts";
import { linear } from "../kernels/linear.ts";
import type { Weight } from "../kernels/weight.ts";
import type { Timing } from "./compare.ts";
import { disposeWeight, randomFloats, uploadWeight } from "./fixtures.ts";
import type { Roofs } from "./results.ts";
import { settle } from "./settle.ts";
import type { Scale } from "./scale.ts";
import { median } from "./statistics.ts";

/** Touches nothing: what is left is the cost of a dispatch. */
const EMPTY = "@compute @workgroup_size(1) fn main() {}";

/** Runs of one thing until the clock can be trusted; median milliseconds of each. */
async function time(device: GPUDevice, timing: Timing, encode: (count: number) => void, count: number): Promise<number> {
  const each: number[] = [];
  for (let round = 0; round <= timing.rounds; round++) {
    const from = performance.now();
    encode(count);
    await device.queue.onSubmittedWorkDone();
    // The first run warms up.
    if (round > 0) each.push((performance.now() - from) / count);
  }
  return median(each);
}

async function copyBandwidth(device: GPUDevice, timing: Timing, bytes: number): Promise<number> {
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [from, to] = [device.createBuffer({ size: bytes, usage }), device.createBuffer({ size: bytes, usage })];
  const encode = (count: number): void => {
    const encoder = device.createCommandEncoder();
    for (let i = 0; i < count; i++) encoder.copyBufferToBuffer(i % 2 ? to : from, 0, i % 2 ? from : to, 0, bytes);
    device.queue.submit([encoder.finish()]);
  };
  const ms = await time(device, timing, encode, 20);
  from.destroy();
  to.destroy();
  // Each byte is read and written.
  return (2 * bytes) / ms / 1e6;
}

async function dispatchCost(device: GPUDevice, timing: Timing): Promise<number> {
  const module = device.createShaderModule({ code: EMPTY });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
  const encode = (count: number): void => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    for (let i = 0; i < count; i++) pass.dispatchWorkgroups(1);
    pass.end();
    device.queue.submit([encoder.finish()]);
  };
  return 1e3 * (await time(device, timing, encode, 1000));
}

/** Bytes a second that the product of one row with a packed weight reads; copies of the weight keep it out of the cache. */
async function matvec(timing: Timing, format: "int8" | "int4", size: number, copies: number) {
  const weights: Weight[] = Array.from({ length: copies }, (_, copy) => uploadWeight(format, size, size, 40 + copy));
  const x = tf.tensor(randomFloats(3, size), [1, size]);
  const bias = zeroVector(size);
  const [first] = weights;
  const weightBytes = 4 * ((first?.w.size ?? 0) + (first?.scales?.size ?? 0));
  const each: number[] = [];
  const calls = Math.max(copies, 8);
  for (let round = 0; round <= timing.rounds; round++) {
    await settle();
    const from = performance.now();
    for (let i = 0; i < calls; i++) linear(x, weights[i % copies] as Weight, bias).dispose();
    await settle();
    if (round > 0) each.push((performance.now() - from) / calls);
  }
  x.dispose();
  weights.forEach(disposeWeight);
  const name = `one row × ${size} × ${size}, ${format}`;
  return { name, weightBytes, gbs: weightBytes / median(each) / 1e6, bar: { kind: "at least", value: 0.8 } } as const;
}

export async function measureRoofs(device: GPUDevice, scale: Scale, timing: Timing): Promise<Roofs> {
  await settle();
  const copyGBs = await copyBandwidth(device, timing, scale.copyBytes);
  const dispatchUs = await dispatchCost(device, timing);
  const found = [];
  for (const format of ["int8", "int4"] as const) {
    const bytes = (scale.matvecSize ** 2 * (format === "int8" ? 8 : 4)) / 8;
    found.push(await matvec(timing, format, scale.matvecSize, scale.copiesOf(bytes)));
  }
  return { copyGBs, dispatchUs, matvec: found };
}
