import type { GpuDevice } from "../gpu/device.ts";
import { meterDevice } from "../gpu/meter.ts";
import { throwIfCancelled } from "../lib/errors.ts";
import type { ModelFiles } from "../weights/hostTensor.ts";
import { baseComparisons } from "./baseSuite.ts";
import { compare, type Comparison, type Timing } from "./compare.ts";
import { EDITS_SUITE, editsComparisons } from "./editsSuite.ts";
import { layerComparisons } from "./layerSuite.ts";
import type { Row, Section } from "./results.ts";
import { measureRoofs } from "./roofs.ts";
import { chooseScale, type ScaleOptions } from "./scale.ts";
import { TRAINING_SUITE, trainingComparison } from "./trainingSuite.ts";

export interface BenchOptions extends ScaleOptions {
  /** Measures only what has this in its suite's or its own name. */
  readonly only?: string | undefined;
}

export interface BenchProgress {
  readonly done: number;
  readonly total: number;
  /** What is being measured. */
  readonly name: string;
  /** The row that was finished just now. */
  readonly row?: Row;
}

export interface BenchHost {
  /** "Node (Dawn)" or the browser. */
  readonly name: string;
  readonly gpu: GpuDevice;
  loadModel(): Promise<ModelFiles>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BenchProgress) => void;
}

export const isWanted = (only: string | undefined, ...names: string[]): boolean =>
  only === undefined || names.some((name) => name.toLowerCase().includes(only.toLowerCase()));

/** Everything that TF.js, our kernels and the device itself can be measured on; the backend must be installed. */
export async function runBench(host: BenchHost, options: BenchOptions): Promise<Section> {
  const { gpu, signal } = host;
  const scale = chooseScale(gpu.software, options);
  const timing: Timing = { rounds: scale.rounds, runMs: scale.runMs, meter: meterDevice(gpu.device), signal };
  const comparisons = await chooseComparisons(host, options);
  const withRoofs = isWanted(options.only, "roofs") || comparisons.length > 0;
  const total = comparisons.length + Number(withRoofs);
  const say = (done: number, name: string, row?: Row): void => host.onProgress?.({ done, total, name, ...(row ? { row } : {}) });
  say(0, "roofs");
  const roofs = withRoofs ? await measureRoofs(gpu.device, scale, timing) : undefined;
  const rows: Row[] = [];
  for (const comparison of comparisons) {
    throwIfCancelled(signal);
    say(rows.length + 1, `${comparison.suite}: ${comparison.name}, ${comparison.ours.label}`, rows.at(-1));
    rows.push(await compare(comparison, timing));
  }
  say(total, "", rows.at(-1));
  return { adapter: adapterOf(host), rounds: scale.rounds, ...(roofs ? { roofs } : {}), rows };
}

async function chooseComparisons({ gpu, loadModel }: BenchHost, options: BenchOptions): Promise<Comparison[]> {
  const scale = chooseScale(gpu.software, options);
  const kernels = [...layerComparisons(scale), ...baseComparisons(scale)].filter(({ suite, name }) => isWanted(options.only, suite, name));
  const [training, edits] = [TRAINING_SUITE, EDITS_SUITE].map((suite) => isWanted(options.only, suite));
  if (!training && !edits) return kernels;
  const files = await loadModel();
  return [...kernels, ...(training ? [trainingComparison(files, scale)] : []), ...(edits ? editsComparisons(files) : [])];
}

export function adapterOf({ gpu, name }: Pick<BenchHost, "gpu" | "name">): Section["adapter"] {
  const { vendor, architecture, description, device } = gpu.info;
  const words = [vendor, architecture, description || device].filter((word) => word !== "");
  return { name: words.join(" ") || "an adapter without a name", software: gpu.software, host: name };
}
