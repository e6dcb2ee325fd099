/** One HTTP range request for a part of a remote file, and what its answer is worth. */
import { EngineError } from "../lib/errors.ts";
import { changed, impostor, offline } from "./downloadErrors.ts";
import { plainRequest } from "./hub.ts";
import { tokenHeaders, type HubAccess } from "./hubAccess.ts";
import { hubRefusal, retryAfter } from "./hubErrors.ts";
import type { RemoteFetch, RemoteFile } from "./remoteFile.ts";
import { Setback } from "./setback.ts";

/** A file's addresses, learnt as requests are answered. */
export interface Link {
  readonly file: RemoteFile;
  /** Where `file.url` led to: a signed address that expires, so it is never kept nor shown. */
  direct?: string | undefined;
  /** The file's state as its server names it, and that server: others may name it differently. */
  etag?: { readonly origin: string; readonly value: string } | undefined;
}

/** Which bytes are asked for. */
export interface Ask {
  readonly begin: number;
  readonly end: number;
  /** At the file's own address, not where it led to before. */
  readonly fresh: boolean;
}

export interface RangeContext {
  readonly fetch: RemoteFetch;
  readonly access: HubAccess | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface RangeAnswer {
  /** Bytes of the file that the body promises; not always those that were asked for. */
  readonly begin: number;
  readonly end: number;
  /** The server sends the whole file, whatever is asked for. */
  readonly whole: boolean;
  readonly body: ReadableStream<Uint8Array>;
}

/** @throws Setback; what the signal's abortion makes `fetch` throw */
export async function requestRange(link: Link, asked: Ask, context: RangeContext, signal: AbortSignal): Promise<RangeAnswer> {
  const url = (asked.fresh ? undefined : link.direct) ?? link.file.url;
  const response = await request(url, asked, link, context, signal);
  try {
    if (!response.ok) throw refused(link, url, response, context);
    const answer = response.status === 206 ? readPart(link.file, response, asked) : await readWhole(link.file, response);
    checkEtag(link, response);
    if (response.redirected) link.direct = response.url;
    return answer;
  } catch (thrown) {
    forget(link, url);
    void response.body?.cancel().catch(() => undefined);
    throw thrown;
  }
}

async function request(url: string, { begin, end }: Ask, link: Link, context: RangeContext, signal: AbortSignal): Promise<Response> {
  // No If-Range: it would need the storage host's permission first. The ETags of the answers are compared instead.
  const headers = { Range: `bytes=${begin}-${end - 1}`, ...tokenHeaders(url, context.access) };
  // A pause may have come while the chunk before was being kept.
  signal.throwIfAborted();
  try {
    return await context.fetch(url, { ...plainRequest, headers, signal });
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    forget(link, url);
    throw new Setback(offline(link.file));
  }
}

function forget(link: Link, url: string): void {
  if (link.direct === url) link.direct = undefined;
}

function refused(link: Link, url: string, response: Response, context: RangeContext): Setback {
  const { file } = link;
  const { status } = response;
  const waitMs = retryAfter(response, context.now());
  const hub = new URL(file.url).origin;
  // Platforms leave the address empty where there was no redirect.
  const asked = new URL(response.url || url).origin;
  const error = context.access
    ? hubRefusal(response, file.path, file.url.replace(/\/resolve\/.*$/, ""), context.access)
    : offline(file, `HTTP ${status}`);
  if (status === 429 || status === 408 || status >= 500) return new Setback(error, "later", waitMs);
  if (status === 416) return new Setback(changed(file, `a file that ends earlier (${response.headers.get("content-range") ?? "no size"})`));
  // A signed address has expired: the next one is fresh.
  if (url !== file.url) return new Setback(error, "at once");
  if (asked !== hub) return new Setback(offline(file, `HTTP ${status} from the storage that ${hub} leads to`));
  return new Setback(error, "never");
}

function bodyOf(file: RemoteFile, response: Response): ReadableStream<Uint8Array> {
  if (response.body) return response.body;
  throw new Setback(offline(file, "an answer without a body"));
}

function readPart(file: RemoteFile, response: Response, { begin, end }: Ask): RangeAnswer {
  const text = response.headers.get("content-range");
  const body = bodyOf(file, response);
  if (/^multipart\//i.test(response.headers.get("content-type") ?? "")) throw new Setback(offline(file, "several ranges in one answer"));
  // Not every server lets pages of other origins read it; length and hash decide then.
  if (text === null) return { begin, end, whole: false, body };
  const [, from = "", last = "", total = ""] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(text.trim()) ?? [];
  if (total !== "" && total !== "*" && Number(total) !== file.bytes) throw new Setback(changed(file, `a file of ${total} bytes`));
  const to = Number(last) + 1;
  if (total === "" || Number(from) !== begin || to <= begin || to > end) {
    const got = JSON.stringify(text.slice(0, 100));
    const error = `${file.path}: got the range ${got}, expected bytes ${begin} to ${end - 1}.`;
    throw new Setback(new EngineError("fetch-failed", error, "The server answers ranges wrongly: try again later, or from another host."));
  }
  return { begin, end: to, whole: false, body };
}

async function readWhole(file: RemoteFile, response: Response): Promise<RangeAnswer> {
  const body = bodyOf(file, response);
  const length = response.headers.get("content-length");
  if (response.status !== 200) throw new Setback(offline(file, `HTTP ${response.status}`));
  if (length === null || Number(length) === file.bytes) return { begin: 0, end: file.bytes, whole: true, body };
  const reader = body.getReader();
  const { value } = await reader.read().catch(() => ({ value: undefined }));
  void reader.cancel().catch(() => undefined);
  throw impostor(file, value) ?? new Setback(changed(file, `${length} bytes`));
}

function checkEtag(link: Link, response: Response): void {
  const value = response.headers.get("etag")?.replace(/^W\//, "");
  if (value === undefined) return;
  const { origin } = new URL(response.url || link.file.url);
  if (link.etag?.origin === origin && link.etag.value !== value)
    throw new Setback(changed(link.file, `the ETag ${value.slice(0, 100)}`, link.etag.value.slice(0, 100)));
  link.etag ??= { origin, value };
}
