/** Where parts of downloaded files are kept. */
import { EngineError } from "../lib/errors.ts";

export interface ChunkStore {
  /** In an array of their own; undefined when there is nothing. */
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /**
   * Whole or not at all, also when the program ends meanwhile.
   * @param key texts with "/" between them, none of them empty, "." or ".."
   * @throws EngineError `no-space`
   */
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Nothing happens when there is nothing. */
  delete(key: string): Promise<void>;
  /** Sorted. */
  keys(prefix: string): Promise<string[]>;
  /** Bytes of each key, without reading the bodies. */
  sizes(prefix: string): Promise<ReadonlyMap<string, number>>;
}

/** For tests, and where the browser offers no storage. */
export function memoryStore(limitBytes = Infinity): ChunkStore {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  const used = (): number => [...kept.values()].reduce((sum, { length }) => sum + length, 0);
  const keys = (prefix: string): string[] => [...kept.keys()].filter((key) => key.startsWith(prefix)).sort();
  return {
    get: async (key) => kept.get(key)?.slice(),
    put: async (key, bytes) => {
      checkKey(key);
      const free = limitBytes - used() + (kept.get(key)?.length ?? 0);
      if (bytes.length > free) throw noSpace("The memory kept for downloads is full", free, bytes.length);
      kept.set(key, bytes.slice());
    },
    delete: async (key) => void kept.delete(key),
    keys: async (prefix) => keys(prefix),
    sizes: async (prefix) => new Map(keys(prefix).map((key) => [key, kept.get(key)?.length ?? 0])),
  };
}

/** @throws EngineError `internal` for a key that could leave its store */
export function checkKey(key: string): void {
  const texts = key.split("/");
  if (key.length <= 2000 && texts.every((text) => text !== "" && text !== "." && text !== "..") && key.isWellFormed()) return;
  throw new EngineError(
    "internal",
    `Got the key ${JSON.stringify(key.slice(0, 100))}, expected names with "/" between them.`,
    "This is a fault of the program: please report it.",
  );
}

/** @param free bytes; undefined when nobody says */
export function noSpace(what: string, free: number | undefined, needed: number, cause?: unknown): EngineError {
  const got = free === undefined ? "no room" : `room for ${Math.max(0, Math.round(free))} bytes`;
  const hint = "Remove kept models, or free space on the disk. The model can still be used, but will be downloaded again the next time.";
  return new EngineError("no-space", `${what}: got ${got}, expected ${needed}.`, hint, { cause });
}
