/**
 * Files of a server, read while they are downloaded: in ranges, several at once, kept in a store so that a cut, a reload or a crash
 * loses little, and checked as whole files against the hashes that the server's list names.
 */
import { systemClock, type Clock } from "../lib/clock.ts";
import { cancelled } from "../lib/errors.ts";
import type { FileSet } from "./byteSource.ts";
import type { ChunkStore } from "./chunkStore.ts";
import { downloadFiles } from "./downloadFiles.ts";
import { createKeeping } from "./downloadKeeping.ts";
import { createReport, type DownloadProgress } from "./downloadProgress.ts";
import { removeDownload, type DownloadPlan } from "./downloadRecord.ts";
import { createChunkShelf, FileCopy, type ChunkShelf } from "./fileCopy.ts";
import type { HubAccess } from "./hubAccess.ts";
import type { RemoteFetch } from "./remoteFile.ts";
import { Transfer } from "./transfer.ts";

export interface ChunkedDownloadOptions {
  /** Undefined: nothing is kept, and only what is read is fetched. */
  readonly store?: ChunkStore | undefined;
  /** The endpoint, and the token that it may see. */
  readonly access?: HubAccess | undefined;
  /** The global one by default. */
  readonly fetch?: RemoteFetch;
  readonly clock?: Clock;
  /** Ends the download; what has come stays. */
  readonly signal?: AbortSignal | undefined;
  /** Twice a second while something is to do, and when the state changes. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Requests at once; 4 by default. */
  readonly parallel?: number;
  /** Bytes of one request; 8 MiB by default. */
  readonly requestBytes?: number;
  /** Bytes that are hashed and kept together; 2 MiB by default, so that a crash loses at most `parallel` times that. */
  readonly chunkBytes?: number;
  /** Requests in a row that bring nothing before it fails; 6 by default. */
  readonly tries?: number;
  /** Milliseconds without a byte before a request is given up; 30,000 by default. */
  readonly stallMs?: number;
  /**
   * Files up to this size give out no byte before the whole file was checked; 32 MiB by default, Infinity for all.
   * What larger ones gave out may yet prove wrong: then `complete` and every later read fail.
   */
  readonly checkFirstBytes?: number;
  readonly paused?: boolean;
}

export interface ChunkedDownload {
  readonly files: FileSet;
  progress(): DownloadProgress;
  /** Requests under way are broken off; what came of their chunks stays in memory. */
  pause(): void;
  resume(): void;
  /**
   * Resolves when every wanted file has come and is what it should be; what was read of a large file is not to be trusted before.
   * @throws EngineError `fetch-failed`, `file-changed`, `bad-shard`, `hub-refused`, `unknown-model`, `cancelled`
   */
  complete(): Promise<void>;
  /**
   * Completes it, then reads and hashes all that is kept once more, and fetches again what was damaged.
   * @throws EngineError as `complete`
   */
  verify(): Promise<void>;
  /** Stops; what has come stays in the store. */
  close(): Promise<void>;
  /** Stops, and removes all of it from the store. */
  discard(): Promise<void>;
}

const MiB = 1024 * 1024;

/** Starts at once, with small files. A download that is complete in its store makes no request. @throws EngineError `cancelled` */
export async function openDownload(plan: DownloadPlan, options: ChunkedDownloadOptions = {}): Promise<ChunkedDownload> {
  const { store, signal, clock = systemClock } = options;
  const sizes = sizesOf(options);
  const shelf = createChunkShelf(sizes.window);
  const keeping = createKeeping(store, plan, clock.now(), () => report.change());
  const transfer = new Transfer(keeping, {
    ...sizes,
    clock,
    access: options.access,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    tries: options.tries ?? 6,
    stallMs: options.stallMs ?? 30_000,
    onChange: () => report.change(),
  });
  const report = createReport(transfer, clock, options.onProgress);
  transfer.copies = await openCopies(plan, store, sizes, shelf, transfer);
  await begin(transfer, options);
  const stop = async (): Promise<void> => {
    transfer.fail(cancelled());
    signal?.removeEventListener("abort", cancel);
    await transfer.idle();
    shelf.clear();
  };
  const cancel = (): void => void stop();
  if (signal?.aborted) cancel();
  else signal?.addEventListener("abort", cancel);
  const { checkFirstBytes = 32 * MiB } = options;
  return {
    files: downloadFiles(plan.id, transfer, (copy) => copy.file.bytes <= checkFirstBytes),
    progress: report.now,
    pause: () => transfer.setPaused(true),
    resume: () => transfer.setPaused(false),
    complete: () => transfer.complete(),
    verify: () => verify(transfer, shelf),
    close: stop,
    async discard() {
      await stop();
      if (store) await removeDownload(store, plan.prefix);
    },
  };
}

interface Sizes {
  readonly parallel: number;
  readonly requestBytes: number;
  readonly chunkBytes: number;
  readonly window: number;
}

function sizesOf({ parallel = 4, requestBytes = 8 * MiB, chunkBytes = 2 * MiB }: ChunkedDownloadOptions): Sizes {
  const chunk = Math.min(chunkBytes, requestBytes);
  // What can be under way, and some that readers hold: with the defaults 40 MiB.
  return { parallel, requestBytes, chunkBytes: chunk, window: parallel * Math.ceil(requestBytes / chunk) + 4 };
}

async function openCopies(
  plan: DownloadPlan,
  store: ChunkStore | undefined,
  { chunkBytes, requestBytes }: Sizes,
  shelf: ChunkShelf,
  transfer: Transfer,
): Promise<FileCopy[]> {
  const onDamage = (copy: FileCopy, index: number): void => transfer.lost(copy, index);
  const context = { store, prefix: plan.prefix, chunkBytes, shelf, onDamage };
  const copies = await Promise.all(plan.files.map((file) => FileCopy.open(file, context)));
  const place = new Map(plan.wanted.map((path, index) => [path, index]));
  // Texts before weights: whoever reads a model begins with them.
  const urgency = ({ file }: FileCopy): number => (file.bytes <= requestBytes ? 0 : plan.wanted.length) + (place.get(file.path) ?? 0);
  for (const copy of copies) copy.wanted = place.has(copy.file.path);
  return copies.sort((a, b) => urgency(a) - urgency(b));
}

async function begin(transfer: Transfer, { paused = false }: ChunkedDownloadOptions): Promise<void> {
  const { keeping, wanted } = transfer;
  keeping.recorded = wanted.every((copy) => copy.sealed);
  await keeping.record(wanted, keeping.recorded);
  // Also sets off what there is to do.
  transfer.setPaused(paused);
  for (const copy of wanted) if (!copy.checked) void transfer.check(copy);
}

async function verify(transfer: Transfer, shelf: ChunkShelf): Promise<void> {
  await transfer.complete();
  shelf.clear();
  for (const copy of transfer.wanted.filter(({ sealed }) => sealed)) {
    await copy.restart();
    await transfer.check(copy);
  }
  await transfer.complete();
}
