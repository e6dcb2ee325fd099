import { spawnSync } from "node:child_process";
import { runBench, type BenchProgress } from "../../src/bench/run.ts";
import { ratioText } from "../../src/bench/report.ts";
import type { Section } from "../../src/bench/results.ts";
import { requestGpu } from "../../src/gpu/device.ts";
import { installBackend } from "../../src/gpu/tensors.ts";
import type { ModelFiles } from "../../src/weights/hostTensor.ts";
import { readModel } from "../../src/weights/readModel.ts";
import { modelPlans } from "../../src/model/modelPlans.ts";
import { diskFiles } from "../lib/diskFiles.ts";
import type { BenchFlags } from "../bench.ts";
import { oldestMesa } from "../lib/vulkan.mjs";

/** The built-in model, looked for from where the program was called. */
const MODEL_FOLDER = "public/models/atlas/int4";

/** Everything that needs no browser, in Node on Dawn. */
export async function measureHeadless(flags: BenchFlags): Promise<Section> {
  widenDrivers();
  const gpu = await requestGpu(navigator.gpu);
  const errors: string[] = [];
  gpu.device.addEventListener("uncapturederror", ({ error }) => errors.push(error.message));
  await installBackend(gpu);
  const section = await runBench({ name: `Node ${process.versions.node} (Dawn)`, gpu, loadModel, onProgress: say }, flags);
  if (errors[0] !== undefined) throw new Error(`${errors.length} GPU errors, so that no figure holds. The first: ${errors[0]}`);
  return section;
}

/** Prints the adapter that Dawn chooses by itself. */
const PROBE = `import { create } from "webgpu";
const info = (await create([]).requestAdapter({ powerPreference: "high-performance" }))?.info;
const words = info ? [info.vendor, info.architecture, info.device, info.description].join(" ") : "software";
process.stdout.write(words, () => process.exit(0));`;

/**
 * A real GPU where there is one, else Mesa's software driver, which is several times faster than the browser's. For tests the drivers are
 * narrowed to the browser's; a driver that the caller chose stays. Looked for in a process of its own: two sets of drivers in one do
 * not go well.
 */
function widenDrivers(): void {
  if (process.env["VK_ICD_FILENAMES"]?.endsWith("vk_swiftshader_icd.json") !== true || process.env["ELDER_ADAPTER"]) return;
  const env = { ...process.env };
  delete env["VK_ICD_FILENAMES"];
  const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", PROBE], { env, encoding: "utf8" });
  if (status === 0 && isUsable(stdout)) delete process.env["VK_ICD_FILENAMES"];
}

/** A GPU, or a Mesa that is new enough to compute right. */
function isUsable(adapter: string): boolean {
  if (!/swiftshader|llvmpipe|lavapipe|software/i.test(adapter)) return true;
  return Number(/\bMesa (\d+)/.exec(adapter)?.[1] ?? 0) >= oldestMesa;
}

async function loadModel(): Promise<ModelFiles> {
  return readModel(await diskFiles(MODEL_FOLDER), modelPlans, { precision: "stored" });
}

function say({ done, total, name, row }: BenchProgress): void {
  if (row) console.error(`      ${ratioText(row)} ${row.reads}; dispatches ${row.ours.dispatches} and ${row.other.dispatches}`);
  if (name !== "") console.error(`${String(done).padStart(3)}/${total} ${name}`);
}
