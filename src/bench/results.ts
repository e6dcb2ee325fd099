/** What a benchmark run found: plain data, written as JSON and drawn by the page and the docs. */

export interface Adapter {
  /** Vendor, architecture and description, as the adapter gives them. */
  readonly name: string;
  readonly software: boolean;
  /** "Node (Dawn)", or the browser. */
  readonly host: string;
}

/** A median with an interval: 95 % for the median from 6 values on, else the smallest and the largest. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** What one way of computing took, each figure for one unit of work. */
export interface SideResult {
  readonly label: string;
  readonly ms: Spread;
  readonly dispatches: number;
  /** Sizes of the bindings of all dispatches, summed. */
  readonly boundBytes: number;
  /** The most buffer bytes at once: weights, and what the work needs beside them. Absent where the buffers are not to be seen. */
  readonly peakBytes?: number;
}

export interface Bar {
  readonly kind: "at least" | "at most";
  readonly value: number;
}

/** One comparison. */
export interface Row {
  readonly suite: string;
  readonly name: string;
  /** The unit of work that times and counts are for. */
  readonly unit: string;
  readonly ours: SideResult;
  readonly other: SideResult;
  /** "speed-up": other / ours. "cost": ours / other. */
  readonly reads: "speed-up" | "cost";
  /** Of the rounds' ratios. */
  readonly ratio: Spread;
  readonly bar?: Bar;
  /** Largest difference of the two results over the largest value. */
  readonly disagreement?: number;
  readonly note?: string;
}

/** The two limits of the adapter, and how near our matrix-vector product comes to the first. */
export interface Roofs {
  /** Bytes read and written by a buffer copy, 10⁹ a second. */
  readonly copyGBs: number;
  /** Microseconds a dispatch of an empty kernel in a long pass. */
  readonly dispatchUs: number;
  readonly matvec: readonly { readonly name: string; readonly weightBytes: number; readonly gbs: number; readonly bar: Bar }[];
}

/** A measurement that was not made, and why. */
export interface Missing {
  readonly suite: string;
  readonly reason: string;
}

export interface Section {
  readonly adapter: Adapter;
  readonly rounds: number;
  readonly roofs?: Roofs;
  readonly rows: readonly Row[];
}

export interface Results {
  readonly format: "elder-bench/1";
  /** ISO 8601. */
  readonly date: string;
  readonly sections: readonly Section[];
  readonly missing: readonly Missing[];
}

export const SOFTWARE_LABEL = "software adapter: times say little about a GPU";

export type Verdict = "met" | "not met" | "not judged on a software adapter";

/** Bars are for GPUs; on a software adapter none is judged. */
export function judge(value: number, bar: Bar, software: boolean): Verdict {
  if (software) return "not judged on a software adapter";
  return (bar.kind === "at least" ? value >= bar.value : value <= bar.value) ? "met" : "not met";
}

/** The least time the adapter could take: the larger of bytes at copy bandwidth and dispatches at the cost of an empty one. */
export function roofMs(side: Pick<SideResult, "dispatches" | "boundBytes">, roofs: Roofs): number {
  return Math.max(side.boundBytes / (roofs.copyGBs * 1e6), (side.dispatches * roofs.dispatchUs) / 1e3);
}
