import type { Meter } from "../gpu/meter.ts";
import { throwIfCancelled } from "../lib/errors.ts";
import type { Bar, Row, SideResult } from "./results.ts";
import { emptyPool } from "../gpu/pool.ts";
import { settle, withFlags } from "./settle.ts";
import { median, spread } from "./statistics.ts";

/** One way of computing something, with its tensors on the device. */
export interface Prepared {
  call(): void | Promise<void>;
  /** What a call computes, to be compared with the other side's. */
  result?(): Promise<Float32Array>;
  dispose(): void;
}

export interface Side {
  readonly label: string;
  /** Makes its own tensors: weights of two copies share no cache line. */
  prepare(): Prepared | Promise<Prepared>;
  /** Units of work in a call; 1 where absent. */
  readonly units?: number;
  /** Copies that calls take in turn, so that no cache holds the weights; 1 where absent. */
  readonly copies?: number;
  /** Flags of TF.js while it runs. */
  readonly flags?: Readonly<Record<string, number | boolean>>;
}

export interface Comparison {
  readonly suite: string;
  readonly name: string;
  readonly unit: string;
  readonly ours: Side;
  readonly other: Side;
  readonly reads: Row["reads"];
  readonly bar?: Bar;
  readonly note?: string;
}

export interface Timing {
  readonly rounds: number;
  /** A run repeats its call until it takes about this long. */
  readonly runMs: number;
  readonly meter: Meter;
  readonly signal?: AbortSignal | undefined;
}

/** More calls than this in one run make the queue long and the clock no better. */
const MOST_CALLS = 400;

interface Running {
  /** Milliseconds a unit, over a whole run. */
  run(): Promise<number>;
  readonly facts: Omit<SideResult, "ms">;
  readonly result: Float32Array | undefined;
  dispose(): void;
}

/**
 * A B B A in each round: drift of clocks and heat falls on both alike. The ratio is taken in each round and its median reported.
 */
export async function compare(comparison: Comparison, timing: Timing): Promise<Row> {
  const { ours: a, other: b, suite, name, unit, reads, bar, note } = comparison;
  const running: Running[] = [];
  try {
    for (const side of [a, b]) running.push(await start(side, timing));
    const [ours, other] = running as [Running, Running];
    const times: { ours: number[]; other: number[]; ratio: number[] } = { ours: [], other: [], ratio: [] };
    for (let round = 0; round < timing.rounds; round++) {
      throwIfCancelled(timing.signal);
      const mine = await ours.run();
      const theirs = ((await other.run()) + (await other.run())) / 2;
      const own = (mine + (await ours.run())) / 2;
      times.ours.push(own);
      times.other.push(theirs);
      times.ratio.push(reads === "speed-up" ? theirs / own : own / theirs);
    }
    const difference = disagreement(ours.result, other.result);
    return {
      suite,
      name,
      unit,
      reads,
      ours: { ...ours.facts, ms: spread(times.ours) },
      other: { ...other.facts, ms: spread(times.other) },
      ratio: spread(times.ratio),
      ...(bar ? { bar } : {}),
      ...(note ? { note } : {}),
      ...(difference === undefined ? {} : { disagreement: difference }),
    };
  } finally {
    running.forEach((side) => side.dispose());
  }
}

/** Counts one call alone and makes the other copies. */
async function start(side: Side, { meter, runMs }: Timing): Promise<Running> {
  const { units = 1, copies = 1 } = side;
  const restore = withFlags(side.flags ?? {});
  const prepared: Prepared[] = [];
  try {
    await settle();
    emptyPool();
    const base = meter.read().liveBytes;
    prepared.push(await side.prepare());
    const [first] = prepared as [Prepared];
    // The first call compiles; what it and the uploads leave in the pool is not what a call needs.
    await first.call();
    await settle();
    emptyPool();
    meter.restartPeak();
    const before = meter.read();
    const from = performance.now();
    await first.call();
    await settle();
    const counted = performance.now() - from;
    const after = meter.read();
    const result = await first.result?.();
    for (let copy = 1; copy < copies; copy++) prepared.push(await side.prepare());
    let next = 0;
    const timed = async (calls: number): Promise<number> => {
      const undo = withFlags(side.flags ?? {});
      try {
        await settle();
        const begun = performance.now();
        for (let i = 0; i < calls; i++) {
          const pending = prepared[next++ % prepared.length]?.call();
          if (pending) await pending;
        }
        await settle();
        return (performance.now() - begun) / calls;
      } finally {
        undo();
      }
    };
    const calls = await callsOfRun(counted, runMs, copies, timed);
    return {
      run: async () => (await timed(calls)) / units,
      facts: {
        label: side.label,
        dispatches: (after.dispatches - before.dispatches) / units,
        boundBytes: (after.boundBytes - before.boundBytes) / units,
        peakBytes: after.peakBytes - base,
      },
      result,
      dispose: () => prepared.forEach((copy) => copy.dispose()),
    };
  } catch (thrown) {
    prepared.forEach((copy) => copy.dispose());
    throw thrown;
  } finally {
    restore();
  }
}

/** Warms up, and finds how many calls make a run; a call that is a run by itself is not repeated for that. */
async function callsOfRun(once: number, runMs: number, copies: number, timed: (calls: number) => Promise<number>): Promise<number> {
  if (once > runMs * 4) return 1;
  await timed(copies);
  const alone = median([await timed(1), await timed(1), await timed(1)]);
  const atMost = (calls: number): number => Math.max(1, Math.min(MOST_CALLS, Math.ceil(calls)));
  const calls = atMost(runMs / alone);
  // A short call alone is mostly waiting: look again over a run.
  return calls === 1 ? 1 : atMost(runMs / (await timed(calls)));
}

/** Largest difference over the largest value; NaN where lengths differ or a number is none. */
function disagreement(a: Float32Array | undefined, b: Float32Array | undefined): number | undefined {
  if (!a || !b) return undefined;
  if (a.length !== b.length) return NaN;
  let largest = 0;
  let apart = 0;
  for (const [i, value] of a.entries()) {
    const difference = Math.abs(value - (b[i] ?? NaN));
    if (!(difference <= apart)) apart = difference;
    largest = Math.max(largest, Math.abs(value));
  }
  return apart / (largest || 1);
}
