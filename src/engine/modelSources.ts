/** Sources of models, opened: to find out what they are, or to load them. */
import { EngineError } from "../lib/errors.ts";
import { modelPlans } from "../model/modelPlans.ts";
import type { FileSet, Precision } from "../weights/byteSource.ts";
import type { ChunkStore } from "../weights/chunkStore.ts";
import { pickedFiles } from "../weights/fileSets.ts";
import { describeFormats, type ModelFiles } from "../weights/hostTensor.ts";
import { loadModelFiles } from "../weights/httpShards.ts";
import { findKept, keepModel, keptKey, openKept, type Keeping } from "../weights/keptModels.ts";
import { modelKind } from "../weights/modelKind.ts";
import type { BandPacker } from "../weights/packBand.ts";
import { readModel } from "../weights/readModel.ts";
import type { ProgressReport } from "./loadProgress.ts";
import type { ModelSource, PauseSwitch } from "./protocol.ts";
import { openRemote, type RemoteFiles } from "./remoteFiles.ts";

export interface LoadContext {
  /** Undefined where nothing is to be kept. */
  readonly store: ChunkStore | undefined;
  readonly signal: AbortSignal;
  readonly pause: PauseSwitch | undefined;
  readonly progress: ProgressReport;
  readonly packer: BandPacker;
}

/** A model that is ready to be read. */
export interface LoadingModel {
  /** Reading the tensors also keeps them, where that was asked for. */
  readonly files: ModelFiles;
  /** Once all tensors are read: checks what was downloaded as a whole, and makes the kept copy whole. @throws EngineError `bad-shard`, `file-changed` */
  finish(): Promise<void>;
  /** After a failure: nothing half stays but what a later try can go on from. */
  abandon(): Promise<void>;
}

/** An address of our own manifest is one of shards. */
export const plainSource = (source: ModelSource): ModelSource =>
  source.kind === "url" && /\/manifest\.json(?:[?#]|$)/.test(source.url) ? { kind: "manifest", url: source.url } : source;

/** @throws EngineError of the source's kind */
export async function openForLoading(asked: ModelSource, precision: Precision, context: LoadContext): Promise<LoadingModel> {
  const source = plainSource(asked);
  const { store, signal, progress, packer } = context;
  const onProgress = progress.set;
  if (source.kind === "kept") return plain(await openKept(neededStore(store), source.key, { signal, onProgress }));
  const identity = identityOf(source, precision);
  const key = await keptKey(identity);
  // Files that were picked are here already, and may have changed.
  if (store && source.kind !== "files" && (await findKept(store, key))) return plain(await openKept(store, key, { signal, onProgress }));
  if (source.kind === "manifest")
    return kept(await loadModelFiles(source.url, { signal, onProgress }), { key, source: identity, from: source.url }, context);
  if (source.kind === "files") {
    const files = counted(pickedFiles(source.files), source.file, progress);
    const model = await readModel(files, modelPlans, { precision, signal, packer, ...fileOf(source) });
    return kept(model, { key, source: identity, from: files.name || "local files" }, context);
  }
  const remote = await openRemote(source, context);
  const model = await readRemote(remote, precision, source, context);
  return kept(model, { key, source: identity, from: remote.from, remote }, context);
}

const readRemote = async (
  remote: RemoteFiles,
  precision: Precision,
  source: ModelSource,
  { signal, progress, packer }: LoadContext,
): Promise<ModelFiles> => {
  progress.set({ phase: "weights" });
  try {
    return await readModel(remote.files, modelPlans, { precision, signal, packer, ...fileOf(source) });
  } catch (thrown) {
    await remote.close();
    throw thrown;
  }
};

export const fileOf = (source: ModelSource): { file?: string } =>
  "file" in source && source.file !== undefined ? { file: source.file } : {};

function neededStore(store: ChunkStore | undefined): ChunkStore {
  if (store) return store;
  throw new EngineError(
    "unknown-model",
    "Got no storage, expected the browser's: it keeps nothing for this page.",
    "Load the model from where it came from.",
  );
}

/** What tells one request for a model from another. */
function identityOf(source: ModelSource, precision: Precision): string {
  switch (source.kind) {
    case "hub":
      return JSON.stringify(["hub", source.endpoint ?? "", source.id, source.revision ?? "main", source.file ?? "", precision]);
    case "url":
    case "manifest":
      return JSON.stringify([source.kind, source.url, precision]);
    case "kept":
      return source.key;
    case "files":
      return JSON.stringify(["files", source.files.map(({ path, file }) => [path, file.size]), source.file ?? "", precision]);
  }
}

const plain = (files: ModelFiles): LoadingModel => ({ files, finish: async () => undefined, abandon: async () => undefined });

interface Origin {
  readonly key: string;
  /** See `identityOf`. */
  readonly source: string;
  /** For people. */
  readonly from: string;
  readonly remote?: RemoteFiles;
}

function kept(files: ModelFiles, { key, source, from, remote }: Origin, { store, progress }: LoadContext): LoadingModel {
  const about = { name: files.name, from, source, commit: remote?.commit ?? null, quantization: describeFormats(files.outline) };
  const keeping = store && keepModel(store, key, files, about);
  return {
    files: keeping ? { ...files, tensors: () => said(keeping, progress) } : files,
    async finish() {
      progress.set({ phase: "checking" });
      await remote?.complete();
      await keeping?.commit();
      if (keeping?.problem) progress.set({ notKept: keeping.problem });
      // The packed model is what is kept; of what was downloaded nothing is needed again.
      await (keeping && !keeping.problem ? remote?.discard() : remote?.close());
    },
    async abandon() {
      await keeping?.discard();
      await remote?.close();
    },
  };
}

async function* said(keeping: Keeping, progress: ProgressReport) {
  for await (const tensor of keeping.tensors()) {
    progress.set({ notKept: keeping.problem });
    yield tensor;
  }
}

/** Files that say how much of them was read. */
function counted(files: FileSet, file: string | undefined, progress: ProgressReport): FileSet {
  const { wanted } = modelKind(files, file);
  const totalBytes = wanted.reduce((sum, name) => sum + (files.open(name)?.size ?? 0), 0);
  const read = new Map<string, number>();
  return {
    ...files,
    open(name) {
      const source = files.open(name);
      return (
        source && {
          ...source,
          async read(begin, end, signal) {
            const bytes = await source.read(begin, end, signal);
            // Parts are read in their order: the furthest byte is what is done.
            read.set(name, Math.max(read.get(name) ?? 0, end));
            const loadedBytes = Math.min(
              totalBytes,
              [...read.values()].reduce((sum, count) => sum + count, 0),
            );
            progress.set({ phase: "weights", file: name, loadedBytes, totalBytes });
            return bytes;
          },
        }
      );
    },
  };
}
