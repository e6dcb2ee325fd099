/** Repositories on a local server, and downloads of them without waiting. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startHubServer, type HubServer } from "../../../tools/testing/hubServer.ts";
import { systemClock, type Clock } from "../../lib/clock.ts";
import { createPrng } from "../../lib/prng.ts";
import { openDownload, type ChunkedDownload, type ChunkedDownloadOptions } from "../chunkedDownload.ts";
import { memoryStore, type ChunkStore } from "../chunkStore.ts";
import { repositoryPlan, type DownloadPlan } from "../downloadRecord.ts";
import { openRepository } from "../hub.ts";
import { hubAccess } from "../hubAccess.ts";

/** Bytes that look like nothing, and differ everywhere. */
export function randomBytes(seed: number, count: number): Uint8Array<ArrayBuffer> {
  const prng = createPrng(seed);
  return Uint8Array.from({ length: count }, () => prng.below(256));
}

/** A folder of golden values, as a repository's files. */
export function goldenFiles(name: string): Record<string, Uint8Array> {
  const folder = join(import.meta.dirname, "../../../tools/testing/reference", name);
  return Object.fromEntries(["config.json", "model.safetensors"].map((file) => [file, readFileSync(join(folder, file))]));
}

/** Pauses take no time; counted in `slept`. */
export function hastyClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return { ...systemClock, slept, random: () => 0.5, sleep: async (milliseconds) => void slept.push(milliseconds) };
}

export interface Case {
  readonly server: HubServer;
  readonly plan: DownloadPlan;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** A download of it, with small chunks; made anew at each call. */
  open(options?: ChunkedDownloadOptions): Promise<ChunkedDownload>;
}

/** One repository, "org/model". */
export async function serve(
  files: Readonly<Record<string, Uint8Array>>,
  server: Partial<Parameters<typeof startHubServer>[0]> = {},
): Promise<Case> {
  const started = await startHubServer({ repositories: { "org/model": { files } }, ...server });
  const plan = repositoryPlan(await openRepository("org/model", { endpoint: started.endpoint }));
  started.log.length = 0;
  return {
    server: started,
    plan,
    files,
    open: (options = {}) => {
      const access = hubAccess(started.endpoint);
      return openDownload(plan, { store: memoryStore(), access, clock: hastyClock(), chunkBytes: 1000, requestBytes: 4000, ...options });
    },
  };
}

/** Reads all of a file, in pieces of this many bytes. */
export async function readAll({ files }: ChunkedDownload, path: string, piece = 1e9): Promise<Uint8Array> {
  const source = files.open(path);
  if (!source) throw new Error(`no ${path}`);
  const result = new Uint8Array(source.size);
  for (let at = 0; at < source.size; at += piece) result.set(await source.read(at, Math.min(source.size, at + piece)), at);
  return result;
}

/** Bytes of files that the server was asked for. */
export function askedBytes({ log }: HubServer, files: Readonly<Record<string, Uint8Array>>): number {
  return log.reduce((sum, { file = "", range, status }) => {
    const size = files[file]?.length ?? 0;
    return status === 206 && range ? sum + Math.min(size, range[1] + 1) - range[0] : sum;
  }, 0);
}

/** Adds up the ranges that one download asks for: a server's log may still get requests of another. */
export function counting() {
  const asker = {
    bytes: 0,
    fetch(url: string, init: RequestInit): Promise<Response> {
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(new Headers(init.headers).get("range") ?? "") ?? [];
      asker.bytes += Number(to) + 1 - Number(from);
      return fetch(url, init);
    },
  };
  return asker;
}

/** A store that a crash takes away: after it nothing is written any more, and nothing that was under way is finished. */
export function crashingStore(inner: ChunkStore): ChunkStore & { crash(): void } {
  let crashed = false;
  const never = <T>(): Promise<T> => new Promise(() => undefined);
  return {
    ...inner,
    crash: () => void (crashed = true),
    put: (key, bytes) => (crashed ? never() : inner.put(key, bytes)),
    delete: (key) => (crashed ? never() : inner.delete(key)),
  };
}

const texts = { "config.json": randomBytes(1, 700), "tokenizer.json": randomBytes(2, 2500), "empty.txt": new Uint8Array() };
/** Some of a model: two large files, and texts. */
export const smallModel = { ...texts, "a.safetensors": randomBytes(3, 50_321), "b.safetensors": randomBytes(4, 20_000) };
