/** Keeps parts of downloads in the browser's Cache Storage, which holds gigabytes and is there in workers. */
import { checkKey, noSpace, type ChunkStore } from "./chunkStore.ts";

/** A name that never resolves: nothing is ever asked of it. */
const origin = "https://kept.invalid/";

export interface CacheStorageOptions {
  /** The browser's own by default. */
  readonly caches?: CacheStorage | undefined;
  readonly estimate?: () => Promise<StorageEstimate>;
  readonly name?: string;
}

/** @returns undefined where the browser gives this page no storage: over plain HTTP, in some private modes, or when it is blocked */
export async function cacheStorageStore(options: CacheStorageOptions = {}): Promise<ChunkStore | undefined> {
  // Absent over plain HTTP, whatever the types say.
  const storage: CacheStorage | undefined = "caches" in options ? options.caches : globalThis.caches;
  try {
    const cache = await storage?.open(options.name ?? "elder-lab-models");
    return cache && storeOf(cache, options.estimate ?? (() => navigator.storage.estimate()));
  } catch {
    return undefined;
  }
}

function storeOf(cache: Cache, estimate: () => Promise<StorageEstimate>): ChunkStore {
  const match = (key: string): Promise<Response | undefined> => cache.match(addressOf(key), { ignoreVary: true });
  const keys = async (prefix: string): Promise<string[]> =>
    (await cache.keys())
      .map(({ url }) => keyOf(url))
      .filter((key) => key.startsWith(prefix))
      .sort();
  return {
    get: async (key) => {
      const response = await match(key);
      return response && new Uint8Array(await response.arrayBuffer());
    },
    put: async (key, bytes) => {
      checkKey(key);
      // A Response of our own: `put` refuses a 206, and its length is then known without its body.
      const response = new Response(bytes, {
        headers: { "content-length": String(bytes.length), "content-type": "application/octet-stream" },
      });
      try {
        await cache.put(addressOf(key), response);
      } catch (cause) {
        if (cause instanceof Error && cause.name === "QuotaExceededError") throw await full(bytes.length, cause, estimate);
        throw cause;
      }
    },
    delete: async (key) => void (await cache.delete(addressOf(key))),
    keys,
    sizes: async (prefix) => {
      const sizeOf = async (key: string) => [key, Number((await match(key))?.headers.get("content-length") ?? 0)] as const;
      return new Map(await Promise.all((await keys(prefix)).map(sizeOf)));
    },
  };
}

const addressOf = (key: string): string => origin + key.split("/").map(encodeURIComponent).join("/");
const keyOf = (url: string): string => url.slice(origin.length).split("/").map(decodeURIComponent).join("/");

async function full(needed: number, cause: Error, estimate: () => Promise<StorageEstimate>) {
  const { quota, usage } = await estimate().catch((): StorageEstimate => ({}));
  const free = quota === undefined || usage === undefined ? undefined : quota - usage;
  return noSpace("The browser's storage for this page is full", free, needed, cause);
}
