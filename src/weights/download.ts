/** One file over HTTP, streamed, counted, and stopped the moment it is cancelled. */
import { cancelled, EngineError, throwIfCancelled } from "../lib/errors.ts";

export type Fetch = (url: string, init: { readonly signal?: AbortSignal }) => Promise<Response>;

export interface DownloadOptions {
  readonly fetch: Fetch;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of this file so far. */
  readonly onBytes?: (loaded: number) => void;
}

/**
 * The first `limit` bytes of the file, and whether there were more.
 * @throws EngineError `fetch-failed`, `cancelled`
 */
export async function download(
  url: string,
  limit: number,
  options: DownloadOptions,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly more: boolean }> {
  throwIfCancelled(options.signal);
  try {
    const response = await options.fetch(url, options.signal ? { signal: options.signal } : {});
    if (!response.ok) throw refused(url, response);
    if (!response.body) throw new Error("the answer has no body");
    return await readBody(response.body, limit, options);
  } catch (thrown) {
    throwIfCancelled(options.signal);
    if (thrown instanceof EngineError) throw thrown;
    if (thrown instanceof Error && thrown.name === "AbortError") throw cancelled();
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new EngineError("fetch-failed", `${url}: the download failed (${reason}).`, "Check the connection, then load the model again.", {
      cause: thrown,
    });
  }
}

function refused(url: string, { status, statusText }: Response): EngineError {
  const hint =
    status === 404
      ? "The file is not there: check the model's address, and that all its files were copied."
      : "The server refused the file: try again later, or check its access rules.";
  return new EngineError("fetch-failed", `${url}: got HTTP ${[status, statusText].join(" ").trim()}, expected 200.`, hint);
}

async function readBody(
  body: ReadableStream<Uint8Array>,
  limit: number,
  { signal, onBytes }: DownloadOptions,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; more: boolean }> {
  const reader = body.getReader();
  // A pending read ends at once, whatever the source does with its signal.
  const stop = () => void reader.cancel().catch(() => undefined);
  signal?.addEventListener("abort", stop);
  try {
    const chunks: Uint8Array[] = [];
    let loaded = 0;
    for (;;) {
      const { done, value } = await reader.read();
      throwIfCancelled(signal);
      if (done) return { bytes: joined(chunks, loaded), more: false };
      const kept = value.subarray(0, limit - loaded);
      chunks.push(kept);
      loaded += kept.length;
      if (kept.length > 0) onBytes?.(loaded);
      if (kept.length < value.length) return { bytes: joined(chunks, loaded), more: true };
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
