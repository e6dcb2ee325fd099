import { beforeEach, expect, test } from "vitest";
import { defineKernel, f32, type Kernel, type KernelSpec } from "../gpu/defineKernel.ts";
import { gpuTraits } from "../gpu/tensors.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { proveDevice } from "./proof.ts";

let gpuErrors: readonly string[] = [];
beforeEach(async () => {
  gpuErrors = await installTestGpu();
});

const copying = (factor: string): string =>
  `fn main() {\n  if (globalId.x < arrayLength(&result)) { result[globalId.x] = ${factor} * x[globalId.x]; }\n}`;

/** A product in name, for its cases; copies its input in truth. */
const planted = (name: string, lies: Partial<KernelSpec<string, string>>): Kernel =>
  defineKernel<string, string>({
    name: `Linear/f32/base/${name}`,
    shader: copying("1.0"),
    inputs: { x: f32("N", "I") },
    output: f32("N", "I"),
    uniforms: {},
    workgroup: 64,
    dispatch: ({ N = 0, I = 0 }) => [Math.ceil((N * I) / 64), 1, 1],
    flops: ({ N = 0, I = 0 }) => N * I,
    reference: ({ x }) => Float32Array.from(x ?? []),
    ...lies,
  });

async function proven(...kernels: Kernel[]) {
  const fallbacks: string[] = [];
  const { problem, proofs } = await proveDevice(false, { kernels, onFallback: (sentence) => fallbacks.push(sentence) });
  return { fallbacks, problem, proofs };
}

test("a device whose kernels agree keeps its traits and says nothing", async () => {
  const { subgroups } = gpuTraits();
  const { fallbacks, problem, proofs } = await proven(planted("fine", { variants: { subgroups: copying("1.0") } }));
  expect({ fallbacks, problem }).toEqual({ fallbacks: [], problem: null });
  expect(proofs.map(({ variant }) => variant)).toEqual(subgroups ? ["plain", "subgroups"] : ["plain"]);
  expect(gpuTraits().subgroups).toBe(subgroups);
});

test("a subgroup variant at fault takes subgroups from all kernels, and says which kernel and how far off", async ({ skip }) => {
  if (!gpuTraits().subgroups) skip("this adapter has no subgroups");
  const faulty = planted("faulty", { variants: { subgroups: copying("1.5") } });
  const { fallbacks, problem } = await proven(faulty, planted("faulty too", { variants: { subgroups: copying("2.0") } }));
  expect(fallbacks).toEqual([
    "Kernel Linear/f32/base/faulty with subgroups is off by 0.50 (tolerance 2e-5): all kernels do without subgroups.",
  ]);
  expect(problem).toBeNull();
  expect(gpuTraits().subgroups).toBe(false);
});

test("a subgroup variant that does not compile is done without, and no GPU error goes by unasked", async ({ skip }) => {
  if (!gpuTraits().subgroups) skip("this adapter has no subgroups");
  const { fallbacks, problem } = await proven(planted("uncompiled", { variants: { subgroups: "fn main() {\n  result[0] = missing;\n}" } }));
  expect(fallbacks).toHaveLength(1);
  expect(fallbacks[0]).toMatch(
    /^Kernel Linear\/f32\/base\/uncompiled with subgroups does not run here \(.*missing.*\): all kernels do without subgroups\.$/,
  );
  expect(problem).toBeNull();
  expect(gpuTraits().subgroups).toBe(false);
  expect(gpuErrors).toEqual([]);
});

test("a plain kernel at fault is a problem, with its figure, and no trait is dropped for it", async () => {
  const before = gpuTraits();
  const shader = copying("0.75");
  const names = ["a", "b", "c", "d"].map((name) => planted(`wrong ${name}`, { shader, variants: { subgroups: shader } }));
  const { fallbacks, problem } = await proven(...names);
  expect(fallbacks).toEqual([]);
  expect(problem).toMatchObject({ code: "gpu-error", hint: expect.stringContaining("may be wrong") });
  expect(problem?.message).toMatch(
    /4 kernels disagree .*: Linear\/f32\/base\/wrong a is off by 0\.25 \(tolerance 2e-5\), .*, and 1 more\.$/,
  );
  expect(gpuTraits()).toEqual(before);
});
