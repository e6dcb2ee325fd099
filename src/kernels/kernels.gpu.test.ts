import { beforeAll, describe, expect, test } from "vitest";
import { bindSizes, outputShape, type Kernel, type Sizes } from "../gpu/defineKernel.ts";
import { requestGpu } from "../gpu/device.ts";
import { installBackend, readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import { createPrng } from "../lib/prng.ts";
import { allKernels } from "./allKernels.ts";
import { kernelCases, randomInputs } from "./testing/kernelCases.ts";

const gpuErrors: string[] = [];

beforeAll(async () => {
  const gpu = await requestGpu(navigator.gpu);
  gpu.device.addEventListener("uncapturederror", (event) => gpuErrors.push(event.error.message));
  await installBackend(gpu);
});

async function runOnGpu(
  kernel: Kernel,
  inputs: Record<string, Float32Array | Int32Array>,
  shapes: Record<string, number[]>,
  values: Sizes,
): Promise<Float32Array> {
  const tensors: Record<string, Tensor> = {};
  for (const [name, data] of Object.entries(inputs))
    tensors[name] = tf.tensor(data, shapes[name], kernel.spec.inputs[name]?.dtype ?? "float32");
  const { result: target, ...rest } = tensors;
  const result = target ?? kernel.run(rest, values);
  if (target) kernel.runInto(target, rest, values);
  const floats = await readFloats(result);
  tf.dispose([result, ...Object.values(rest)]);
  return floats;
}

describe.each(allKernels.map((kernel) => [kernel.spec.name, kernel] as const))("%s", (name, kernel) => {
  const cases = kernelCases(name);
  test("has cases", () => expect(cases.length).toBeGreaterThanOrEqual(3));
  test.each(cases.map((sizes) => [JSON.stringify(sizes), sizes] as const))("%s", async (_label, sizes) => {
    const before = tf.memory().numTensors;
    const { inputs, shapes } = randomInputs(kernel, sizes, createPrng(7));
    const bound = bindSizes(
      kernel.spec,
      Object.fromEntries(
        Object.entries(shapes)
          .filter(([key]) => key !== "result")
          .map(([key, shape]) => [key, { shape, dtype: kernel.spec.inputs[key]?.dtype ?? "float32" }]),
      ),
      sizes,
    );
    const expected = kernel.spec.reference(inputs, bound);
    const got = await runOnGpu(kernel, inputs, shapes, sizes);
    expect(gpuErrors).toEqual([]);
    expect(got.length).toBe(outputShape(kernel.spec, bound).reduce((a, b) => a * b, 1));
    const largest = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-3);
    let worst = 0;
    expected.forEach((v, k) => (worst = Math.max(worst, Math.abs(v - (got[k] ?? NaN)))));
    expect(worst / largest).toBeLessThan(2e-5);
    expect(got.every(Number.isFinite)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });
});
