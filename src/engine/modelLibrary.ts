/** What this browser keeps of models, and downloads that were left off. */
import type { ChunkStore } from "../weights/chunkStore.ts";
import { listDownloads, removeDownload } from "../weights/downloadRecord.ts";
import { listKept, removeKept } from "../weights/keptModels.ts";
import { isJsonObject } from "../weights/strictJson.ts";
import type { ModelSource, StorageFacts, UnfinishedDownload } from "./protocol.ts";

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
    const chunks = [...sizes].filter(([path]) => path.startsWith(plan.prefix) && !path.endsWith(".json"));
    const totalBytes = plan.files.filter(({ path }) => plan.wanted.includes(path)).reduce((sum, { bytes }) => sum + bytes, 0);
    const bytes = Math.min(
      totalBytes,
      chunks.reduce((sum, [, size]) => sum + size, 0),
    );
    found.push({ key: plan.prefix, ...about, bytes, totalBytes });
  }
  return found;
}

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

/** Removes a kept model, or what there is of a download. */
export async function removeFromLibrary(store: ChunkStore, key: string): Promise<void> {
  await (key.startsWith(downloads) ? removeDownload(store, key) : removeKept(store, key));
}

/** @param store undefined where the browser keeps nothing */
export async function readLibrary(store: ChunkStore | undefined): Promise<StorageFacts> {
  const quota = await estimate();
  if (!store) return { available: false, models: [], unfinished: [], ...quota };
  const models = (await listKept(store)).map(({ source: _, ...model }) => model);
  return { available: true, models, unfinished: await listUnfinished(store), ...quota };
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
