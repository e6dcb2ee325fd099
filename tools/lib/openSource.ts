/** What stands for a model on a command line: a folder, a file, a repository of the Hub, an address. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createProgress } from "../../src/engine/loadProgress.ts";
import type { LoadProgress } from "../../src/engine/protocol.ts";
import { openRemote } from "../../src/engine/remoteFiles.ts";
import { EngineError } from "../../src/lib/errors.ts";
import type { FileSet } from "../../src/weights/byteSource.ts";
import { diskFiles } from "./diskFiles.ts";
import { folderStore } from "./folderStore.ts";

export interface OpenedSource {
  readonly files: FileSet;
  /** Once all tensors are read: what was downloaded is what it should be. @throws EngineError `bad-shard`, `file-changed`, … */
  complete(): Promise<void>;
}

/**
 * Downloads are kept in ELDER_CACHE, or .cache/elder-lab of the home folder, and go on where they were left off. HF_ENDPOINT names
 * another server that answers like the Hub, HF_TOKEN a token for gated repositories.
 * @param source a path that is there, an id such as openai-community/gpt2 (with @revision after it, if not main), or an address
 * @param file one of several models there
 * @throws EngineError `unknown-model`, and those of the download
 */
export async function openSource(source: string, file?: string): Promise<OpenedSource> {
  if (existsSync(source)) return { files: await diskFiles(source), complete: async () => undefined };
  const signal = new AbortController().signal;
  const store = await folderStore(process.env["ELDER_CACHE"] || join(homedir(), ".cache/elder-lab"));
  const context = { store, signal, pause: undefined, progress: createProgress(say) };
  const chosen = file === undefined ? {} : { file };
  const remote = await openRemote(/^https?:/.test(source) ? { kind: "url", url: source } : { ...hubSource(source), ...chosen }, context);
  return {
    files: remote.files,
    async complete() {
      await remote.complete();
      await remote.close();
    },
  };
}

function hubSource(source: string) {
  const [, id, revision] = /^([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?$/.exec(source) ?? [];
  if (id === undefined || source.startsWith("."))
    throw new EngineError(
      "unknown-model",
      `Got ${source}, expected a folder or file that is there, a repository such as openai-community/gpt2, or an address.`,
      "Check the path or the name.",
    );
  const [endpoint, token] = [process.env["HF_ENDPOINT"], process.env["HF_TOKEN"]];
  return { kind: "hub", id, ...(revision ? { revision } : {}), ...(endpoint ? { endpoint } : {}), ...(token ? { token } : {}) } as const;
}

let said = "";
/** A line on the error stream for each tenth of the way. */
function say({ loadedBytes, totalBytes, bytesPerSecond }: LoadProgress): void {
  if (totalBytes === 0) return;
  const tenth = Math.floor((10 * loadedBytes) / totalBytes);
  const line = `${10 * tenth} % of ${totalBytes} bytes`;
  if (line === said) return;
  said = line;
  console.error(bytesPerSecond ? `${line}, ${(bytesPerSecond / 1e6).toFixed(1)} MB/s` : line);
}
