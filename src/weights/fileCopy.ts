/** One file of a download: which chunks are here, who waits for them, and how far its hash has come. */
import type { EngineError } from "../lib/errors.ts";
import type { ChunkStore } from "./chunkStore.ts";
import { fileHash, type FileHash } from "./fileHash.ts";
import { KeptFile } from "./keptFile.ts";
import type { Link } from "./rangeRequest.ts";
import type { RemoteFile } from "./remoteFile.ts";
import { createShelf, type Shelf } from "./shelf.ts";

type Bytes = Uint8Array<ArrayBuffer>;
export type ChunkShelf = Shelf<FileCopy>;
export const createChunkShelf = (capacity: number): ChunkShelf => createShelf<FileCopy>(capacity);

interface Waiter {
  readonly take: (bytes: Bytes) => void;
  readonly fail: (error: EngineError) => void;
}

/** What is wrong with a whole file. */
interface WrongHash {
  readonly got: string;
  readonly expected: string;
}

/** Told of a chunk that the store had, and has no more as it was. */
type OnDamage = (copy: FileCopy, index: number) => void;

export interface CopyContext {
  readonly store: ChunkStore | undefined;
  readonly prefix: string;
  readonly chunkBytes: number;
  readonly shelf: ChunkShelf;
  readonly onDamage: OnDamage;
}

export class FileCopy {
  readonly file: RemoteFile;
  readonly kept: KeptFile;
  readonly link: Link;
  /** To be here in the end. */
  wanted = false;
  /** Came at least once; what is not kept may have to come again. */
  readonly came: boolean[];
  /** Being fetched or put away. */
  readonly claimed = new Set<number>();
  /** The server answers a range with a part. */
  ranges = true;
  /** The store has all of it, and its record says that it was checked. */
  sealed: boolean;
  /** The next chunk for the hash; all chunks before it are in it. */
  cursor = 0;
  private hash: FileHash | undefined;
  private hashing = false;
  private wrong: WrongHash | undefined;
  private readonly shelf: ChunkShelf;
  private readonly onDamage: OnDamage;
  private readonly waiters = new Map<number, Set<Waiter>>();

  private constructor(kept: KeptFile, hash: FileHash | undefined, shelf: ChunkShelf, onDamage: OnDamage) {
    this.kept = kept;
    this.file = kept.file;
    this.link = { file: kept.file, ...(hash ? {} : savedEtag(kept.etag)) };
    this.came = [...kept.held];
    this.hash = kept.checked ? undefined : hash;
    this.cursor = kept.checked ? kept.count : 0;
    this.sealed = kept.checked && kept.whole;
    this.shelf = shelf;
    this.onDamage = onDamage;
  }

  static async open(file: RemoteFile, { store, prefix, chunkBytes, shelf, onDamage }: CopyContext): Promise<FileCopy> {
    const kept = await KeptFile.open(store, prefix, file, chunkBytes);
    return new FileCopy(kept, await fileHash(file), shelf, onDamage);
  }

  get checked(): boolean {
    return this.kept.checked;
  }

  /** Neither here nor on its way. */
  isFree(index: number): boolean {
    return !this.claimed.has(index) && !this.kept.held[index] && !this.shelf.has(this, index);
  }

  /** Bytes of the chunks that came. */
  get loadedBytes(): number {
    return this.came.reduce((sum, came, index) => sum + (came ? this.kept.length(index) : 0), 0);
  }

  /** The chunk, if it is here. What the store had and is damaged counts as gone. */
  async find(index: number): Promise<Bytes | undefined> {
    const near = this.shelf.get(this, index);
    if (near || !this.kept.held[index]) return near;
    const bytes = await this.kept.get(index);
    if (bytes) this.shelf.put(this, index, bytes);
    else if (this.came[index]) this.lose(index);
    return bytes;
  }

  /** The chunk, if it is here and no reading is needed. */
  findNear(index: number): Bytes | undefined {
    return this.shelf.get(this, index);
  }

  /** Called at once with a chunk that comes. @returns takes it back */
  wait(index: number, waiter: Waiter): () => void {
    const others = this.waiters.get(index) ?? new Set();
    this.waiters.set(index, others.add(waiter));
    return () => void others.delete(waiter);
  }

  arrive(index: number, bytes: Bytes): void {
    const { etag } = this.link;
    this.came[index] = true;
    this.kept.etag = etag ? `${etag.origin} ${etag.value}` : null;
    this.shelf.put(this, index, bytes);
    this.serve(index, bytes);
  }

  /** Those who began to wait after it came. */
  serve(index: number, bytes: Bytes): void {
    const waiting = this.waiters.get(index);
    this.waiters.delete(index);
    for (const { take } of waiting ?? []) take(bytes);
  }

  fail(error: EngineError): void {
    for (const waiting of this.waiters.values()) for (const { fail } of waiting) fail(error);
    this.waiters.clear();
  }

  /** Hashes what is here from the cursor on. @returns what is wrong with the whole file, once that is known */
  async advance(): Promise<WrongHash | undefined> {
    if (this.hashing || this.kept.checked || this.wrong) return this.wrong;
    this.hashing = true;
    try {
      while (this.cursor < this.kept.count) {
        const bytes = await this.find(this.cursor);
        if (!bytes) return undefined;
        this.hash?.update(bytes);
        this.cursor++;
      }
      return this.finish();
    } finally {
      this.hashing = false;
    }
  }

  /** Everything kept is to be read and hashed once more. */
  async restart(): Promise<void> {
    this.hash = await fileHash(this.file);
    this.cursor = 0;
    this.kept.checked = false;
  }

  private lose(index: number): void {
    this.came[index] = false;
    this.sealed = false;
    this.onDamage(this, index);
  }

  private finish(): WrongHash | undefined {
    const { hash } = this;
    // A chunk that was lost afterwards comes again, and must be what it was.
    if (!this.came.every(Boolean)) return undefined;
    this.hash = undefined;
    const digest = hash?.digest();
    if (hash && digest !== hash.expected) this.wrong = { got: `${hash.name} ${digest}`, expected: hash.expected };
    else this.kept.checked = true;
    return this.wrong;
  }
}

function savedEtag(text: string | null): Pick<Link, "etag"> {
  const [origin = "", value] = text?.split(" ") ?? [];
  return value === undefined ? {} : { etag: { origin, value } };
}
