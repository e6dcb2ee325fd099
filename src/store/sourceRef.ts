import type { ModelSource, Precision } from "../engine/protocol.ts";

/** Precisions the built-in model is shipped in; each is a folder beside the others. */
export const modelVariants = ["int8", "int4"] as const;
export type ModelVariant = (typeof modelVariants)[number];

export interface HubRef {
  readonly kind: "hub";
  /** owner/name */
  readonly id: string;
  /** A branch, tag or commit. */
  readonly revision?: string;
  /** One of several GGUF files. */
  readonly file?: string;
  /** A server in place of the Hub, e.g. "https://hub.example". */
  readonly endpoint?: string;
}

/** Where a model comes from, as plain data for the store: what was picked and what is secret stay outside. */
export type SourceRef =
  | { readonly kind: "built-in"; readonly variant: ModelVariant }
  | HubRef
  | { readonly kind: "url"; readonly url: string }
  /** The files themselves are with the actions. */
  | { readonly kind: "files"; readonly name: string; readonly count: number; readonly file?: string }
  | { readonly kind: "kept"; readonly key: string };

/** A model that is to be loaded, is being loaded, or was. */
export interface LoadRequest {
  readonly source: SourceRef;
  /** For people: a repository, an address, a file. Empty for the built-in model. */
  readonly from: string;
  readonly commit: string | null;
  /** Null where the source comes in one precision. */
  readonly precision: Precision | null;
  /** In this browser, for the next time. */
  readonly keep: boolean;
}

export function builtIn(variant: ModelVariant): LoadRequest {
  return { source: { kind: "built-in", variant }, from: "", commit: null, precision: null, keep: false };
}

export function builtInModelPath(variant: ModelVariant): string {
  return `models/atlas/${variant}/manifest.json`;
}

/** For people. */
export function nameOfSource(source: SourceRef): string {
  switch (source.kind) {
    case "built-in":
    case "kept":
      return "";
    case "hub":
      return source.file === undefined ? source.id : `${source.id}/${source.file}`;
    case "url":
      return source.url;
    case "files":
      return source.file ?? source.name;
  }
}

/** Whether its bytes come over the network, so that a download can be left off and go on. */
export function isDownloaded({ kind }: SourceRef): boolean {
  return kind === "hub" || kind === "url";
}

/** A source as the engine names it, for another check; picked files cannot be named again. */
export function refOf(source: ModelSource): SourceRef | null {
  switch (source.kind) {
    case "hub":
      return withoutToken(source);
    case "url":
    case "kept":
      return source;
    case "manifest":
      return { kind: "url", url: source.url };
    case "files":
      return null;
  }
}

const withoutToken = ({ token: _, ...ref }: Extract<ModelSource, { kind: "hub" }>): HubRef => ref;

/** For people: the folder that files lay in, or their own names. */
export function nameOfFiles(paths: readonly string[]): string {
  const [first = "", second] = paths;
  if (first.includes("/")) return first.slice(0, first.indexOf("/"));
  return [first, ...(second === undefined ? [] : [second]), ...(paths.length > 2 ? ["…"] : [])].join(", ");
}

export const hubHost = "huggingface.co";
const hubHosts = [hubHost, "www.huggingface.co", "hf.co"];

/** The host that a repository is asked for. */
export function hostOf({ endpoint }: HubRef): string {
  return endpoint === undefined ? hubHost : (parseUrl(endpoint)?.host ?? endpoint);
}

/** Whether the engine sends a token there: to the Hub itself, and to a server on this machine. */
export function takesToken({ endpoint }: HubRef): boolean {
  const url = parseUrl(endpoint ?? `https://${hubHost}`);
  return url !== null && (url.origin === `https://${hubHost}` || ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname));
}

const parseUrl = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);

export type SourceReading = { readonly source: SourceRef } | { readonly issue: "repository" | "address" | "endpoint" };

const repositoryName = /^[\w][\w.-]*(?:\/[\w][\w.-]*)?$/;

/** A repository as typed or pasted: "owner/name", or the address of one of its pages or files. */
export function readRepository(text: string, revision = "", endpoint = ""): SourceReading {
  const server = readEndpoint(endpoint.trim());
  if (server === null) return { issue: "endpoint" };
  const typed = text.trim().replace(/\/+$/, "");
  const page = hubPage(typed);
  if (!page && (!repositoryName.test(typed) || typed.includes(".."))) return { issue: "repository" };
  const asked = revision.trim();
  const ref: HubRef = { kind: "hub", id: typed, ...page, ...(server === "" ? {} : { endpoint: server }) };
  return { source: asked === "" ? ref : { ...ref, revision: asked } };
}

/** What the page's policy lets it ask (docs/security.md): https, and plain http only on this machine. */
function isReachable({ protocol, hostname, origin }: URL): boolean {
  if (protocol === "https:" || origin === globalThis.location?.origin) return true;
  return protocol === "http:" && ["localhost", "127.0.0.1"].includes(hostname);
}

/** Empty for the Hub itself; null for what is no server that the page may ask. */
function readEndpoint(text: string): string | null {
  if (text === "") return "";
  const url = parseUrl(text);
  return url && isReachable(url) ? `${url.origin}${url.pathname}`.replace(/\/+$/, "") : null;
}

/** What a page of the Hub is about: owner/name, then /tree/REVISION or /blob/REVISION/FILE. */
function hubPage(text: string): Pick<HubRef, "id" | "revision" | "file"> | null {
  const url = parseUrl(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  if (!url || !hubHosts.includes(url.host)) return null;
  const [owner = "", name = "", view, revision, ...path] = url.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  const id = `${owner}/${name}`;
  if (!repositoryName.test(id) || ["datasets", "spaces", "models", "docs"].includes(owner)) return null;
  if (revision === undefined || !["tree", "blob", "resolve", "raw"].includes(view ?? "")) return { id };
  const file = path.join("/");
  return { id, revision, ...(file.endsWith(".gguf") ? { file } : {}) };
}

/** The address of a .gguf, a manifest.json or a folder; one on the Hub counts as its repository, so that its commit is known. */
export function readAddress(text: string): SourceReading {
  const typed = text.trim();
  const page = hubPage(typed);
  if (page) return { source: { kind: "hub", ...page } };
  const url = parseUrl(typed);
  return url && isReachable(url) ? { source: { kind: "url", url: url.href } } : { issue: "address" };
}
