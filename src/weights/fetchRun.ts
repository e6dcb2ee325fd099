/** Fetches a run of chunks: one range request after another until all are there, each from the byte where the last one broke. */
import { cancelled } from "../lib/errors.ts";
import type { Clock } from "../lib/clock.ts";
import type { KeptFile } from "./keptFile.ts";
import { impostor, offline } from "./downloadErrors.ts";
import { requestRange, type Link, type RangeAnswer, type RangeContext } from "./rangeRequest.ts";
import { Setback } from "./setback.ts";

type Bytes = Uint8Array<ArrayBuffer>;

export interface Run {
  readonly kept: KeptFile;
  readonly link: Link;
  /** The chunk that is coming. */
  index: number;
  /** The chunk after the last. */
  until: number;
  /** Bytes of the chunk that have come. */
  filled: number;
  /** Undefined before its first byte, and for one that is passed over. */
  partial: Bytes | undefined;
  /** Bytes flow. */
  flowing: boolean;
  /** The latest request came to nothing, and no byte has come since. */
  broken: boolean;
  /** Aborts the request under way. */
  stop: AbortController;
}

export interface RunContext extends RangeContext {
  readonly clock: Clock;
  /** Requests in a row that bring nothing. */
  readonly tries: number;
  /** Milliseconds without a byte after which a request is given up. */
  readonly stallMs: number;
  /** Set for good when the run is to end. */
  readonly ended: AbortSignal;
  /** Resolves while not paused. */
  unpaused(): Promise<void>;
  /** For the chunk at this index the run is responsible. */
  wants(run: Run, index: number): boolean;
  /** The server sends whole files only. @returns false when this run is to end, since another reads the file already */
  takesWhole(run: Run): boolean;
  /** Bytes came over the network. */
  received(bytes: number): void;
  /** @throws Setback for a chunk that is not what it was before */
  deliver(run: Run, index: number, bytes: Bytes): Promise<void>;
}

const firstPause = 500;
const longestPause = 30_000;
/** Whoever has to wait longer is told so. */
const longestWait = 120_000;

/** @throws EngineError `fetch-failed`, `file-changed`, `bad-shard`, `hub-refused`, `unknown-model`, `cancelled` */
export async function fetchRun(run: Run, context: RunContext): Promise<void> {
  let fruitless = 0;
  let fresh = false;
  while (run.index < run.until) {
    // Before the wait: a pause that comes as one ends aborts this one too.
    run.stop = new AbortController();
    await context.unpaused();
    if (context.ended.aborted) throw cancelled();
    const before = position(run);
    try {
      if (!(await attempt(run, fresh, context))) return;
      fruitless = 0;
      fresh = false;
    } catch (thrown) {
      const setback = asSetback(thrown, run, context);
      if (!setback) continue;
      fresh = setback.again === "at once";
      // The fresh address that comes next is what counts.
      if (!fresh) fruitless = position(run) > before ? 1 : fruitless + 1;
      run.flowing = false;
      run.broken = !fresh;
      if (setback.again === "never" || fruitless >= context.tries || setback.waitMs > longestWait) throw setback.error;
      if (!fresh) await context.clock.sleep(pauseAfter(fruitless, setback.waitMs, context.clock), context.ended);
    } finally {
      run.flowing = false;
    }
  }
}

/** Byte of the file that comes next. */
const position = ({ kept, index, filled }: Run): number => kept.begin(index) + filled;
const isFull = ({ kept, index, until, filled }: Run): boolean => index < until && filled === kept.length(index);
const endOf = ({ kept, until }: Run): number => Math.min(kept.begin(until), kept.file.bytes);

const pauseAfter = (fruitless: number, waitMs: number, clock: Clock): number =>
  Math.max(waitMs, Math.min(longestPause, firstPause * 2 ** (fruitless - 1)) * (0.5 + clock.random()));

/** @returns undefined for a request that was aborted by a pause @throws what is no setback */
function asSetback(thrown: unknown, run: Run, { ended }: RunContext): Setback | undefined {
  if (ended.aborted) throw cancelled();
  if (thrown instanceof Setback) return thrown;
  if (!run.stop.signal.aborted) throw thrown;
  return run.stop.signal.reason === "stalled" ? new Setback(offline(run.link.file, "no more bytes for a while")) : undefined;
}

/** @returns false when the run is over before its end */
async function attempt(run: Run, fresh: boolean, context: RunContext): Promise<boolean> {
  if (isFull(run)) await passOn(run, context);
  if (run.index >= run.until) return true;
  const watch = watchdog(run, context);
  try {
    const answer = await requestRange(run.link, { begin: position(run), end: endOf(run), fresh }, context, run.stop.signal);
    if (answer.whole && (run.index > 0 || run.until < run.kept.count) && !context.takesWhole(run)) {
      void answer.body.cancel().catch(() => undefined);
      return false;
    }
    await readBody(run, answer, context, watch);
    return true;
  } finally {
    watch.stop();
  }
}

interface Watchdog {
  /** Something came. */
  fed(): void;
  stop(): void;
}

function watchdog(run: Run, { clock, stallMs }: RunContext): Watchdog {
  let quiet = 0;
  // Two ticks: a byte may have come just before the first.
  const stop = clock.every(stallMs / 2, () => {
    if (++quiet > 2) run.stop.abort("stalled");
  });
  return { fed: () => void (quiet = 0), stop };
}

async function readBody(run: Run, { begin, end, body }: RangeAnswer, context: RunContext, watch: Watchdog): Promise<void> {
  const reader = body.getReader();
  let at = begin;
  try {
    // Past the end too, for what a body has too much; but a whole file is not read for its beginning.
    while (at === end || position(run) < endOf(run)) {
      const { done, value } = await readNext(reader, run.stop.signal).catch((thrown: unknown) => broken(thrown, run));
      if (done) break;
      run.flowing = true;
      run.broken = false;
      context.received(value.length);
      if (at + value.length > end) throw tooLong(run, end - begin);
      await take(run, at, value, context);
      at += value.length;
      watch.fed();
    }
    if (isFull(run)) await passOn(run, context);
    if (run.index < run.until && at < end) throw tooShort(run, at - begin, end - begin);
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

/** What comes next of a body. A request that is aborted just after its last byte may leave its reader waiting for ever. */
function readNext(reader: ReadableStreamDefaultReader<Uint8Array>, signal: AbortSignal): ReturnType<typeof reader.read> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener("abort", stop);
    const end = (): void => signal.removeEventListener("abort", stop);
    reader.read().then(resolve, reject).finally(end);
    if (signal.aborted) stop();
  });
}

/** @param at byte of the file that `value` begins with */
async function take(run: Run, at: number, value: Uint8Array, context: RunContext): Promise<void> {
  let from = Math.max(0, position(run) - at);
  while (from < value.length) {
    // A chunk is passed on only when more comes, or the body has ended as it should.
    if (isFull(run)) await passOn(run, context);
    if (run.index >= run.until) return;
    const length = run.kept.length(run.index);
    const part = value.subarray(from, from + length - run.filled);
    if (context.wants(run, run.index)) {
      run.partial ??= new Uint8Array(length);
      run.partial.set(part, run.filled);
    }
    run.filled += part.length;
    from += part.length;
  }
}

async function passOn(run: Run, context: RunContext): Promise<void> {
  const { index, partial } = run;
  try {
    if (partial) await context.deliver(run, index, partial);
    run.index++;
  } finally {
    // What is refused is fetched again from its first byte.
    run.filled = 0;
    run.partial = undefined;
  }
}

function broken(thrown: unknown, run: Run): never {
  // The platform's words may name a signed address.
  throw run.stop.signal.aborted ? thrown : new Setback(offline(run.link.file, "a connection that broke"));
}

/** What came of this chunk may be as wrong as what is too much: it is let go. */
function tooLong(run: Run, promised: number): Setback {
  run.filled = 0;
  run.partial = undefined;
  return new Setback(offline(run.link.file, `more than the ${promised} bytes that its answer promised`));
}

function tooShort(run: Run, came: number, promised: number): Setback {
  const { file } = run.link;
  const other = run.index === 0 ? impostor(file, run.partial?.subarray(0, run.filled)) : undefined;
  if (other) run.filled = 0;
  return other ?? new Setback(offline(file, `${came} bytes of ${promised}`));
}
