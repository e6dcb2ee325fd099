import { beforeAll, expect, test } from "vitest";
import { defineKernel, f32, type Kernel, type KernelSpec } from "../gpu/defineKernel.ts";
import { tf } from "../gpu/tensors.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { allKernels } from "./allKernels.ts";
import { kernelsInUse, proveKernels, type ProofStep } from "./kernelProof.ts";
import { relativeError } from "./kernelRun.ts";

let gpuErrors: readonly string[] = [];
beforeAll(async () => {
  gpuErrors = await installTestGpu();
});

/** A product in name, for its cases; doubles its input in truth. */
const planted = (name: string, lies: Partial<KernelSpec<string, string>>): Kernel =>
  defineKernel<string, string>({
    name: `Linear/f32/base/${name}`,
    shader: "fn main() {\n  if (globalId.x < arrayLength(&result)) { result[globalId.x] = 2.0 * x[globalId.x]; }\n}",
    inputs: { x: f32("N", "I") },
    output: f32("N", "I"),
    uniforms: {},
    workgroup: 64,
    dispatch: ({ N = 0, I = 0 }) => [Math.ceil((N * I) / 64), 1, 1],
    flops: ({ N = 0, I = 0 }) => N * I,
    reference: ({ x }) => Float32Array.from(x ?? [], (value) => 2 * value),
    ...lies,
  });
const honest = planted("honest", {});
const wrong = planted("wrong", { reference: ({ x }) => Float32Array.from(x ?? [], (value) => 3 * value) });
const broken = planted("broken", { shader: "fn main() {\n  result[0] = x[0] + missing;\n}" });
const greedy = planted("greedy", { workgroup: 65_536 });

test("kernels agree with their references, one step a kernel, and leave no tensor behind", async () => {
  const before = tf.memory().numTensors;
  const kernels = allKernels.filter(({ spec }) => !spec.name.includes("/"));
  const steps: ProofStep[] = [];
  const proofs = await proveKernels({ kernels, onResult: (step) => steps.push(step) });
  expect(proofs.filter(({ ok }) => !ok)).toEqual([]);
  expect(proofs.every(({ error, tolerance, milliseconds }) => error >= 0 && error < tolerance && milliseconds > 0)).toBe(true);
  expect(steps.map(({ done }) => done)).toEqual(kernels.map((_, i) => i + 1));
  expect(steps.map(({ proofs: [first] }) => first?.kernel)).toEqual(kernels.map(({ spec }) => spec.name));
  expect(steps.flatMap((step) => step.proofs)).toEqual(proofs);
  expect(tf.memory().numTensors).toBe(before);
});

test("a planted fault is found and named, and its neighbours are not", async () => {
  const before = tf.memory().numTensors;
  const proofs = await proveKernels({ kernels: [honest, wrong, broken, greedy, honest] });
  expect(proofs.map(({ ok }) => ok)).toEqual([true, false, false, false, true]);
  expect(proofs[1]?.error).toBeCloseTo(1 / 3);
  expect(proofs[2]?.error).toBeNaN();
  expect(proofs[2]?.fault).toMatch(
    /^Kernel Linear\/f32\/base\/broken does not compile: line \d+: .*missing.*\n +result\[0\] = x\[0\] \+ missing;\n +\^/,
  );
  expect(proofs[3]?.fault).toMatch(/^Kernel Linear\/f32\/base\/greedy does not compile: ./);
  expect(gpuErrors).toEqual([]);
  expect(tf.memory().numTensors).toBe(before);
});

test("a number that is missing or none is never within tolerance", () => {
  const expected = Float32Array.of(1, 2);
  expect(relativeError([1, 2.5], expected)).toBe(0.25);
  expect([[1], [NaN, 2], [1, Infinity]].map((got) => relativeError(got, expected) < 1)).toEqual([false, false, false]);
});

test("it ends between two slices when cancelled, and lets others in there", async () => {
  const controller = new AbortController();
  let done = 0;
  const proof = proveKernels({
    kernels: Array.from({ length: 20 }, () => honest),
    signal: controller.signal,
    onResult: (step) => ({ done } = step),
    aside: async (work) => {
      if (done > 0) controller.abort();
      return work();
    },
  });
  await expect(proof).rejects.toMatchObject({ code: "cancelled" });
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(20);
});

test("on this software adapter, kernels whose work others do are left out by default", () => {
  const left = allKernels.filter((kernel) => !kernelsInUse().includes(kernel));
  expect(left.length).toBeGreaterThan(0);
  expect(left.filter(({ spec }) => !spec.name.startsWith("Linear") || /\/(direct|single)$/.test(spec.name))).toEqual([]);
});
