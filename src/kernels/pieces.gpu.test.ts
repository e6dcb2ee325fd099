import { afterEach, beforeAll, expect, test } from "vitest";
import { meterOf } from "../gpu/meter.ts";
import { limitSubmits, secondsOf } from "../gpu/submitBudget.ts";
import { webgpuBackend } from "../gpu/tensors.ts";
import { installTestGpu } from "../gpu/testing/testGpu.ts";
import { allKernels } from "./allKernels.ts";
import { kernelCases } from "./kernelCases.ts";
import { kernelCase, runKernel } from "./kernelRun.ts";

let gpuErrors: readonly string[] = [];
beforeAll(async () => {
  gpuErrors = await installTestGpu();
});
afterEach(() => limitSubmits());

const dispatches = (): number => meterOf(webgpuBackend().device)?.read().dispatches ?? 0;

/** Formats differ in how a weight is read, not in where; one is enough. */
const kernels = allKernels.filter(({ spec }) => !/f32|f16|int8|int4m/.test(spec.name));

test.each(kernels.map((kernel) => [kernel.spec.name, kernel] as const))("%s gives the same bits in pieces", async (name, kernel) => {
  for (const sizes of kernelCases(name).slice(-1)) {
    const given = kernelCase(kernel, sizes);
    const whole = await runKernel(kernel, "plain", given);
    const groups = Math.max(...kernel.spec.dispatch(given.bound));
    // A fifth each: operations alone, so that bytes make the pieces smaller still.
    limitSubmits(secondsOf({ flops: kernel.spec.flops(given.bound), bytes: 0 }) / 5);
    const before = dispatches();
    const inPieces = await runKernel(kernel, "plain", given);
    limitSubmits();
    expect(dispatches() - before).toBeGreaterThanOrEqual(Math.min(groups, 5));
    expect(inPieces.got).toEqual(whole.got);
    expect([inPieces.fault, ...gpuErrors]).toEqual([undefined]);
  }
});
