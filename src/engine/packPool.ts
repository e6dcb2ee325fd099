/** Quantization on several threads: workers of the engine's own, that live as long as one load. */
import { EngineError, type ErrorFacts } from "../lib/errors.ts";
import { ownScript } from "../lib/ownScript.ts";
import { ownThread, type Band, type BandPacker, type PackedBand } from "../weights/packBand.ts";
import workerAddress from "./packWorker.ts?worker&url";

export type FromPacker = { readonly id: number; readonly packed: PackedBand } | { readonly id: number; readonly error: ErrorFacts };

export interface PackPool extends BandPacker {
  close(): void;
}

/** More than that wait for memory and for the reading. */
const mostLanes = 6;

interface Lane {
  readonly worker: Worker;
  busy: boolean;
}

interface Task {
  readonly band: Band;
  resolve(packed: PackedBand): void;
  reject(error: Error): void;
}

/**
 * Workers are made when they are first needed: a file whose blocks are only moved needs none.
 * @param threads of this machine; one is left to the GPU's driver
 */
export function createPackPool(
  threads: number,
  makeWorker: () => Worker = () => new Worker(ownScript(workerAddress), { type: "module", name: "packer" }),
): PackPool {
  const lanes = Math.min(mostLanes, threads - 1);
  if (lanes < 2) return { ...ownThread, close: () => undefined };
  const pool: Lane[] = [];
  const waiting: Task[] = [];
  let nextId = 1;
  const laneFor = (): Lane | undefined => {
    const free = pool.find(({ busy }) => !busy);
    if (free || pool.length >= lanes) return free;
    const lane = { worker: makeWorker(), busy: false };
    pool.push(lane);
    return lane;
  };
  const next = (): void => {
    const lane = waiting.length > 0 ? laneFor() : undefined;
    const task = lane && waiting.shift();
    if (task) run(lane, task);
  };
  const run = (lane: Lane, { band, resolve, reject }: Task): void => {
    const id = nextId++;
    lane.busy = true;
    lane.worker.onmessage = ({ data }: MessageEvent<FromPacker>) => {
      lane.busy = false;
      if ("packed" in data) resolve(data.packed);
      else reject(new EngineError(data.error.code, data.error.message, data.error.hint));
      next();
    };
    lane.worker.onerror = (event) => {
      // Not freed: a worker that failed once is not asked again.
      reject(
        new EngineError(
          "worker-failed",
          `A packing worker stopped: ${event.message || "its script could not be loaded"}.`,
          "Load the model again.",
        ),
      );
    };
    lane.worker.postMessage({ id, band }, [band.bytes.buffer]);
  };
  return {
    lanes,
    pack: (band) =>
      new Promise((resolve, reject) => {
        waiting.push({ band, resolve, reject });
        next();
      }),
    close: () => {
      for (const { worker } of pool) worker.terminate();
      const closed = new EngineError("cancelled", "Cancelled.", "Load the model again whenever you like.");
      for (const { reject } of waiting.splice(0)) reject(closed);
    },
  };
}
