import { create, globals } from "webgpu";
import { adapterFault, askedAdapter, chooseVulkanDriver } from "./vulkan.mjs";

/**
 * Gives Node a `navigator.gpu` (Dawn) and WebGPU's global constants. Call before TF.js is imported: its backend
 * registers only when they are there.
 */
function installWebGpu(): GPU {
  const installed = (globalThis.navigator as Navigator | undefined)?.gpu;
  if (installed) return installed;
  chooseVulkanDriver();
  Object.assign(globalThis, globals);
  const gpu = create([]);
  // Node 20 has no navigator at all; TF.js reads the userAgent to tell phones.
  if (globalThis.navigator === undefined) {
    Object.defineProperty(globalThis, "navigator", { value: { userAgent: "node" }, configurable: true, writable: true });
  }
  Object.defineProperty(globalThis.navigator, "gpu", { value: gpu, configurable: true });
  return gpu;
}

/** Gives Node WebGPU, and makes sure that Dawn computes on the adapter that `ELDER_ADAPTER` asks for. */
export async function installAskedWebGpu(): Promise<void> {
  // Read first: choosing a driver sets VK_ICD_FILENAMES, which counts as the user's own.
  const asked = askedAdapter();
  const gpu = installWebGpu();
  if (asked === undefined) return;
  const fault = adapterFault(asked, (await gpu.requestAdapter())?.info);
  if (fault !== undefined) throw new Error(fault);
}
