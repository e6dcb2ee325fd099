/**
 * Models kept for the next time, in our own format: `models/<key>/shard-…`, tokenizer.json, manifest.json, and about.json last. So a
 * folder with about.json is whole, and one without is what an interruption left.
 */
import { EngineError } from "../lib/errors.ts";
import type { ChunkStore } from "./chunkStore.ts";
import type { HostTensor, ModelFiles } from "./hostTensor.ts";
import { loadShards, type ReadOptions } from "./loadShards.ts";
import { sha256Hex } from "./manifest.ts";
import { createShardWriter } from "./shardWriter.ts";
import { isJsonObject } from "./strictJson.ts";

export interface KeptAbout {
  readonly name: string;
  /** Where it came from, for people: a repository, an address or a file. */
  readonly from: string;
  /** What was asked for, see `keptKey`. */
  readonly source: string;
  readonly commit: string | null;
  readonly quantization: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly keptAt: string;
}

const root = "models/";
const utf8 = new TextEncoder();

/** The folder of a source (repository, revision, file, precision: whatever tells it from others), 32 hex digits. */
export async function keptKey(source: string): Promise<string> {
  return (await sha256Hex(utf8.encode(source))).slice(0, 32);
}

/** @returns every whole model, the latest first */
export async function listKept(store: ChunkStore): Promise<(KeptAbout & { readonly key: string })[]> {
  const found = [];
  for (const path of await store.keys(root)) {
    if (!path.endsWith("/about.json")) continue;
    const about = readAbout(await store.get(path));
    if (about) found.push({ ...about, key: path.slice(root.length, -"/about.json".length) });
  }
  return found.sort((a, b) => (a.keptAt < b.keptAt ? 1 : -1));
}

/** The file that makes a kept model whole. */
export const aboutOf = (key: string): string => `${root}${key}/about.json`;

export async function findKept(store: ChunkStore, key: string): Promise<KeptAbout | undefined> {
  return readAbout(await store.get(aboutOf(key)));
}

export function readAbout(bytes: Uint8Array | undefined): KeptAbout | undefined {
  if (!bytes) return undefined;
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    // Written by us, last: anything else counts as not there.
    return isJsonObject(json) && typeof json.name === "string" && typeof json.keptAt === "string"
      ? (json as unknown as KeptAbout)
      : undefined;
  } catch {
    return undefined;
  }
}

/** about.json goes first, so that a removal that is cut off leaves nothing that looks whole. */
export async function removeKept(store: ChunkStore, key: string): Promise<void> {
  await store.delete(aboutOf(key));
  for (const path of await store.keys(`${root}${key}/`)) await store.delete(path);
}

/** Removes what interruptions left. @param writing keys that are being written now */
export async function sweepKept(store: ChunkStore, writing: ReadonlySet<string> = new Set()): Promise<void> {
  const paths = await store.keys(root);
  const whole = new Set(paths.filter((path) => path.endsWith("/about.json")).map(folderOf));
  for (const path of paths) if (!whole.has(folderOf(path)) && !writing.has(folderOf(path))) await store.delete(path);
}

const folderOf = (path: string): string => path.slice(root.length).split("/")[0] ?? "";

/** A kept model, checked as it is read. @throws EngineError `unknown-model`, and those of `loadShards` */
export async function openKept(store: ChunkStore, key: string, options: ReadOptions = {}): Promise<ModelFiles> {
  const folder = `${root}${key}/`;
  if (!(await findKept(store, key))) throw cleared("record");
  const read = async (file: string, limit: number, onBytes?: (loaded: number) => void) => {
    const bytes = await store.get(folder + file);
    if (!bytes) throw cleared(file);
    onBytes?.(Math.min(bytes.length, limit));
    return { bytes: bytes.subarray(0, limit), more: bytes.length > limit };
  };
  return loadShards({ manifestPlace: "the kept model's manifest", read }, options);
}

const cleared = (what: string): EngineError =>
  new EngineError(
    "unknown-model",
    `Got no ${what} of a kept model, expected it in the browser's storage.`,
    "It was removed or cleared: put it back under Storage, or load it again from where it came.",
  );

export interface Keeping {
  /** The same tensors, each also written to the store. */
  tensors(): AsyncGenerator<HostTensor>;
  /** Makes the model whole; nothing happens where keeping was given up. */
  commit(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
  /** Why it is not being kept, once it is not. */
  readonly problem: string | null;
}

/** Keeps a model while it is read. A store that is full ends the keeping, not the reading. */
export function keepModel(store: ChunkStore, key: string, files: ModelFiles, about: Omit<KeptAbout, "bytes" | "keptAt">): Keeping {
  const folder = `${root}${key}/`;
  let problem: string | null = null;
  let bytes = 0;
  const writer = createShardWriter(async (file, content) => {
    await store.put(folder + file, content);
    bytes += content.length;
  });
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    if (problem !== null) return;
    try {
      await work();
    } catch (thrown) {
      problem = thrown instanceof Error ? thrown.message : String(thrown);
      await discard();
    }
  };
  const discard = (): Promise<void> => removeKept(store, key);
  return {
    async *tensors() {
      for await (const tensor of files.tensors()) {
        await attempt(() => writer.add(tensor));
        yield tensor;
      }
    },
    commit: () =>
      attempt(async () => {
        const manifest = await writer.finish({
          name: files.name,
          config: files.config as Readonly<Record<string, unknown>>,
          tokenizerJson: files.tokenizerJson,
          ...(files.tokenizerConfig === undefined ? {} : { tokenizerConfig: files.tokenizerConfig as Readonly<Record<string, unknown>> }),
        });
        await store.put(`${folder}manifest.json`, utf8.encode(JSON.stringify(manifest)));
        const whole: KeptAbout = { ...about, bytes, keptAt: new Date().toISOString() };
        await store.put(`${folder}about.json`, utf8.encode(JSON.stringify(whole)));
      }),
    discard,
    get problem() {
      return problem;
    },
  };
}
