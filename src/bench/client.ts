import { EngineError } from "../lib/errors.ts";
import { ownScript } from "../lib/ownScript.ts";
import type { BenchMessage, BenchRequest } from "./protocol.ts";
import workerAddress from "./worker.ts?worker&url";

export type { BenchMessage, BenchRequest } from "./protocol.ts";

/** Measures in a worker of its own. @returns what ends it before it is done */
export function startBench(request: BenchRequest, onMessage: (message: BenchMessage) => void): () => void {
  const worker = new Worker(ownScript(workerAddress), { type: "module", name: "bench" });
  const stop = (): void => worker.terminate();
  worker.onmessage = ({ data }: MessageEvent<BenchMessage>) => {
    if (data.kind === "results" || data.kind === "error") stop();
    onMessage(data);
  };
  worker.onerror = ({ message }) => {
    stop();
    const error = new EngineError("worker-failed", `The benchmark's worker failed: ${message || "it did not load"}.`, "Reload the page.");
    onMessage({ kind: "error", error: error.toFacts() });
  };
  worker.postMessage(request);
  return stop;
}
