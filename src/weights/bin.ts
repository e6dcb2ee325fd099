/**
 * What a person removed, until it is gone: its record is set aside, so that nothing finds the rest, and can be put back. All other files of
 * its folder stay as they are.
 */
import type { ChunkStore } from "./chunkStore.ts";

const ASIDE = ".removed";

/** Nothing happens where there is no such record. @param record its key: the file that makes a folder whole */
export async function putAway(store: ChunkStore, record: string): Promise<void> {
  await move(store, record, record + ASIDE);
}

/** Nothing happens where it is not in the bin, or where another has taken its place. */
export async function putBack(store: ChunkStore, record: string): Promise<void> {
  if (await store.get(record)) return;
  await move(store, record + ASIDE, record);
}

/** The records set aside, under the keys they had. */
export async function listBin(store: ChunkStore, prefix: string): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const key of await store.keys(prefix)) {
    const bytes = key.endsWith(ASIDE) ? await store.get(key) : undefined;
    if (bytes) found.set(key.slice(0, -ASIDE.length), bytes);
  }
  return found;
}

/** Frees what is in the bin. Where another took its place, in the same folder, only the old record goes. */
export async function emptyBin(store: ChunkStore, prefix: string): Promise<void> {
  for (const record of (await listBin(store, prefix)).keys()) {
    const folder = record.slice(0, record.lastIndexOf("/") + 1);
    const replaced = (await store.get(record)) !== undefined;
    if (!replaced) for (const key of await store.keys(folder)) if (key !== record + ASIDE) await store.delete(key);
    // Last: what is cut off before is ended by the next time.
    await store.delete(record + ASIDE);
  }
}

async function move(store: ChunkStore, from: string, to: string): Promise<void> {
  const bytes = await store.get(from);
  if (!bytes) return;
  await store.put(to, bytes);
  await store.delete(from);
}
