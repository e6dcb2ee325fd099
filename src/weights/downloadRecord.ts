/** What a download is of, kept beside its chunks: so that it goes on, or is opened again, without asking anyone. */
import type { ChunkStore } from "./chunkStore.ts";
import { isSafePath, type Repository } from "./hub.ts";
import type { RemoteFile } from "./remoteFile.ts";
import { isJsonObject } from "./strictJson.ts";

export interface DownloadPlan {
  /** A repository's id, or an address. */
  readonly id: string;
  readonly requestedRevision: string;
  /** Empty where there is none. */
  readonly commit: string;
  readonly licence?: string;
  /** Ends with "/"; its keys are this download's alone. */
  readonly prefix: string;
  /** All that may be read. */
  readonly files: readonly RemoteFile[];
  /** Paths of those that are fetched though nobody reads them yet, in the order of need. */
  readonly wanted: readonly string[];
}

export interface KeptDownload {
  readonly plan: DownloadPlan;
  /** Every wanted file is here and was checked. */
  readonly complete: boolean;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
}

const root = "raw/";
const name = "download.json";

/** @param wanted all files by default */
export function repositoryPlan(
  { id, commit, requestedRevision, licence, files }: Repository,
  wanted = files.map(({ path }) => path),
  prefix = `${root}${id}@${commit}/`,
): DownloadPlan {
  return { id, commit, requestedRevision, ...(licence === undefined ? {} : { licence }), prefix, files, wanted };
}

/** @throws EngineError `no-space`, and what else the store throws */
export async function saveDownload(store: ChunkStore, { plan, complete, openedAt }: KeptDownload): Promise<void> {
  await store.put(plan.prefix + name, new TextEncoder().encode(JSON.stringify({ format: 1, complete, openedAt, plan })));
}

/** What the store has of a repository; the one opened last, where it has several commits. Asks nobody. @param revision a branch, a tag or a commit */
export async function findDownload(store: ChunkStore, id: string, revision = "main"): Promise<KeptDownload | undefined> {
  const found = (await listDownloads(store)).filter(
    ({ plan }) => plan.id === id && (plan.requestedRevision === revision || plan.commit === revision),
  );
  return found.sort((a, b) => b.openedAt - a.openedAt)[0];
}

export async function listDownloads(store: ChunkStore): Promise<KeptDownload[]> {
  const keys = (await store.keys(root)).filter((key) => key.endsWith(`/${name}`));
  const found = await Promise.all(keys.map(async (key) => parse(key, await store.get(key))));
  return found.filter((download) => download !== undefined);
}

/** The file that makes a download known. @param prefix of its plan */
export const recordOfDownload = (prefix: string): string => prefix + name;

/** The record goes first, so that a removal that is cut off leaves nothing that claims to be there. */
export async function removeDownload(store: ChunkStore, prefix: string): Promise<void> {
  await store.delete(prefix + name);
  for (const key of await store.keys(prefix)) await store.delete(key);
}

/** Undefined for what this program did not write so. */
function parse(key: string, bytes: Uint8Array | undefined): KeptDownload | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const { format, complete, openedAt, plan } = isJsonObject(json) ? json : {};
    if (format !== 1 || typeof complete !== "boolean" || typeof openedAt !== "number" || !isPlan(plan)) return undefined;
    return plan.prefix + name === key ? { plan, complete, openedAt } : undefined;
  } catch {
    return undefined;
  }
}

function isPlan(value: unknown): value is DownloadPlan {
  if (!isJsonObject(value)) return false;
  const { files, wanted } = value;
  const texts = [value.id, value.commit, value.requestedRevision, value.prefix, value.licence ?? ""];
  if (!texts.every((text) => typeof text === "string") || !Array.isArray(files) || !Array.isArray(wanted)) return false;
  return files.every(isFile) && wanted.every((path) => typeof path === "string");
}

function isFile(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const { path, url, bytes, sha256 = "0".repeat(64), gitOid = "0".repeat(40) } = value;
  const named = typeof path === "string" && isSafePath(path) && typeof url === "string" && /^https?:\/\//.test(url) && URL.canParse(url);
  const hashed = /^[0-9a-f]{64}$/.test(String(sha256)) && /^[0-9a-f]{40}$/.test(String(gitOid));
  return named && hashed && Number.isSafeInteger(bytes) && Number(bytes) >= 0;
}
