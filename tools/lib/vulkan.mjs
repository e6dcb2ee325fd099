// Chooses the software Vulkan driver that Dawn computes on under Linux. Plain JavaScript, like all that runs before Vite.
import { readdirSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { findSwiftShader, isReadable } from "./chromium.mjs";

/** @typedef {"swiftshader" | "lavapipe"} Adapter */

/** The oldest lavapipe that kernels are held to; Debian bookworm itself has 22.3. */
export const oldestMesa = 24;

/** glibc's RTLD_NODELETE: the library stays although Node closes it again. */
const keepLoaded = 0x1000;

const driverFolder = "/usr/share/vulkan/icd.d";

/** Meson's names of the processors Node runs on: newer Mesas put them in the file's name. */
const processors = { x64: "x86_64", arm64: "aarch64" };

const howToInstall = {
  swiftshader: "SwiftShader comes with Chrome or Chromium: install one, or set CHROME_PATH to its program.",
  lavapipe: `lavapipe comes with Mesa ${oldestMesa} or newer: install it (Debian: mesa-vulkan-drivers, in bookworm from bookworm-backports).`,
};

/**
 * The driver file of lavapipe, Mesa's software Vulkan.
 * @returns {string | undefined}
 */
export function findLavapipe(folder = driverFolder) {
  const files = isReadable(folder) ? readdirSync(folder).filter((file) => /^lvp_icd(\.\w+)?\.json$/.test(file)) : [];
  const own = `lvp_icd.${processors[/** @type {keyof typeof processors} */ (process.arch)]}.json`;
  const file = [own, "lvp_icd.json"].find((name) => files.includes(name)) ?? files[0];
  return file && join(folder, file);
}

/**
 * What `ELDER_ADAPTER` asks for, if anything; `VK_ICD_FILENAMES` wins over it.
 * @returns {Adapter | undefined}
 */
export function askedAdapter() {
  const asked = process.env["ELDER_ADAPTER"];
  if (!asked || process.env["VK_ICD_FILENAMES"]) return undefined;
  if (asked === "swiftshader" || asked === "lavapipe") return asked;
  throw new Error(`ELDER_ADAPTER is "${asked}"; it can be swiftshader or lavapipe.`);
}

/** @param {string} loader */
function loadVulkan(loader) {
  try {
    // Dawn opens "libvulkan.so.1" by name, and a bare machine has it beside the browser only: once loaded it is found.
    process.dlopen({ exports: {} }, loader, constants.dlopen.RTLD_NOW | keepLoaded);
  } catch {
    // Always thrown: the Vulkan loader is no Node addon. If it could not be loaded, requestAdapter() gives null.
  }
}

/**
 * Chooses the Vulkan driver: `VK_ICD_FILENAMES` when set, else the one that `ELDER_ADAPTER` names, else the browser's
 * SwiftShader, so that every machine computes with the same one, else the system's own. Metal and Direct3D need none
 * of this. Throws when the one asked for is not there.
 */
export function chooseVulkanDriver() {
  const asked = askedAdapter();
  if (process.platform !== "linux") {
    if (asked === "lavapipe") throw new Error("ELDER_ADAPTER=lavapipe works on Linux only: elsewhere Dawn does not use Vulkan.");
    return;
  }
  const swiftShader = findSwiftShader();
  const driver = asked === "lavapipe" ? findLavapipe() : swiftShader && join(swiftShader, "vk_swiftshader_icd.json");
  if (driver !== undefined) process.env["VK_ICD_FILENAMES"] ||= driver;
  else if (asked !== undefined) throw new Error(`ELDER_ADAPTER asks for ${asked}, which is not here. ${howToInstall[asked]}`);
  const loader = swiftShader && join(swiftShader, "libvulkan.so.1");
  if (loader !== undefined && isReadable(loader)) loadVulkan(loader);
}

/**
 * Why an adapter is not the one asked for, in a sentence, or undefined when it is. A wrong one would pass tests that
 * were never run where they should.
 * @param {Adapter} asked
 * @param {Pick<GPUAdapterInfo, "description"> | undefined} info
 * @returns {string | undefined}
 */
export function adapterFault(asked, info) {
  if (info === undefined) return `ELDER_ADAPTER asks for ${asked}, and Dawn gives no adapter. ${howToInstall[asked]}`;
  const { description } = info;
  const isAsked = asked === "lavapipe" ? /^llvmpipe\b/i : /^SwiftShader\b/i;
  if (!isAsked.test(description)) return `ELDER_ADAPTER asks for ${asked}, and Dawn gives ${description}.`;
  const mesa = /\bMesa (\d+)[\w.]*/.exec(description);
  if (asked !== "lavapipe" || Number(mesa?.[1]) >= oldestMesa) return undefined;
  return `lavapipe here is of ${mesa?.[0] ?? "an unknown Mesa"}, too old. ${howToInstall.lavapipe}`;
}
