/** What this browser keeps of models, and downloads that were left off. */
import type { ChunkStore } from "../weights/chunkStore.ts";
import { emptyBin, listBin, putAway, putBack } from "../weights/bin.ts";
import { listDownloads, recordOfDownload } from "../weights/downloadRecord.ts";
import { aboutOf, listKept, readAbout, sweepKept } from "../weights/keptModels.ts";
import { isJsonObject } from "../weights/strictJson.ts";
import type { ModelSource, RemovedItem, StorageFacts, UnfinishedDownload } from "./protocol.ts";

const note = "load.json";
const downloads = "raw/";

/** What a download is for, so that it can go on after a reload. */
export interface DownloadNote {
  readonly name: string;
  /** Without its token; its revision the commit that was begun. */
  readonly source: ModelSource;
}

/** @param prefix of the download's plan */
export async function noteDownload(store: ChunkStore, prefix: string, text: DownloadNote): Promise<void> {
  await store.put(prefix + note, new TextEncoder().encode(JSON.stringify(text)));
}

async function listUnfinished(store: ChunkStore): Promise<UnfinishedDownload[]> {
  const sizes = await store.sizes(downloads);
  const found: UnfinishedDownload[] = [];
  for (const { plan } of await listDownloads(store)) {
    const about = readNote(await store.get(plan.prefix + note));
    if (!about) continue;
    const totalBytes = plan.files.filter(({ path }) => plan.wanted.includes(path)).reduce((sum, { bytes }) => sum + bytes, 0);
    found.push({ key: plan.prefix, ...about, bytes: Math.min(totalBytes, chunkBytes(sizes, plan.prefix)), totalBytes });
  }
  return found;
}

/** Bytes that came of a download. */
const chunkBytes = (sizes: ReadonlyMap<string, number>, prefix: string): number =>
  [...sizes].filter(([path]) => path.startsWith(prefix) && !/\.json(\.removed)?$/.test(path)).reduce((sum, [, size]) => sum + size, 0);

function readNote(bytes: Uint8Array | undefined): DownloadNote | undefined {
  if (!bytes) return undefined;
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    // Written by us; what else may be there counts as nothing.
    return isJsonObject(json) && isJsonObject(json.source) && typeof json.name === "string" ? (json as unknown as DownloadNote) : undefined;
  } catch {
    return undefined;
  }
}

const recordOf = (key: string): string => (key.startsWith(downloads) ? recordOfDownload(key) : aboutOf(key));

/** Removes a kept model, or what there is of a download, into the bin. */
export async function removeFromLibrary(store: ChunkStore, key: string): Promise<void> {
  await putAway(store, recordOf(key));
}

export async function putBackInLibrary(store: ChunkStore, key: string): Promise<void> {
  await putBack(store, recordOf(key));
}

/** Frees what was removed. */
export async function emptyLibraryBin(store: ChunkStore): Promise<void> {
  for (const folder of ["models/", downloads]) await emptyBin(store, folder);
}

/** Frees what was removed, and what interruptions left. For when nobody else uses the store. */
export async function sweepLibrary(store: ChunkStore): Promise<void> {
  await emptyLibraryBin(store);
  await sweepKept(store);
}

async function listRemoved(store: ChunkStore): Promise<RemovedItem[]> {
  const models = [...(await listBin(store, "models/"))].map(([record, bytes]) => ({ record, about: readAbout(bytes) }));
  const removed = models.flatMap(({ record, about }) =>
    about ? [{ key: record.split("/")[1] ?? "", name: about.name, bytes: about.bytes }] : [],
  );
  const left = [...(await listBin(store, downloads)).keys()].map((record) => record.slice(0, record.lastIndexOf("/") + 1));
  if (left.length === 0) return removed;
  const sizes = await store.sizes(downloads);
  for (const key of left) {
    const name = readNote(await store.get(key + note))?.name;
    if (name !== undefined) removed.push({ key, name, bytes: chunkBytes(sizes, key) });
  }
  return removed;
}

/** @param store undefined where the browser keeps nothing */
export async function readLibrary(store: ChunkStore | undefined): Promise<StorageFacts> {
  const quota = await estimate();
  if (!store) return { available: false, models: [], unfinished: [], removed: [], ...quota };
  const models = (await listKept(store)).map(({ source: _, ...model }) => model);
  return { available: true, models, unfinished: await listUnfinished(store), removed: await listRemoved(store), ...quota };
}

async function estimate(): Promise<Pick<StorageFacts, "usedBytes" | "quotaBytes" | "persisted">> {
  try {
    // Not in Node, and refused where storage is blocked.
    const { storage } = navigator;
    const { usage, quota } = await storage.estimate();
    return { usedBytes: usage ?? null, quotaBytes: quota ?? null, persisted: await storage.persisted() };
  } catch {
    return { usedBytes: null, quotaBytes: null, persisted: false };
  }
}
