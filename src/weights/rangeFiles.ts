/** Files on a server read by ranges and kept nowhere: to look at their headers before they are downloaded. */
import { EngineError } from "../lib/errors.ts";
import type { FileSet } from "./byteSource.ts";
import { download } from "./download.ts";
import { checkRange } from "./fileSets.ts";
import { plainRequest } from "./hub.ts";
import { tokenHeaders, type HubAccess } from "./hubAccess.ts";
import type { RemoteFetch, RemoteFile } from "./remoteFile.ts";

export interface RangeOptions {
  readonly access?: HubAccess;
  readonly fetch?: RemoteFetch;
  /** What an answer other than 200 and 206 means. */
  readonly refusal?: (response: Response, file: RemoteFile) => EngineError;
}

export function rangeFiles(name: string, files: readonly RemoteFile[], options: RangeOptions = {}): FileSet {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return {
    name,
    files: [...byPath.keys()],
    open(path) {
      const file = byPath.get(path);
      return (
        file && {
          name: path,
          size: file.bytes,
          read: async (begin, end, signal) => {
            checkRange(path, file.bytes, begin, end);
            return begin === end ? new Uint8Array() : readRange(file, begin, end, options, signal);
          },
        }
      );
    },
  };
}

async function readRange(
  file: RemoteFile,
  begin: number,
  end: number,
  { access, fetch: own, refusal }: RangeOptions,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  let skipped = 0;
  const { bytes } = await download(file.url, end, {
    signal,
    fetch: async (url, init) => {
      const headers = { ...tokenHeaders(url, access), Range: `bytes=${begin}-${end - 1}` };
      const response = await (own ?? fetch)(url, { ...init, ...plainRequest, headers });
      if (!response.ok && refusal) throw refusal(response, file);
      // The whole file from a server that knows no ranges: what stands before is left out.
      if (response.status === 200) skipped = begin;
      return response;
    },
  });
  const wanted = bytes.subarray(skipped, skipped + end - begin);
  if (wanted.length === end - begin) return Uint8Array.from(wanted);
  throw new EngineError(
    "fetch-failed",
    `${file.path}: got ${wanted.length} bytes from byte ${begin}, expected ${end - begin}.`,
    "The download was cut short, or the file is shorter than announced: try again.",
  );
}
