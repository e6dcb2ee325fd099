import type { ErrorFacts } from "../lib/errors.ts";
import type { DeviceFacts, MemoryFacts, Notice } from "../engine/protocol.ts";

export interface DeviceState {
  /** unsupported: this browser has no usable WebGPU. lost: the GPU went away under a running page. recovering: another is being asked for. */
  readonly status: "idle" | "starting" | "ready" | "unsupported" | "failed" | "lost" | "recovering";
  /** Devices that took the place of lost ones, so far. */
  readonly recovered: number;
  /** The latest that was lost went with the whole engine: nothing of what it had in memory is left. */
  readonly stopped: boolean;
  readonly facts: DeviceFacts | null;
  readonly memory: MemoryFacts | null;
  readonly error: ErrorFacts | null;
  /** Errors the GPU reported by itself, newest first. */
  readonly gpuErrors: readonly ErrorFacts[];
}

export const initialDevice: DeviceState = {
  status: "idle",
  facts: null,
  memory: null,
  error: null,
  recovered: 0,
  stopped: false,
  gpuErrors: [],
};

const KEPT_GPU_ERRORS = 5;

export function deviceFailed(device: DeviceState, error: ErrorFacts): DeviceState {
  const unsupported = error.code === "no-webgpu" || error.code === "no-adapter";
  return { ...device, status: unsupported ? "unsupported" : "failed", error };
}

export function deviceNoticed(device: DeviceState, notice: Notice): DeviceState {
  if (notice.kind === "projects") return device;
  if (notice.kind === "device-lost") return { ...device, status: "lost", error: notice.error, stopped: false };
  if (notice.kind === "engine-stopped")
    return device.status === "starting" ? device : { ...device, status: "lost", error: notice.error, stopped: true };
  return { ...device, gpuErrors: [notice.error, ...device.gpuErrors].slice(0, KEPT_GPU_ERRORS) };
}
