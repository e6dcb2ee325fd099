import { requestGpu } from "../gpu/device.ts";
import { installBackend } from "../gpu/tensors.ts";
import { EngineError, errorFacts } from "../lib/errors.ts";
import { loadModelFiles } from "../weights/httpShards.ts";
import type { BenchMessage, BenchRequest } from "./protocol.ts";
import { adapterOf, runBench } from "./run.ts";

/** The worker's scope, as far as it is used here. */
interface Scope {
  onmessage: ((event: MessageEvent<BenchRequest>) => void) | null;
  postMessage(message: BenchMessage): void;
}
const scope = self as unknown as Scope;

const PEERS = ["onnxruntime-web on the same bytes", "transformers.js on the same weights"];

scope.onmessage = ({ data }) => void answer(data);

async function answer({ quick, manifest }: BenchRequest): Promise<void> {
  try {
    const gpu = await requestGpu(navigator.gpu);
    const errors: string[] = [];
    gpu.device.addEventListener("uncapturederror", ({ error }) => errors.push(error.message));
    await installBackend(gpu);
    const name = /(?:Edg|Chrome|Firefox|Version)\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? "a browser";
    scope.postMessage({ kind: "adapter", adapter: adapterOf({ gpu, name }) });
    const onProgress = (progress: Omit<Extract<BenchMessage, { kind: "progress" }>, "kind">): void =>
      scope.postMessage({ kind: "progress", ...progress });
    const section = await runBench({ name, gpu, loadModel: () => loadModelFiles(manifest), onProgress }, { quick });
    if (errors[0] !== undefined) {
      throw new EngineError(
        "gpu-error",
        `${errors.length} GPU errors, so that no figure holds: ${errors[0]}`,
        "Please report this message.",
      );
    }
    const reason = "It is no part of the page: npm run bench measures it.";
    const missing = PEERS.map((suite) => ({ suite, reason }));
    const results = { format: "elder-bench/1", date: new Date().toISOString(), sections: [section], missing } as const;
    scope.postMessage({ kind: "results", results });
  } catch (thrown) {
    scope.postMessage({ kind: "error", error: errorFacts(thrown) });
  }
}
