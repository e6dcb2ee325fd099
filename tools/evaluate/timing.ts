/** What the edits of a run cost: kept beside the result, which is the same on every machine and holds nothing timed. */
import type { EvaluationEvent } from "../../src/evaluation/results.ts";
import { gpuMemory } from "../../src/gpu/tensors.ts";

/** After an edit or a checkpoint. */
interface Cost {
  /** That the edit or the measuring took. */
  readonly seconds: number;
  /** Bytes of live tensors, and of all buffers held, pooled ones included. */
  readonly gpuBytes: number;
  readonly gpuAllocatedBytes: number;
  /** Bytes of the process (resident). */
  readonly processBytes: number;
}

export interface RunTiming {
  readonly method: string;
  readonly seed: number;
  /** In the order of editing. */
  readonly edits: Cost[];
  readonly checkpoints: (Cost & { readonly afterEdits: number })[];
}

export interface TimingFile {
  readonly format: "elder-lab evaluation timing";
  readonly version: 1;
  /** The GPU, for people. */
  readonly device: string;
  readonly runs: readonly (RunTiming & { readonly growth: Growth | null })[];
}

/** The last edits against early ones. */
export interface Growth {
  /** 1-based, both ends. */
  readonly early: readonly [number, number];
  readonly late: readonly [number, number];
  /** Median seconds, late over early. */
  readonly ratio: number;
  /** Bytes an edit between the two: medians of live tensors. */
  readonly gpuBytesPerEdit: number;
}

/** The 10th to the 60th edit are the early ones, and as many at the end the late ones. */
const EARLY = [10, 60] as const;
/** From this many edits on the two are well apart. */
const ENOUGH = 120;

export function growthOf(edits: readonly Cost[]): Growth | null {
  if (edits.length < ENOUGH) return null;
  const late = [edits.length - (EARLY[1] - EARLY[0]), edits.length] as const;
  const between = (pick: (cost: Cost) => number, [first, last]: readonly [number, number]): number =>
    median(edits.slice(first - 1, last).map(pick));
  const [seconds, bytes] = [(cost: Cost) => cost.seconds, (cost: Cost) => cost.gpuBytes];
  const ratio = between(seconds, late) / between(seconds, EARLY);
  return { early: EARLY, late, ratio, gpuBytesPerEdit: (between(bytes, late) - between(bytes, EARLY)) / (late[0] - EARLY[0]) };
}

/** NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

/** @returns to be told of each event; adds what it took to the timing */
export function createStopwatch(timing: RunTiming): (event: EvaluationEvent) => void {
  return (event) => {
    if (event.kind !== "edit" && event.kind !== "checkpoint") return;
    const { gpuBytes, gpuAllocatedBytes } = gpuMemory();
    const cost = { seconds: event.seconds, gpuBytes, gpuAllocatedBytes, processBytes: process.memoryUsage().rss };
    if (event.kind === "edit") timing.edits.push(cost);
    else timing.checkpoints.push({ ...cost, afterEdits: event.checkpoint.afterEdits });
  };
}
