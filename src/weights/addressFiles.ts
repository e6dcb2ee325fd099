/** A model by its address: one .gguf file, or a folder that holds config.json and safetensors. */
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import { download, type Fetch } from "./download.ts";
import { plainRequest } from "./hub.ts";
import { folderTexts, indexFile, singleFile } from "./modelKind.ts";
import { parseShardIndex } from "./readFolder.ts";
import type { RemoteFetch, RemoteFile } from "./remoteFile.ts";

export interface AddressFiles {
  /** For people. */
  readonly name: string;
  /** Small files, read whole. */
  readonly texts: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly weights: readonly RemoteFile[];
}

export interface AddressOptions {
  readonly fetch?: RemoteFetch;
  readonly signal?: AbortSignal;
}

const maxTextBytes = 128 * 1024 * 1024;

/**
 * @param address absolute; of a .gguf file, a folder, or one of the folder's files
 * @throws EngineError `unknown-model`, `fetch-failed`, `bad-safetensors`, `cancelled`
 */
export async function addressFiles(address: string, options: AddressOptions = {}): Promise<AddressFiles> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new EngineError(
      "unknown-model",
      `Got the address ${JSON.stringify(address.slice(0, 200))}, expected one that begins with https://.`,
      "Paste the address of a .gguf file, a manifest.json, or a model's folder.",
    );
  const last = decodeURIComponent(url.pathname.split("/").at(-1) ?? "");
  if (last.endsWith(".gguf")) return { name: last, texts: new Map(), weights: [await required(url.href, last, options)] };
  const folder = new URL(/\.(?:json|safetensors)$/.test(last) ? "." : `${url.pathname.replace(/\/*$/, "/")}${url.search}`, url);
  const texts = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const file of [...folderTexts, indexFile]) {
    const bytes = await textAt(within(folder, file), options);
    if (bytes) texts.set(file, bytes);
  }
  const index = texts.get(indexFile);
  const names = index ? new Set(parseShardIndex(new TextDecoder().decode(index)).values()) : [singleFile];
  const weights: RemoteFile[] = [];
  for (const file of names) weights.push(await required(within(folder, file), file, options));
  return { name: decodeURIComponent(folder.pathname.split("/").at(-2) ?? "") || folder.host, texts, weights };
}

/** Signatures and the like behind "?" stay. */
function within(folder: URL, file: string): string {
  const url = new URL(file, folder);
  url.search = folder.search;
  return url.href;
}

const fetchOf =
  ({ fetch: own }: AddressOptions): Fetch =>
  (url, init) =>
    (own ?? fetch)(url, { ...init, ...plainRequest });

/** Undefined where there is no such file. */
async function textAt(url: string, options: AddressOptions): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let missing = false;
  const get: Fetch = async (address, init) => {
    const response = await fetchOf(options)(address, init);
    missing = response.status === 404 || response.status === 403;
    return response;
  };
  try {
    const { bytes, more } = await download(url, maxTextBytes, { fetch: get, signal: options.signal });
    if (!more) return bytes;
  } catch (thrown) {
    if (missing) return undefined;
    throw thrown;
  }
  throw new EngineError(
    "fetch-failed",
    `${url}: got more than ${maxTextBytes} bytes, expected a text.`,
    "This is not the file that its name says.",
  );
}

/** A file whose size the server tells. */
async function required(url: string, path: string, options: AddressOptions): Promise<RemoteFile> {
  const bytes = await sizeAt(url, options);
  if (bytes !== undefined) return { path, url, bytes };
  throw new EngineError(
    "unknown-model",
    `${url}: got no such file, expected ${path}.`,
    "Check the address: it must be a .gguf file, or a folder that holds config.json with model.safetensors or its index.",
  );
}

async function sizeAt(url: string, options: AddressOptions): Promise<number | undefined> {
  const get = fetchOf(options) as RemoteFetch;
  const signal = options.signal ? { signal: options.signal } : {};
  try {
    // One byte: some servers refuse HEAD, and some leave its length out.
    const response = await get(url, { ...signal, headers: { Range: "bytes=0-0" } });
    await response.body?.cancel();
    if (!response.ok) return undefined;
    const total =
      /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1] ??
      (response.status === 200 ? response.headers.get("content-length") : null);
    if (total !== null) return Number(total);
    // Another origin may hide the range, but not the length of the whole.
    const whole = await get(url, { ...signal, method: "HEAD" });
    const length = Number(whole.headers.get("content-length") ?? NaN);
    if (Number.isSafeInteger(length)) return length;
  } catch (thrown) {
    throwIfCancelled(options.signal);
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new EngineError(
      "fetch-failed",
      `${url}: the request failed (${reason}).`,
      "Check the connection and the address; the server must allow requests from other pages (CORS).",
      { cause: thrown },
    );
  }
  throw new EngineError(
    "fetch-failed",
    `${url}: got an answer without a length, expected one that says how long the file is.`,
    "Serve the model from a server that tells Content-Length.",
  );
}
