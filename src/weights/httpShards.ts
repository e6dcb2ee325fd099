/** A model in our own format over HTTP: the manifest, and its files beside it. */
import { download, type DownloadOptions, type Fetch } from "./download.ts";
import type { ModelFiles } from "./hostTensor.ts";
import { loadShards, type ReadOptions, type ShardFolder } from "./loadShards.ts";

export interface HttpOptions extends ReadOptions {
  /** The global one by default. */
  readonly fetch?: Fetch;
}

/**
 * @param manifestUrl the files are looked for beside it; absolute, or relative to the page
 * @throws EngineError `fetch-failed`, and those of `loadShards`
 */
export function loadModelFiles(manifestUrl: string, options: HttpOptions = {}): Promise<ModelFiles> {
  const context = { fetch: options.fetch ?? ((url, init) => fetch(url, init)), signal: options.signal } satisfies DownloadOptions;
  const folder: ShardFolder = {
    manifestPlace: manifestUrl,
    read: (file, limit, onBytes) =>
      download(file === "manifest.json" ? manifestUrl : beside(manifestUrl, file), limit, { ...context, ...(onBytes ? { onBytes } : {}) }),
  };
  return loadShards(folder, options);
}

/** The address of a file in the folder of `url`; works for relative addresses too. */
function beside(url: string, file: string): string {
  const path = url.replace(/[?#].*$/, "");
  return path.slice(0, path.lastIndexOf("/") + 1) + file;
}
