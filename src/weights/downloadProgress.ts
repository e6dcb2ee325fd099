/** How far a download is. */
import type { Clock } from "../lib/clock.ts";
import type { ErrorFacts } from "../lib/errors.ts";
import type { FileCopy } from "./fileCopy.ts";
import type { Transfer } from "./transfer.ts";

export interface DownloadProgress {
  /**
   * "waiting": for an answer, or a reader where nothing can be kept. "retrying": what was asked for last came to nothing, and is asked for again.
   * "checking": all is here, and being hashed.
   */
  readonly state: "waiting" | "retrying" | "downloading" | "paused" | "checking" | "done" | "failed";
  /** Over all wanted files. Falls when something came wrong and is fetched again. */
  readonly loadedBytes: number;
  readonly totalBytes: number;
  readonly files: readonly FileProgress[];
  /** Over the last seconds; 0 when nothing comes. */
  readonly bytesPerSecond: number;
  /** Undefined while nothing comes. */
  readonly secondsLeft: number | undefined;
  /** Over the network, since this download was opened. */
  readonly receivedBytes: number;
  /** What comes is kept for the next time. */
  readonly kept: boolean;
  /** Why not. */
  readonly notKept: ErrorFacts | undefined;
  /** What went wrong and was put right, for people; the last few. */
  readonly notes: readonly string[];
}

interface FileProgress {
  readonly path: string;
  readonly loadedBytes: number;
  readonly bytes: number;
  /** Whole, and what it should be. */
  readonly checked: boolean;
}

/** @param arriving bytes of chunks that are yet incomplete */
function fileProgress(copy: FileCopy, arriving: number): FileProgress {
  const { path, bytes } = copy.file;
  return { path, loadedBytes: copy.loadedBytes + arriving, bytes, checked: copy.checked };
}

export interface RateMeter {
  /** @param now milliseconds */
  add(bytes: number, now: number): void;
  /** Bytes a second. */
  rate(now: number): number;
  /** What came before a pause says nothing of what comes after it. */
  clear(): void;
}

const span = 5000;
/** Milliseconds that are added up: a fast download comes in thousands of pieces a second. */
const slot = 250;

export function createRateMeter(): RateMeter {
  let slots: { readonly from: number; bytes: number }[] = [];
  let since: number | undefined;
  return {
    add(bytes, now) {
      since ??= now;
      const last = slots.at(-1);
      if (last && now - last.from < slot) last.bytes += bytes;
      else slots.push({ from: now, bytes });
      slots = slots.filter(({ from }) => now - from < span);
    },
    rate(now) {
      if (since === undefined) return 0;
      const bytes = slots.reduce((sum, part) => sum + (now - part.from < span ? part.bytes : 0), 0);
      // Of the first instant nothing can be said.
      return (bytes * 1000) / Math.max(slot, Math.min(span, now - since));
    },
    clear() {
      slots = [];
      since = undefined;
    },
  };
}

export interface ProgressReport {
  /** Something may have changed. */
  change(): void;
  now(): DownloadProgress;
}

/** Reports at once when the state changes, else now and then while there is something to do. */
export function createReport(
  transfer: Transfer,
  clock: Clock,
  onProgress: ((progress: DownloadProgress) => void) | undefined,
): ProgressReport {
  let stop: (() => void) | undefined;
  let last = "";
  const now = (): DownloadProgress => progressOf(transfer, clock.now());
  return {
    now,
    change() {
      if (!onProgress) return;
      const progress = now();
      const ended = progress.state === "done" || progress.state === "failed";
      if (ended) {
        stop?.();
        stop = undefined;
      } else stop ??= clock.every(500, () => onProgress(now()));
      const facts = JSON.stringify([progress.state, progress.kept, progress.notes, progress.files.map(({ checked }) => checked)]);
      if (facts !== last) onProgress(progress);
      last = facts;
    },
  };
}

function progressOf(transfer: Transfer, now: number): DownloadProgress {
  const arriving = new Map<FileCopy, number>();
  for (const { copy, run } of transfer.jobs.values())
    arriving.set(copy, (arriving.get(copy) ?? 0) + (run.partial && !copy.came[run.index] ? run.filled : 0));
  const files = transfer.wanted.map((copy) => fileProgress(copy, arriving.get(copy) ?? 0));
  const sum = (pick: (file: FileProgress) => number): number => files.reduce((total, file) => total + pick(file), 0);
  const loadedBytes = sum((file) => file.loadedBytes);
  const totalBytes = sum(({ bytes }) => bytes);
  const bytesPerSecond = transfer.meter.rate(now);
  return {
    state: stateOf(transfer, loadedBytes === totalBytes),
    loadedBytes,
    totalBytes,
    files,
    bytesPerSecond,
    receivedBytes: transfer.receivedBytes,
    secondsLeft: bytesPerSecond > 0 ? (totalBytes - loadedBytes) / bytesPerSecond : undefined,
    kept: transfer.keeping.active,
    notKept: transfer.keeping.notKept,
    notes: [...transfer.notes],
  };
}

function stateOf(transfer: Transfer, allHere: boolean): DownloadProgress["state"] {
  if (transfer.failed) return "failed";
  if (transfer.done) return "done";
  if (transfer.paused) return "paused";
  if (allHere) return "checking";
  const runs = [...transfer.jobs.keys()];
  if (runs.some(({ flowing }) => flowing)) return "downloading";
  return runs.some(({ broken }) => broken) ? "retrying" : "waiting";
}
