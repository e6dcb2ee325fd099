/** Which chunks are fetched next. */
import type { FileCopy } from "./fileCopy.ts";

/** A read that waits for its chunks. */
export interface Demand {
  readonly copy: FileCopy;
  /** The first chunk that it has yet to get. */
  from: number;
  readonly to: number;
  /** Nothing is given out before the whole file was checked. */
  readonly checkFirst: boolean;
}

/** Chunks `from` to `to` are wished for; a run that begins there may go on to `reach`. */
export interface Wish {
  readonly copy: FileCopy;
  readonly from: number;
  readonly to: number;
  readonly reach: number;
}

export interface ScheduleState {
  readonly demands: Iterable<Demand>;
  readonly copies: readonly FileCopy[];
  /** The file read last, and the chunk that its reader is at. */
  readonly reading: { readonly copy: FileCopy; readonly at: number } | undefined;
  /** What comes is kept, so that everything can be fetched ahead. */
  readonly keeping: boolean;
  /** All files are to be here, or at least checked, though nobody reads them. */
  readonly completing: boolean;
  /** Chunks that may come before they are needed. */
  readonly window: number;
}

/** In the order of urgency: what is waited for, what a reader comes to next, the rest. */
export function* wishes(state: ScheduleState): Generator<Wish> {
  const { reading, copies, keeping, window } = state;
  for (const { copy, from, to, checkFirst } of state.demands) {
    if (checkFirst && !copy.checked) yield restOf(copy, state);
    else yield within(copy, from, Math.min(to, from + window), keeping);
  }
  if (reading) yield within(reading.copy, reading.at, keeping ? Infinity : reading.at + Math.floor(window / 2), keeping);
  if (keeping || state.completing) for (const copy of copies) if (copy.wanted && !copy.checked) yield restOf(copy, state);
}

function within(copy: FileCopy, from: number, to: number, keeping: boolean): Wish {
  const { count } = copy.kept;
  const end = Math.min(to, count);
  return { copy, from, to: end, reach: keeping ? count : end };
}

/** Where nothing is kept, no further than the hash can follow. */
const restOf = (copy: FileCopy, { keeping, window }: ScheduleState): Wish =>
  keeping ? within(copy, 0, copy.kept.count, true) : within(copy, copy.cursor, copy.cursor + window, false);

/**
 * The first run of free chunks.
 * @param most bytes
 * @param busy a run of this file is under way
 */
export function nextRun(
  list: Iterable<Wish>,
  most: number,
  busy: (copy: FileCopy) => boolean,
): { readonly copy: FileCopy; readonly from: number; readonly to: number } | undefined {
  for (const { copy, from, to, reach } of list) {
    if (!copy.ranges && busy(copy)) continue;
    let first = from;
    while (first < to && !copy.isFree(first)) first++;
    if (first >= to) continue;
    let end = first + 1;
    while (end < reach && (end - first + 1) * copy.kept.chunkBytes <= most && copy.isFree(end)) end++;
    return { copy, from: first, to: end };
  }
  return undefined;
}
