import { describe, expect, test } from "vitest";
import { requestGpu } from "./device.ts";

const wanted = {
  maxBufferSize: 1 << 28,
  maxStorageBufferBindingSize: 1 << 27,
  maxComputeWorkgroupStorageSize: 16384,
  maxStorageBuffersPerShaderStage: 8,
};
const limits = { ...wanted, maxBindGroups: 4 };

/** A GPU whose adapter records what a device is asked for. */
function fakeGpu(info: Partial<GPUAdapterInfo>, features: readonly string[] = []) {
  const asked: GPUDeviceDescriptor[] = [];
  const device = { lost: new Promise(() => undefined) };
  const adapter = {
    info: { vendor: "", architecture: "", device: "", description: "", isFallbackAdapter: false, ...info },
    features: new Set(features),
    limits,
    requestDevice: async (descriptor: GPUDeviceDescriptor) => {
      asked.push(descriptor);
      return device;
    },
  };
  return { gpu: { requestAdapter: async () => adapter } as unknown as GPU, asked, device };
}

describe("asking for a GPU", () => {
  test("without WebGPU names browsers that have it", async () => {
    await expect(requestGpu(undefined)).rejects.toMatchObject({ code: "no-webgpu", hint: expect.stringContaining("Chrome") });
  });
  test("without an adapter says what to turn on", async () => {
    const gpu = { requestAdapter: async () => null } as unknown as GPU;
    await expect(requestGpu(gpu)).rejects.toMatchObject({ code: "no-adapter", hint: expect.stringContaining("hardware acceleration") });
  });
  test("asks for the features the adapter has of those wanted, and for its limits", async () => {
    const { gpu, asked, device } = fakeGpu({ vendor: "acme" }, ["subgroups", "timestamp-query", "texture-compression-bc"]);
    const found = await requestGpu(gpu);
    expect(found).toMatchObject({ software: false, fallbacks: [], info: { vendor: "acme" } });
    expect(found.device).toBe(device);
    expect(asked).toEqual([{ requiredFeatures: ["subgroups", "timestamp-query"], requiredLimits: wanted }]);
  });
  test.each([
    [{ isFallbackAdapter: true }],
    [{ architecture: "swiftshader" }],
    [{ description: "llvmpipe (LLVM 17)" }],
    [{ device: "Software Rasterizer" }],
  ])("says that %j computes on the processor", async (info) => {
    const found = await requestGpu(fakeGpu(info).gpu);
    expect(found.software).toBe(true);
    expect(found.fallbacks.join(" ")).toContain("slow");
  });
});
