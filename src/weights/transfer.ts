/** A download at work: decides what is fetched next, takes what comes, and checks it. */
import type { Clock } from "../lib/clock.ts";
import type { EngineError } from "../lib/errors.ts";
import { createWatch } from "../lib/watch.ts";
import { asEngineError, changed, damaged, impostor } from "./downloadErrors.ts";
import type { DownloadKeeping } from "./downloadKeeping.ts";
import { createRateMeter } from "./downloadProgress.ts";
import { nextRun, wishes, type Demand, type ScheduleState } from "./downloadSchedule.ts";
import { fetchRun, type Run, type RunContext } from "./fetchRun.ts";
import type { FileCopy } from "./fileCopy.ts";
import type { HubAccess } from "./hubAccess.ts";
import { sha256Hex } from "./manifest.ts";
import type { RemoteFetch } from "./remoteFile.ts";
import { Setback } from "./setback.ts";

export interface TransferOptions {
  readonly fetch: RemoteFetch;
  readonly access: HubAccess | undefined;
  readonly clock: Clock;
  readonly parallel: number;
  readonly requestBytes: number;
  readonly tries: number;
  readonly stallMs: number;
  /** Chunks that may come before they are needed. */
  readonly window: number;
  /** Something that people see has changed. */
  readonly onChange: () => void;
}

/** A run under way. */
interface Job {
  readonly copy: FileCopy;
  readonly run: Run;
  /** Chunks that it is responsible for. */
  readonly own: Set<number>;
}

export class Transfer {
  /** In the order in which they are fetched when nobody reads. */
  copies: readonly FileCopy[] = [];
  readonly demands = new Set<Demand>();
  readonly jobs = new Map<Run, Job>();
  readonly keeping: DownloadKeeping;
  readonly meter = createRateMeter();
  readonly notes: string[] = [];
  reading: ScheduleState["reading"];
  paused = false;
  failed: EngineError | undefined;
  receivedBytes = 0;
  private completing = false;
  private readonly options: TransferOptions;
  private readonly context: RunContext;
  private readonly ended = new AbortController();
  private readonly watch = createWatch();

  constructor(keeping: DownloadKeeping, options: TransferOptions) {
    this.keeping = keeping;
    this.options = options;
    const { fetch, access, clock, tries, stallMs } = options;
    this.context = {
      fetch,
      access,
      clock,
      tries,
      stallMs,
      now: clock.now,
      ended: this.ended.signal,
      unpaused: () => this.until(() => !this.paused),
      wants: (run, index) => this.jobs.get(run)?.own.has(index) ?? false,
      takesWhole: (run) => this.takeWhole(run),
      received: (bytes) => {
        this.receivedBytes += bytes;
        this.meter.add(bytes, clock.now());
      },
      deliver: (run, index, bytes) => this.deliver(run, index, bytes),
    };
  }

  get wanted(): readonly FileCopy[] {
    return this.copies.filter((copy) => copy.wanted);
  }

  /** Every wanted file is checked and, where anything is kept, kept, and the store says so. */
  get done(): boolean {
    return this.allChecked && (this.keeping.recorded || !this.keeping.active);
  }

  private get allChecked(): boolean {
    return this.wanted.every((copy) => copy.checked && (copy.sealed || !this.keeping.active));
  }

  /** Starts what there is to do. */
  pump(): void {
    const { parallel, requestBytes, window } = this.options;
    while (!this.ended.signal.aborted && !this.paused && this.jobs.size < parallel) {
      const { completing, demands, copies, reading } = this;
      const list = wishes({ keeping: this.keeping.active, completing, demands, copies, reading, window });
      const next = nextRun(list, requestBytes, (copy) => this.jobsOf(copy) > 0);
      if (!next) return;
      this.start(next.copy, next.from, next.to);
    }
  }

  private start(copy: FileCopy, from: number, to: number): void {
    const { kept, link } = copy;
    const stop = new AbortController();
    const run: Run = { kept, link, index: from, until: to, filled: 0, partial: undefined, flowing: false, broken: false, stop };
    const own = new Set<number>();
    this.jobs.set(run, { copy, run, own });
    claim({ copy, own }, from, to);
    this.options.onChange();
    fetchRun(run, this.context)
      .catch((thrown: unknown) => {
        if (!this.ended.signal.aborted) this.fail(asEngineError(thrown));
      })
      .finally(() => {
        for (const index of own) copy.claimed.delete(index);
        this.jobs.delete(run);
        this.pump();
        this.wake();
      });
  }

  private jobsOf(copy: FileCopy): number {
    return [...this.jobs.values()].filter((job) => job.copy === copy).length;
  }

  /** One run reads the file from its beginning, and takes all that is missing. */
  private takeWhole(run: Run): boolean {
    const job = this.jobs.get(run);
    if (!job) return false;
    const { copy, own } = job;
    copy.ranges = false;
    if (this.jobsOf(copy) > 1) return false;
    if (this.keeping.active) claim(job, 0, copy.kept.count);
    else claim(job, run.index, Math.min(copy.kept.count, run.index + this.options.window));
    const first = Math.min(...own);
    if (first < run.index) Object.assign(run, { index: first, filled: 0, partial: undefined });
    run.until = Math.max(...own) + 1;
    return true;
  }

  private async deliver(run: Run, index: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const job = this.jobs.get(run);
    if (!job) return;
    const { copy, own } = job;
    const { kept, file } = copy;
    const other = index === 0 ? impostor(file, bytes) : undefined;
    if (other) throw other;
    const hash = await sha256Hex(bytes);
    const before = kept.hashes[index] || hash;
    if (before !== hash) throw new Setback(changed(file, `SHA-256 ${hash} of chunk ${index}`, `${before}, as it came before`));
    kept.hashes[index] = hash;
    copy.arrive(index, bytes);
    void this.check(copy);
    await this.keeping.put(copy, index, bytes);
    own.delete(index);
    copy.claimed.delete(index);
    copy.serve(index, bytes);
    void this.check(copy);
    this.pump();
  }

  /** Hashes what can be hashed, and ends the download where the hash is wrong. */
  async check(copy: FileCopy): Promise<void> {
    try {
      const wrong = await copy.advance();
      if (wrong) {
        // What is still being put away would stay.
        this.stop();
        await this.idle();
        await copy.kept.remove();
        throw damaged(copy.file, wrong.got, wrong.expected);
      }
      await this.keeping.seal(copy);
      if (this.allChecked) await this.keeping.recordWhole(this.wanted);
    } catch (thrown) {
      this.fail(asEngineError(thrown));
    }
    // Where nothing is kept, what may come next depends on how far the hash is.
    this.pump();
    this.wake();
  }

  /** The store had it, and has it no more as it was. */
  lost({ file }: FileCopy, index: number): void {
    this.notes.push(`${file.path}: chunk ${index} was damaged or missing in the storage, and is fetched again.`);
    if (this.notes.length > 20) this.notes.shift();
    this.keeping.recorded = false;
    this.pump();
    this.options.onChange();
  }

  want(copy: FileCopy): void {
    if (copy.wanted) return;
    copy.wanted = true;
    this.keeping.recorded = false;
  }

  /** Resolves when every wanted file is here and checked. @throws EngineError of the download */
  async complete(): Promise<void> {
    this.completing = true;
    this.pump();
    await this.until(() => this.done);
  }

  setPaused(paused: boolean): void {
    this.paused = paused;
    this.meter.clear();
    if (paused) for (const run of this.jobs.keys()) run.stop.abort("paused");
    this.pump();
    this.wake();
  }

  private stop(): void {
    this.ended.abort();
    for (const run of this.jobs.keys()) run.stop.abort("ended");
  }

  fail(error: EngineError): void {
    if (this.failed) return;
    this.failed = error;
    this.stop();
    for (const copy of this.copies) copy.fail(error);
    this.wake();
  }

  /** Resolves when nothing is under way any more, after a failure. */
  async idle(): Promise<void> {
    await this.watch.until(() => this.jobs.size === 0);
  }

  /** @throws EngineError of the download, `cancelled` */
  until(isTrue: () => boolean, signal?: AbortSignal): Promise<void> {
    return this.watch.until(() => {
      if (this.failed) throw this.failed;
      return isTrue();
    }, signal);
  }

  private wake(): void {
    this.watch.wake();
    this.options.onChange();
  }
}

/** What is free of these chunks is the job's from now on. */
function claim({ copy, own }: Pick<Job, "copy" | "own">, from: number, to: number): void {
  for (let index = from; index < to; index++) {
    if (!copy.isFree(index)) continue;
    own.add(index);
    copy.claimed.add(index);
  }
}
