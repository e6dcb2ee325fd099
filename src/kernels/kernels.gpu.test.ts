import { beforeAll, describe, expect, test } from "vitest";
import { outputShape, toleranceOf, variantsOf } from "../gpu/defineKernel.ts";
import { tf, webgpuBackend } from "../gpu/tensors.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { allKernels } from "./allKernels.ts";
import { kernelCases } from "./kernelCases.ts";
import { expectedOf, kernelCase, relativeError, runKernel } from "./kernelRun.ts";

let gpuErrors: readonly string[] = [];
beforeAll(async () => {
  gpuErrors = await installTestGpu();
});

describe.each(allKernels.map((kernel) => [kernel.spec.name, kernel] as const))("%s", (name, kernel) => {
  const cases = kernelCases(name);
  test("has cases", () => expect(cases.length).toBeGreaterThanOrEqual(3));
  test.each(cases.map((sizes) => [JSON.stringify(sizes), sizes] as const))("%s", async (_label, sizes) => {
    const before = tf.memory().numTensors;
    const given = kernelCase(kernel, sizes);
    const expected = expectedOf(kernel, given);
    for (const variant of variantsOf(kernel.spec, webgpuBackend().device.features)) {
      const { got, fault } = await runKernel(kernel, variant, given);
      expect([fault, ...gpuErrors]).toEqual([undefined]);
      expect(got[0]?.length).toBe(outputShape(kernel.spec, given.bound).reduce((a, b) => a * b, 1));
      expected.forEach((values, k) => {
        expect(relativeError(got[k] ?? [], values), variant).toBeLessThan(toleranceOf(kernel.spec, variant));
        expect(got[k]?.every(Number.isFinite)).toBe(true);
      });
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
