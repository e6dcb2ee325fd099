/** Models on the Hub or at an address: looked at by ranges, or downloaded in chunks that a later try can go on from. */
import { memoryFiles } from "../weights/fileSets.ts";
import { addressFiles } from "../weights/addressFiles.ts";
import type { FileSet } from "../weights/byteSource.ts";
import { openDownload } from "../weights/chunkedDownload.ts";
import type { ChunkStore } from "../weights/chunkStore.ts";
import type { DownloadProgress } from "../weights/downloadProgress.ts";
import { findDownload, type DownloadPlan } from "../weights/downloadRecord.ts";
import { openRepository } from "../weights/hub.ts";
import { hubAccess, type HubAccess } from "../weights/hubAccess.ts";
import { hubRefusal } from "../weights/hubErrors.ts";
import { keptKey } from "../weights/keptModels.ts";
import { modelKind } from "../weights/modelKind.ts";
import { rangeFiles } from "../weights/rangeFiles.ts";
import type { RemoteFile } from "../weights/remoteFile.ts";
import type { ProgressReport } from "./loadProgress.ts";
import { noteDownload } from "./modelLibrary.ts";
import type { LoadProgress, ModelSource, PauseSwitch, SourceFacts } from "./protocol.ts";

/** A model's files while they are downloaded. */
export interface RemoteFiles {
  readonly files: FileSet;
  /** For people. */
  readonly from: string;
  readonly commit: string | null;
  /** Resolves when all that is wanted has come, and is what it should be. @throws EngineError `file-changed`, `bad-shard`, `fetch-failed`, … */
  complete(): Promise<void>;
  /** Stops; what has come stays for the next time. */
  close(): Promise<void>;
  /** Stops, and removes what has come. */
  discard(): Promise<void>;
}

export interface RemoteContext {
  /** Undefined where nothing is to be kept. */
  readonly store: ChunkStore | undefined;
  readonly signal: AbortSignal;
  readonly pause: PauseSwitch | undefined;
  readonly progress: ProgressReport;
}

export type RemoteSource = Extract<ModelSource, { kind: "hub" | "url" }>;

/** What is known of a place before anything big is read of it. */
interface Place extends Pick<SourceFacts, "name" | "commit" | "licence" | "gated"> {
  readonly texts: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly weights: readonly RemoteFile[];
  readonly access?: HubAccess;
  /** For people. */
  readonly page: string;
}

async function findPlace(source: RemoteSource, signal: AbortSignal): Promise<Place> {
  if (source.kind === "url") {
    const { name, texts, weights } = await addressFiles(source.url, { signal });
    return { name, commit: null, licence: null, gated: false, texts, weights, page: source.url };
  }
  const { endpoint, token } = source;
  const access = hubAccess(endpoint, token);
  const { id, commit, licence, gated, files } = await openRepository(source.id, {
    signal,
    ...(source.revision === undefined ? {} : { revision: source.revision }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(token === undefined ? {} : { token }),
  });
  return { name: id, commit, licence: licence ?? null, gated, texts: new Map(), weights: files, access, page: `${access.endpoint}/${id}` };
}

/** @throws EngineError `unknown-model`, `hub-refused`, `fetch-failed`, `cancelled` */
export async function lookAtRemote(
  source: RemoteSource,
  signal: AbortSignal,
): Promise<Omit<SourceFacts, "model" | "choices"> & { readonly files: FileSet }> {
  const { name, commit, licence, gated, texts, weights, access, page } = await findPlace(source, signal);
  const refusal = (response: Response, file: RemoteFile) => hubRefusal(response, file.path, page, access);
  const ranges = rangeFiles(name, weights, { refusal, ...(access ? { access } : {}) });
  return { name, commit, licence, gated, files: together(name, memoryFiles(name, texts), ranges) };
}

/**
 * Begins the download, or goes on with one that was left off. One that is complete in the store makes no request.
 * @throws EngineError like `lookAtRemote`, `unknown-files`
 */
export async function openRemote(source: RemoteSource, context: RemoteContext): Promise<RemoteFiles> {
  const { store, signal, progress, pause } = context;
  const begun = await beginning(source, context);
  const { plan, texts, name } = begun;
  const access = source.kind === "hub" ? hubAccess(source.endpoint, source.token) : undefined;
  if (store) await noteDownload(store, plan.prefix, { name, source: noted(source, plan) }).catch(() => undefined);
  const onProgress = (state: DownloadProgress): void => progress.set(progressOf(state));
  const download = await openDownload(plan, { store, signal, onProgress, paused: pause?.paused ?? false, ...(access ? { access } : {}) });
  pause?.onChange((paused) => (paused ? download.pause() : download.resume()));
  return {
    files: together(name, memoryFiles(name, texts), download.files),
    from: name,
    commit: plan.commit || null,
    complete: download.complete,
    close: download.close,
    discard: download.discard,
  };
}

interface Beginning {
  readonly plan: DownloadPlan;
  readonly texts: Place["texts"];
  readonly name: string;
}

async function beginning(source: RemoteSource, { store, signal }: RemoteContext): Promise<Beginning> {
  const revision = source.kind === "hub" ? (source.revision ?? "main") : "";
  const kept = store && source.kind === "hub" ? await findDownload(store, source.id, revision) : undefined;
  if (kept?.complete && source.kind === "hub") {
    const { wanted } = modelKind({ name: source.id, files: kept.plan.files.map(({ path }) => path) }, source.file);
    if (wanted.every((path) => kept.plan.wanted.includes(path))) return { plan: kept.plan, texts: new Map(), name: source.id };
  }
  const { name, commit, licence, texts, weights } = await findPlace(source, signal);
  const files = [...texts.keys(), ...weights.map(({ path }) => path)];
  const { wanted } = modelKind({ name, files }, source.kind === "hub" ? source.file : undefined);
  const remote = wanted.filter((path) => !texts.has(path));
  const id = source.kind === "hub" ? source.id : source.url;
  const prefix = `raw/${await keptKey(JSON.stringify([id, commit]))}/`;
  const plan = {
    id,
    commit: commit ?? "",
    requestedRevision: revision,
    ...(licence === null ? {} : { licence }),
    prefix,
    files: weights,
    wanted: remote,
  };
  return { plan, texts, name };
}

const withoutToken = ({ token: _, ...rest }: Extract<RemoteSource, { kind: "hub" }>): ModelSource => rest;

function noted(source: RemoteSource, { commit }: DownloadPlan): ModelSource {
  if (source.kind === "url") return source;
  return { ...withoutToken(source), ...(commit === "" ? {} : { revision: commit }) };
}

function progressOf({
  state,
  loadedBytes,
  totalBytes,
  files,
  bytesPerSecond,
  secondsLeft,
  notKept,
}: DownloadProgress): Partial<LoadProgress> {
  const current = files.find((file) => file.loadedBytes < file.bytes);
  return {
    state: state === "paused" || state === "retrying" ? state : "running",
    ...(current ? { file: current.path } : {}),
    loadedBytes,
    totalBytes,
    files: files.map((file) => ({ file: file.path, loadedBytes: file.loadedBytes, totalBytes: file.bytes })),
    bytesPerSecond,
    secondsLeft: secondsLeft ?? null,
    ...(notKept ? { notKept: notKept.message } : {}),
  };
}

const together = (name: string, first: FileSet, second: FileSet): FileSet => ({
  name,
  files: [...first.files, ...second.files],
  open: (file) => first.open(file) ?? second.open(file),
});
