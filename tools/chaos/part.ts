/** One part of `npm run chaos`: causes one kind of failure again and again, and says in figures what came of it. */
export interface ChaosOptions {
  /** The run of its own that takes as long as it takes; else the one that every change passes. */
  readonly long: boolean;
  readonly seed: number;
  /** A fault put in on purpose, by name: the part must find it. */
  readonly plant?: string | undefined;
  /** Instead of the short run's number of cases, where a part draws some: a planted fault is soon found. */
  readonly runs?: number;
}

/** One line of the table. */
export interface ChaosRow {
  readonly runs: number;
  readonly figure: string;
  /** What the figure is held against. */
  readonly bound: string;
  readonly ok: boolean;
}

export interface ChaosResult {
  readonly rows: readonly ChaosRow[];
  /** What went past its bound, each in a line that names the seed's own case. */
  readonly faults: readonly string[];
}

export interface ChaosPart {
  readonly name: string;
  /** Faults it can be given. */
  readonly plants: readonly string[];
  /** It opens the build in Chromium; runs only where it is asked for by name. */
  readonly inChromium?: boolean;
  run(options: ChaosOptions): Promise<ChaosResult>;
}

const MOST_SECONDS = 120;

/** What never ends is a fault like any other. @throws where the work does, or has not ended after two minutes */
export function within<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${MOST_SECONDS} s`)), 1000 * MOST_SECONDS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Most faults that are printed of one part. */
export const SHOWN_FAULTS = 8;

/** A row that counts cases: none may be at fault. */
export function countRow(runs: number, faults: readonly string[], what: string): ChaosRow {
  return { runs, figure: `${runs - faults.length} of ${runs} ${what}`, bound: "all", ok: faults.length === 0 && runs > 0 };
}
