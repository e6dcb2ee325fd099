import { beforeAll, describe, expect, test } from "vitest";
import { bindSizes, outputShape, toleranceOf, variantsOf, type Kernel, type Sizes, type Variant } from "../gpu/defineKernel.ts";
import { requestGpu } from "../gpu/device.ts";
import { installBackend, tf, webgpuBackend, withTraits, type Tensor } from "../gpu/tensors.ts";
import { createPrng } from "../lib/prng.ts";
import { allKernels } from "./allKernels.ts";
import { kernelCases, randomInputs } from "./kernelCases.ts";

const gpuErrors: string[] = [];

beforeAll(async () => {
  const gpu = await requestGpu(navigator.gpu);
  gpu.device.addEventListener("uncapturederror", (event) => gpuErrors.push(event.error.message));
  await installBackend(gpu);
});

/** The result, then the contents of the inputs the kernel updates. */
async function runOnGpu(
  kernel: Kernel,
  variant: Variant,
  { inputs, shapes }: ReturnType<typeof randomInputs>,
  values: Sizes,
): Promise<Float32Array[]> {
  const tensors: Record<string, Tensor> = {};
  for (const [name, data] of Object.entries(inputs))
    tensors[name] = tf.tensor(data, shapes[name], kernel.spec.inputs[name]?.dtype ?? "float32");
  const { result: target, ...rest } = tensors;
  const result = withTraits({ subgroups: variant === "subgroups", f16: variant === "f16" }, () => {
    if (target) kernel.runInto(target, rest, values);
    return target ?? kernel.run(rest, values);
  });
  const changed = updatedInputs(kernel).map((name) => rest[name] as Tensor);
  const read = await Promise.all([result, ...changed].map(async (tensor) => Float32Array.from(await tensor.data())));
  tf.dispose([result, ...Object.values(rest)]);
  return read;
}

const updatedInputs = ({ spec }: Kernel): string[] =>
  Object.entries(spec.inputs)
    .filter(([, operand]) => operand.updated)
    .map(([name]) => name);

function relativeError(got: Float32Array, expected: Float32Array): number {
  const largest = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-3);
  let worst = 0;
  expected.forEach((v, k) => (worst = Math.max(worst, Math.abs(v - (got[k] ?? NaN)))));
  return worst / largest;
}

describe.each(allKernels.map((kernel) => [kernel.spec.name, kernel] as const))("%s", (name, kernel) => {
  const cases = kernelCases(name);
  test("has cases", () => expect(cases.length).toBeGreaterThanOrEqual(3));
  test.each(cases.map((sizes) => [JSON.stringify(sizes), sizes] as const))("%s", async (_label, sizes) => {
    const before = tf.memory().numTensors;
    const random = randomInputs(kernel, sizes, createPrng(7));
    const bound = bindSizes(
      kernel.spec,
      Object.fromEntries(
        Object.entries(random.shapes)
          .filter(([key]) => key !== "result")
          .map(([key, shape]) => [key, { shape, dtype: kernel.spec.inputs[key]?.dtype ?? "float32" }]),
      ),
      sizes,
    );
    // The reference changes updated inputs in place.
    const copies = Object.fromEntries(Object.entries(random.inputs).map(([key, data]) => [key, data.slice()]));
    const expected = [kernel.spec.reference(copies, bound), ...updatedInputs(kernel).map((key) => copies[key] as Float32Array)];
    for (const variant of variantsOf(kernel.spec, webgpuBackend().device.features)) {
      const got = await runOnGpu(kernel, variant, random, sizes);
      expect(gpuErrors).toEqual([]);
      expect(got[0]?.length).toBe(outputShape(kernel.spec, bound).reduce((a, b) => a * b, 1));
      expected.forEach((values, k) => {
        expect(relativeError(got[k] ?? new Float32Array(), values), variant).toBeLessThan(toleranceOf(kernel.spec, variant));
        expect(got[k]?.every(Number.isFinite)).toBe(true);
      });
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
