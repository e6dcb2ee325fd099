/** The page that measures the peers which exist only in a browser; `npm run bench` opens it and calls `measurePeers`. */
import { env as transformersEnv } from "@xenova/transformers";
import * as ort from "onnxruntime-web/webgpu";
import { compare, type Comparison, type Timing } from "../../../src/bench/compare.ts";
import type { Section } from "../../../src/bench/results.ts";
import { measureRoofs } from "../../../src/bench/roofs.ts";
import { adapterOf, isWanted, type BenchOptions } from "../../../src/bench/run.ts";
import { chooseScale } from "../../../src/bench/scale.ts";
import { requestGpu } from "../../../src/gpu/device.ts";
import { meterDevice } from "../../../src/gpu/meter.ts";
import { installBackend } from "../../../src/gpu/tensors.ts";
import { loadModelFiles } from "../../../src/weights/httpShards.ts";
import { DECODE_SUITE, decodeComparison } from "./decoding.ts";
import { nodeComparisons } from "./matMulNBits.ts";

declare global {
  interface Window {
    measurePeers: (options: BenchOptions) => Promise<Section>;
  }
}

/** The runtime's own files, served beside the page; one thread, as the page is not isolated. */
function serveRuntime(device: GPUDevice): void {
  ort.env.wasm.wasmPaths = "/ort/";
  ort.env.wasm.numThreads = 1;
  ort.env.webgpu.device = device;
  const { wasm } = transformersEnv.backends.onnx;
  if (wasm) Object.assign(wasm, { wasmPaths: "/ort/", numThreads: 1 });
}

window.measurePeers = async (options) => {
  const gpu = await requestGpu(navigator.gpu);
  const errors: string[] = [];
  gpu.device.addEventListener("uncapturederror", ({ error }) => errors.push(error.message));
  const meter = meterDevice(gpu.device);
  await installBackend(gpu);
  serveRuntime(gpu.device);
  const scale = chooseScale(gpu.software, options);
  const timing: Timing = { rounds: scale.rounds, runMs: scale.runMs, meter };
  const comparisons: Comparison[] = nodeComparisons(scale).filter(({ suite, name }) => isWanted(options.only, suite, name));
  if (isWanted(options.only, DECODE_SUITE)) {
    comparisons.push(decodeComparison(await loadModelFiles("/models/atlas/int4/manifest.json"), scale));
  }
  const roofs = await measureRoofs(gpu.device, scale, timing);
  const rows = [];
  for (const comparison of comparisons) {
    console.log(`bench: ${comparison.suite}: ${comparison.name}`);
    rows.push(await compare(comparison, timing));
  }
  if (errors[0] !== undefined) throw new Error(`${errors.length} GPU errors. The first: ${errors[0]}`);
  const browser = /(?:Chrome|Firefox)\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? "a browser";
  return { adapter: adapterOf({ gpu, name: browser }), rounds: scale.rounds, roofs, rows };
};
