import { beforeAll, expect, test } from "vitest";
import { requestGpu } from "../gpu/device.ts";
import { meterDevice, type Meter } from "../gpu/meter.ts";
import { installBackend, tf } from "../gpu/tensors.ts";
import { tinyFiles } from "../model/testing/tinyModel.ts";
import { baseComparisons } from "./baseSuite.ts";
import { compare } from "./compare.ts";
import { layerComparisons } from "./layerSuite.ts";
import { measureRoofs } from "./roofs.ts";
import { chooseScale, type Scale } from "./scale.ts";
import { trainingComparison } from "./trainingSuite.ts";

const scale: Scale = {
  ...chooseScale(true, { quick: true }),
  layer: { inputs: 64, outputs: 128 },
  forwardRows: [1, 9],
  backwardRows: [5],
  widths: [64],
  prefillRows: 9,
  trainingSteps: 2,
  copyBytes: 2 ** 16,
  matvecSize: 64,
};

let meter: Meter;
let device: GPUDevice;
const gpuErrors: string[] = [];
beforeAll(async () => {
  const gpu = await requestGpu(navigator.gpu);
  ({ device } = gpu);
  device.addEventListener("uncapturederror", ({ error }) => gpuErrors.push(error.message));
  meter = meterDevice(device);
  await installBackend(gpu);
});
const timing = () => ({ rounds: 1, runMs: 0, meter });

test.each(
  layerComparisons(scale).map(
    (comparison) => [`${comparison.name}, ${comparison.ours.label}, ${comparison.other.label}`, comparison] as const,
  ),
)("%s: equal results in fewer dispatches", async (_name, comparison) => {
  const before = tf.memory().numTensors;
  const { ours, other, disagreement } = await compare(comparison, timing());
  expect(disagreement).toBeLessThan(1e-4);
  expect(ours.dispatches).toBeGreaterThan(0);
  expect(ours.dispatches).toBeLessThan(other.dispatches);
  expect(ours.peakBytes).toBeGreaterThan(4 * 64);
  // A vector of zeros may stay, once.
  expect(tf.memory().numTensors - before).toBeLessThanOrEqual(1);
  expect(gpuErrors).toEqual([]);
});

test("a mixture takes few dispatches more than the product it is added to", async () => {
  for (const comparison of baseComparisons(scale)) {
    const { ours, other } = await compare(comparison, timing());
    expect(other.dispatches).toBe(1);
    expect(ours.dispatches).toBeLessThanOrEqual(3);
  }
});

test("training in stock ops has the engine's losses, step by step", async () => {
  const files = tinyFiles("gpt2", { format: "int4" });
  const { ours, other, disagreement } = await compare(trainingComparison(files, scale), timing());
  expect(disagreement).toBeLessThan(1e-3);
  expect(ours.dispatches).toBeLessThan(other.dispatches);
  expect(gpuErrors).toEqual([]);
});

test("roofs are positive", async () => {
  const { copyGBs, dispatchUs, matvec } = await measureRoofs(device, scale, timing());
  expect(Math.min(copyGBs, dispatchUs, ...matvec.map(({ gbs }) => gbs))).toBeGreaterThan(0);
});
