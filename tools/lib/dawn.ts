import { constants } from "node:os";
import { join } from "node:path";
import { create, globals } from "webgpu";
import { findSwiftShader, isReadable } from "./chromium.mjs";

/** glibc's RTLD_NODELETE: the library stays although Node closes it again. */
const keepLoaded = 0x1000;

/**
 * Chooses the Vulkan driver: `VK_ICD_FILENAMES` when set, else the browser's SwiftShader, so that every machine computes
 * with the same one, else the system's own. Metal and Direct3D need none of this.
 */
function chooseVulkanDriver(): void {
  if (process.platform !== "linux") return;
  const folder = findSwiftShader();
  if (folder === undefined) return;
  process.env["VK_ICD_FILENAMES"] ||= join(folder, "vk_swiftshader_icd.json");
  const loader = join(folder, "libvulkan.so.1");
  if (!isReadable(loader)) return;
  try {
    // Dawn opens "libvulkan.so.1" by name, and a bare machine has it beside the browser only: once loaded it is found.
    process.dlopen({ exports: {} }, loader, constants.dlopen.RTLD_NOW | keepLoaded);
  } catch {
    // Always thrown: the Vulkan loader is no Node addon. If it could not be loaded, requestAdapter() gives null.
  }
}

/**
 * Gives Node a `navigator.gpu` (Dawn) and WebGPU's global constants. Call before TF.js is imported: its backend
 * registers only when they are there.
 */
export function installWebGpu(): GPU {
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
