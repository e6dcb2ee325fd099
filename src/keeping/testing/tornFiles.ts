/** A file system in memory that loses power at a chosen operation. */
import { EngineError } from "../../lib/errors.ts";
import type { FileStore, SyncFile } from "../files.ts";

type Change = { readonly at: number; readonly bytes: Uint8Array } | { readonly size: number };
interface Kept {
  /** As read now. */
  now: Uint8Array;
  /** As it was at the last flush, and what was done since. */
  flushed: Uint8Array;
  pending: Change[];
  held: boolean;
}

export interface TornFiles extends FileStore {
  /** Writes, flushes, truncations, creations and removals so far. */
  readonly operations: number;
  /** The power is gone. */
  readonly isOff: boolean;
  contents(): ReadonlyMap<string, Uint8Array>;
  /** The disk after the power was lost: of what was not flushed any part may be there, and sectors may hold anything. */
  afterCrash(random: () => number): TornFiles;
}

export interface TornOptions {
  /** Number of the operation, from 1, in which the power goes. */
  readonly stopAt?: number;
  /** Planted bug: flushes are counted, and keep nothing. */
  readonly skipFlush?: boolean;
  /** Bytes in all; past them writing fails as a full disk does. */
  readonly room?: number;
}

class PowerLost extends Error {}
const SECTOR_BYTES = 64;

function changed(bytes: Uint8Array, change: Change): Uint8Array {
  const size = "size" in change ? change.size : Math.max(bytes.length, change.at + change.bytes.length);
  const next = new Uint8Array(size);
  next.set(bytes.subarray(0, size));
  if ("bytes" in change) next.set(change.bytes, change.at);
  return next;
}

export function tornFiles(options: TornOptions = {}, disk: ReadonlyMap<string, Uint8Array> = new Map()): TornFiles {
  const { stopAt = Infinity, skipFlush = false, room = Infinity } = options;
  const files = new Map<string, Kept>([...disk].map(([name, bytes]) => [name, { now: bytes, flushed: bytes, pending: [], held: false }]));
  let operations = 0;
  const count = (work: () => void): void => {
    if (operations >= stopAt) throw new PowerLost();
    // The operation in which the power goes may still be done, or a part of it: afterCrash decides.
    operations++;
    work();
    if (operations >= stopAt) throw new PowerLost();
  };
  const isFull = (): boolean => [...files.values()].reduce((sum, { now }) => sum + now.length, 0) > room;
  const handle = (file: Kept): SyncFile => {
    const change = (made: Change): void =>
      count(() => {
        const before = file.now;
        file.now = changed(file.now, made);
        if ("bytes" in made && isFull()) {
          file.now = before;
          throw new EngineError("no-space", "The disk is full.", "Free some.");
        }
        file.pending.push(made);
      });
    return {
      get size() {
        return file.now.length;
      },
      read: (at, length) => file.now.slice(at, at + length),
      write: (at, bytes) => change({ at, bytes: bytes.slice() }),
      truncate: (size) => change({ size }),
      flush: () =>
        count(() => {
          // Half of all power losses in a flush come before it.
          if (skipFlush || (operations >= stopAt && operations % 2 === 0)) return;
          file.flushed = file.now;
          file.pending = [];
        }),
      close: () => void (file.held = false),
    };
  };
  return {
    get operations() {
      return operations;
    },
    get isOff() {
      return operations >= stopAt;
    },
    open: async (name, { create }) => {
      if (!files.has(name)) {
        if (!create) throw new Error(`no file ${name}`);
        count(() => files.set(name, { now: new Uint8Array(), flushed: new Uint8Array(), pending: [], held: false }));
      }
      const file = files.get(name)!;
      if (file.held) throw new EngineError("storage-busy", `${name} is held.`, "Close it.");
      file.held = true;
      return handle(file);
    },
    list: async () => [...files].map(([name, { now }]) => ({ name, bytes: now.length })),
    remove: async (name) => {
      if (files.get(name)?.held) throw new EngineError("storage-busy", `${name} is held.`, "Close it.");
      if (files.has(name)) count(() => files.delete(name));
    },
    contents: () => new Map([...files].map(([name, { now }]) => [name, now])),
    afterCrash: (random) => tornFiles({}, new Map([...files].map(([name, file]) => [name, torn(file, random)]))),
  };
}

/** Each change since the flush is there, or not, or in part, whatever came before or after it. */
function torn({ flushed, pending }: Kept, random: () => number): Uint8Array {
  return pending.reduce((bytes, change) => {
    const fate = random();
    if (fate < 0.25) return bytes;
    if (fate < 0.5 || "size" in change) return changed(bytes, change);
    if (fate < 0.75) return changed(bytes, { at: change.at, bytes: change.bytes.subarray(0, Math.floor(random() * change.bytes.length)) });
    const garbage = change.bytes.slice();
    const start = Math.floor(random() * garbage.length);
    for (let at = start; at < Math.min(garbage.length, start + SECTOR_BYTES); at++) garbage[at] = Math.floor(random() * 256);
    return changed(bytes, { at: change.at, bytes: garbage });
  }, flushed);
}
