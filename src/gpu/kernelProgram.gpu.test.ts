import { beforeAll, expect, test } from "vitest";
import { kernelCode, kernelPipeline, throwOnErrors } from "./kernelProgram.ts";
import { f32, type KernelSpec } from "./defineKernel.ts";
import { webgpuBackend } from "./tensors.ts";
import { installTestGpu } from "./testing/testGpu.ts";

const broken: KernelSpec<string, string> = {
  name: "Broken",
  shader: "fn main() {\n  result[0] = x[0] + missing;\n}",
  inputs: { x: f32("N") },
  output: f32("N"),
  uniforms: {},
  workgroup: 64,
  dispatch: () => [1, 1, 1],
  flops: () => 1,
  reference: ({ x }) => x as Float32Array,
};

beforeAll(() => installTestGpu());

test("a shader that does not compile is explained with its line and source", async () => {
  const { device } = webgpuBackend();
  const code = kernelCode(broken, "plain", ["N"]);
  device.pushErrorScope("validation");
  const { messages } = await device.createShaderModule({ code }).getCompilationInfo();
  await device.popErrorScope();
  const line = code.split("\n").findIndex((text) => text.includes("missing")) + 1;
  expect(() => throwOnErrors("Broken", code, messages)).toThrow(
    new RegExp(`Kernel Broken does not compile: line ${line}: .*missing.*\\n +result\\[0\\] = x\\[0\\] \\+ missing;\\n +\\^`),
  );
});

test("warnings are no errors, and a pipeline is made once for each kernel and variant", () => {
  expect(() => throwOnErrors("Fine", "", [])).not.toThrow();
  const fine = { ...broken, name: "Fine", shader: "fn main() {\n  result[0] = x[0];\n}" };
  const first = kernelPipeline(fine, "plain", ["N"]);
  expect(kernelPipeline(fine, "plain", ["N"])).toBe(first);
});
