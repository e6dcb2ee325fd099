import { EngineError } from "../lib/errors.ts";
import { guardAllocations } from "./allocations.ts";
import { meterDevice } from "./meter.ts";

/** The GPU as the engine holds it. */
export interface GpuDevice {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  /** A software adapter (SwiftShader, lavapipe): right, but slow. */
  readonly software: boolean;
  /** Slower ways in use on this device, each said in a sentence. */
  readonly fallbacks: readonly string[];
}

const WANTED_FEATURES: readonly GPUFeatureName[] = ["subgroups", "shader-f16", "timestamp-query"];
const WANTED_LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxStorageBuffersPerShaderStage",
] as const;

/**
 * Asks for an adapter and a device of our own, with every feature the engine can use and the adapter's own limits.
 * @throws EngineError `no-webgpu` without the interface, `no-adapter` without an adapter.
 */
export async function requestGpu(gpu: GPU | undefined): Promise<GpuDevice> {
  if (!gpu) {
    throw new EngineError(
      "no-webgpu",
      "This browser does not offer WebGPU (navigator.gpu is missing).",
      "Use Chrome or Edge 113 or later over https or localhost; on Linux turn on chrome://flags/#enable-unsafe-webgpu.",
    );
  }
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) {
    throw new EngineError(
      "no-adapter",
      "WebGPU is there, but no GPU adapter was given.",
      "Turn on hardware acceleration in the browser's settings, update the graphics driver, or on Linux turn on chrome://flags/#enable-unsafe-webgpu.",
    );
  }
  const device = await adapter.requestDevice({
    requiredFeatures: WANTED_FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(WANTED_LIMITS.map((name) => [name, adapter.limits[name]])),
  });
  guardAllocations(device);
  meterDevice(device);
  const software = isSoftware(adapter.info);
  const fallbacks = software
    ? [
        "A software adapter computes on the processor: results are right, but slow.",
        "Matrix products run without shared memory, which is faster on a software adapter.",
      ]
    : [];
  return { device, info: adapter.info, software, fallbacks };
}

function isSoftware(info: GPUAdapterInfo): boolean {
  if (info.isFallbackAdapter) return true;
  return /swiftshader|llvmpipe|lavapipe|software/i.test(`${info.vendor} ${info.architecture} ${info.device} ${info.description}`);
}
