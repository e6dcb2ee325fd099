/** What a Hugging Face repository holds, at one commit. */
import { EngineError } from "../lib/errors.ts";
import { download } from "./download.ts";
import { recogniseImpostor } from "./fileKind.ts";
import { hubAccess, tokenHeaders } from "./hubAccess.ts";
import { hubRefusal } from "./hubErrors.ts";
import type { RemoteFetch, RemoteFile } from "./remoteFile.ts";
import { isJsonObject } from "./strictJson.ts";

export interface Repository {
  /** As it was asked for: "org/name", or a name of the Hub's first years. */
  readonly id: string;
  /** 40 hex digits. */
  readonly commit: string;
  readonly requestedRevision: string;
  /** As the model card names it: "apache-2.0". */
  readonly licence?: string;
  /** Its files need an account that accepted its terms. */
  readonly gated: boolean;
  /** Sorted by path. */
  readonly files: readonly RemoteFile[];
}

export interface RepositoryOptions {
  /** "main" by default; a branch, a tag or a commit. */
  readonly revision?: string;
  /** https://huggingface.co by default. */
  readonly endpoint?: string;
  /** Sent to the endpoint alone, and only if that is the Hub's own or on this machine. */
  readonly token?: string;
  readonly fetch?: RemoteFetch;
  readonly signal?: AbortSignal;
}

/** The Hub's answer for its largest repositories has some megabytes. */
const maxBytes = 16 * 1024 * 1024;
const maxFiles = 20_000;
const maxPath = 1000;

/**
 * Asks for the commit and the files; their bytes are asked for later, at that commit.
 * @param id "org/name", "gpt2", or the address of a model's page
 * @throws EngineError `unknown-model`, `hub-refused`, `fetch-failed`, `cancelled`
 */
export async function openRepository(id: string, options: RepositoryOptions = {}): Promise<Repository> {
  const asked = parseRepositoryId(id);
  const access = hubAccess(options.endpoint, options.token);
  const revision = checkRevision(options.revision ?? asked.revision ?? "main");
  const url = `${access.endpoint}/api/models/${asked.id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const get = options.fetch ?? ((address, init) => fetch(address, init));
  const { bytes, more } = await download(url, maxBytes, {
    signal: options.signal,
    fetch: async (address, init) => {
      const response = await get(address, { ...init, ...plainRequest, headers: tokenHeaders(address, access) });
      if (response.ok) return response;
      void response.body?.cancel().catch(() => undefined);
      throw hubRefusal(response, `${asked.id} at revision ${revision}`, `${access.endpoint}/${asked.id}`, access);
    },
  });
  if (more) throw strange(asked.id, `more than ${maxBytes} bytes`);
  return readRepository(asked.id, revision, access.endpoint, parseAnswer(asked.id, bytes));
}

/** No cookies, and nothing about the page. */
export const plainRequest = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" } as const;

/**
 * @param text "org/name", "gpt2", or an address such as https://huggingface.co/org/name/tree/main
 * @throws EngineError `unknown-model`
 */
export function parseRepositoryId(text: string): { readonly id: string; readonly revision?: string } {
  const [path = "", address] = text
    .trim()
    .replace(/[?#].*$/, "")
    .split(/^(https:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\/)/)
    .filter(Boolean)
    .toReversed();
  const [first = "", second, kind, ...revision] = path.replace(/\/+$/, "").split("/");
  const names = second === undefined ? [first] : [first, second];
  const plain = kind === undefined || (address !== undefined && /^(?:tree|blob|resolve|commit)$/.test(kind) && revision.length > 0);
  if (!plain || !names.every(isName)) {
    throw new EngineError(
      "unknown-model",
      `Got ${JSON.stringify(text.slice(0, 200))}, expected a repository such as openai-community/gpt2.`,
      "Copy the name from the top of the model's page on huggingface.co.",
    );
  }
  // Of a file's address the first part is taken; branches with "/" in them are given as a revision of their own.
  return { id: names.join("/"), ...(revision[0] ? { revision: unescaped(revision[0]) } : {}) };
}

/** An address may hold a "%" that begins no escape: it stands for itself. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const isName = (name: string): boolean => /^\w[\w.-]{0,95}$/.test(name) && !name.includes("..");

function checkRevision(revision: string): string {
  if (/^[\w][\w./-]{0,200}$/.test(revision) && !revision.includes("..")) return revision;
  throw new EngineError(
    "unknown-model",
    `Got the revision ${JSON.stringify(revision.slice(0, 200))}, expected a branch, a tag or a commit.`,
    'Leave it empty for "main".',
  );
}

function strange(
  id: string,
  got: string,
  hint = "Is this the Hub's address, and does nothing on the way answer in its place? Try again later.",
): EngineError {
  return new EngineError("fetch-failed", `${id}: got ${got}, expected the Hub's description of a repository.`, hint);
}

/** By JSON.parse: model cards hold numbers that the strict parser refuses, and only the fields below are looked at. */
function parseAnswer(id: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const impostor = recogniseImpostor(bytes);
  if (impostor) throw strange(id, impostor.what, impostor.hint);
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isJsonObject(value)) return value;
  } catch {
    throw strange(id, "an answer that is no JSON");
  }
  throw strange(id, "JSON that is no object");
}

function readRepository(id: string, requestedRevision: string, endpoint: string, answer: Readonly<Record<string, unknown>>): Repository {
  const { sha, siblings, gated, cardData } = answer;
  if (typeof sha !== "string" || !/^[0-9a-f]{40}$/.test(sha)) throw strange(id, "no commit");
  if (!Array.isArray(siblings) || siblings.length > maxFiles) throw strange(id, `no list of at most ${maxFiles} files`);
  const root = `${endpoint}/${id}/resolve/${sha}/`;
  const files = siblings.map((entry: unknown) => readFile(id, root, entry)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const twice = files.find(({ path }, index) => files[index + 1]?.path === path);
  if (twice) throw strange(id, `the file ${JSON.stringify(twice.path)} twice`);
  const licence = isJsonObject(cardData) ? cardData.license : undefined;
  const named = typeof licence === "string" && licence.length <= 200 ? { licence } : {};
  return { id, commit: sha, requestedRevision, ...named, gated: gated !== undefined && gated !== null && gated !== false, files };
}

function readFile(id: string, root: string, entry: unknown): RemoteFile {
  const { rfilename: path, size, blobId, lfs } = isJsonObject(entry) ? entry : {};
  if (typeof path !== "string" || !isSafePath(path))
    throw strange(id, `the file name ${typeof path === "string" ? JSON.stringify(path.slice(0, 200)) : typeof path}`);
  const large = isJsonObject(lfs) ? lfs : undefined;
  const bytes = large ? large.size : size;
  if (!Number.isSafeInteger(bytes) || Number(bytes) < 0) throw strange(id, `no size of ${path}`);
  const url = root + path.split("/").map(encodeURIComponent).join("/");
  return {
    path,
    url,
    bytes: Number(bytes),
    ...hashOf(large?.sha256, /^[0-9a-f]{64}$/, "sha256"),
    ...(large ? {} : hashOf(blobId, /^[0-9a-f]{40}$/, "gitOid")),
  };
}

const hashOf = <Name extends string>(value: unknown, form: RegExp, name: Name): { [key in Name]?: string } =>
  typeof value === "string" && form.test(value) ? ({ [name]: value } as { [key in Name]: string }) : {};

/** Inside its repository on every system: no drive, no way up, no control characters. */
export function isSafePath(path: string): boolean {
  const plain = path.length > 0 && path.length <= maxPath && path.isWellFormed() && !/[\\\p{Cc}]|^\w:/u.test(path);
  return plain && path.split("/").every((name) => name !== "" && name !== "." && name !== "..");
}
