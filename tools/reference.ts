/**
 * npm run reference -- DIR [--json]: runs the engine headless on a folder of golden values (or on every such folder in DIR)
 * and prints each quantity with its error. Exit code 0: all within tolerance; 1: not; 2: the folder cannot be read.
 */
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { requestGpu } from "../src/gpu/device.ts";
import { installBackend } from "../src/gpu/tensors.ts";
import { EngineError, errorFacts } from "../src/lib/errors.ts";
import { uploadModel } from "../src/model/uploadModel.ts";
import { createMixture, disposeMixture } from "../src/mixture/mixtureState.ts";
import { defaultSettings } from "../src/mixture/settings.ts";
import { checkElder, goldenMixture } from "./reference/checkElder.ts";
import { checkForward } from "./reference/checkForward.ts";
import { readReferenceFolder } from "./reference/folder.ts";
import { createReport, formatTable, type Finding } from "./reference/report.ts";

export async function main(argv: readonly string[]): Promise<number> {
  const json = argv.includes("--json");
  const dir = argv.find((argument) => !argument.startsWith("--"));
  try {
    if (dir === undefined) throw new EngineError("fetch-failed", "No folder was given.", "Call npm run reference -- DIR [--json].");
    const folders = await referenceFolders(dir);
    const gpuErrors: string[] = [];
    const gpu = await requestGpu(navigator.gpu);
    gpu.device.addEventListener("uncapturederror", (event) => gpuErrors.push(event.error.message));
    await installBackend(gpu);
    const results: { folder: string; findings: readonly Finding[] }[] = [];
    for (const folder of folders) {
      const result = { folder: basename(folder), findings: await checkFolder(folder) };
      results.push(result);
      if (!json) console.log(formatTable(result.folder, result.findings));
    }
    return summarise(results, gpuErrors, `${gpu.info.vendor} ${gpu.info.architecture}`, json);
  } catch (thrown) {
    const { code, message, hint } = errorFacts(thrown);
    console.error(`${code}: ${message}\n${hint}`);
    if (!(thrown instanceof EngineError)) console.error(thrown);
    return 2;
  }
}

/** DIR itself when it holds a config.json, else its folders that do. */
async function referenceFolders(dir: string): Promise<string[]> {
  const holdsModel = async (folder: string): Promise<boolean> =>
    (await stat(join(folder, "config.json")).catch(() => undefined))?.isFile() === true;
  if (await holdsModel(dir)) return [dir];
  const names = await readdir(dir).catch((): string[] => []);
  const found: string[] = [];
  for (const name of names.sort()) if (await holdsModel(join(dir, name))) found.push(join(dir, name));
  if (found.length > 0) return found;
  throw new EngineError("fetch-failed", `Neither ${dir} nor a folder in it holds a config.json.`, "Name a folder of golden values.");
}

async function checkFolder(folder: string): Promise<readonly Finding[]> {
  const reference = await readReferenceFolder(folder);
  const model = await uploadModel(reference.files);
  const { method } = reference;
  const state = method ? goldenMixture(model, method) : createMixture(model, defaultSettings(model));
  const report = createReport();
  await checkForward(model, state, reference, report);
  if (method) await checkElder(model, state, method, report);
  disposeMixture(state);
  model.dispose();
  return report.findings;
}

function summarise(
  results: readonly { folder: string; findings: readonly Finding[] }[],
  gpuErrors: readonly string[],
  adapter: string,
  json: boolean,
): number {
  const all = results.flatMap(({ findings }) => findings);
  const failed = all.filter(({ passed }) => !passed).length;
  if (json) console.log(JSON.stringify({ adapter, passed: failed === 0 && gpuErrors.length === 0, gpuErrors, results }, undefined, 2));
  else {
    for (const message of gpuErrors) console.log(`GPU error: ${message}`);
    console.log(`${all.length - failed} of ${all.length} quantities within tolerance, on ${adapter}`);
  }
  return failed === 0 && gpuErrors.length === 0 ? 0 : 1;
}
