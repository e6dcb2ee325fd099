/**
 * A server on this machine that behaves like the Hugging Face Hub, at two origins: the Hub itself (its list of files, small files,
 * redirects for large ones) and the storage that signed addresses lead to. It keeps a log, and can be told to misbehave.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describeRepository, pointerOf, storeRepositories, type HubRepository, type Stored, type StoredFile } from "./hubRepositories.ts";
import { createFaults, faultyBytes, sendBody, type Fault, type Faults } from "./hubFaults.ts";

interface HubServerOptions {
  readonly repositories: Readonly<Record<string, HubRepository>>;
  /** Old names of repositories. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Of an account that accepted all terms. */
  readonly token?: string;
  /** Of an account that did not. */
  readonly strangerToken?: string;
  /** Answers that a signed address is good for. */
  readonly signedUses?: number;
  /** How long it is good, milliseconds. */
  readonly signedMs?: number;
}

export interface HubRequest {
  readonly at: "hub" | "cdn";
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** The file's path in its repository, for requests of a file's bytes. */
  readonly file: string | undefined;
  /** First and last byte asked for. */
  readonly range: readonly [number, number] | undefined;
  /** The Authorization header came along. */
  readonly authorization: boolean;
  readonly origin: string | undefined;
  status: number;
  /** Bytes of the body handed to the network. */
  sent: number;
}

export interface HubServer {
  readonly endpoint: string;
  readonly cdn: string;
  readonly log: HubRequest[];
  readonly faults: Faults;
  close(): Promise<void>;
}

interface State extends Required<Omit<HubServerOptions, "repositories">> {
  readonly stored: ReadonlyMap<string, Stored>;
  readonly signed: Map<string, { readonly file: StoredFile; readonly until: number; left: number }>;
  readonly log: HubRequest[];
  readonly faults: Faults;
  cdn: string;
}

export async function startHubServer(options: HubServerOptions): Promise<HubServer> {
  const { repositories, ...rest } = options;
  const state: State = {
    renamed: {},
    token: "hf_reader",
    strangerToken: "hf_stranger",
    signedUses: Infinity,
    signedMs: 3_600_000,
    ...rest,
    stored: storeRepositories(repositories),
    signed: new Map(),
    log: [],
    faults: createFaults(),
    cdn: "",
  };
  const hub = createServer((request, response) => void answer("hub", request, response, state));
  const cdn = createServer((request, response) => void answer("cdn", request, response, state));
  const [endpoint, cdnAddress] = await Promise.all([listen(hub), listen(cdn)]);
  state.cdn = cdnAddress;
  return {
    endpoint,
    cdn: cdnAddress,
    log: state.log,
    faults: state.faults,
    close: async () => void (await Promise.all([shut(hub), shut(cdn)])),
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function shut(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

async function answer(at: HubRequest["at"], request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const url = new URL(request.url ?? "/", "http://host");
  const entry = logEntry(at, request, url, state);
  state.log.push(entry);
  allowOrigin(response, request.headers.origin);
  response.on("close", () => (entry.status = response.statusCode));
  if (request.method === "OPTIONS") return permit(request, response);
  const exchange: Exchange = { entry, url, request, response, state };
  const early = state.faults.next(entry);
  if (early) return fail(exchange, early);
  if (at === "cdn") return sendSigned(exchange);
  const match = /^\/(api\/models|api\/resolve-cache\/models|)\/?(.+?)\/(revision|resolve|at)\/([^/]+)\/?(.*)$/.exec(url.pathname);
  if (!match) return refuse(exchange, 404, "Not Found");
  const [, kind = "", id = "", verb = "", revision = "", path = ""] = match;
  const moved = state.renamed[id];
  if (moved !== undefined) return redirect(exchange, 307, url.pathname.replace(`/${id}/`, `/${moved}/`) + url.search);
  const repository = findRepository(exchange, id, decodeURIComponent(revision));
  if (!repository) return;
  if (kind === "api/models" && verb === "revision") return describe(exchange, repository);
  const file = repository.files.get(decodeURIComponent(path));
  if (!file) return refuse(exchange, 404, "Entry not found", "EntryNotFound");
  if (!isLetIn(exchange, repository)) return;
  response.setHeader("X-Repo-Commit", repository.commit);
  if (kind !== "") return sendFile(exchange, file, `"${file.gitOid}"`);
  return file.lfs
    ? redirectToStorage(exchange, file)
    : redirect(exchange, 307, `/api/resolve-cache/models/${id}/at/${repository.commit}/${path}`);
}

interface Exchange {
  readonly entry: HubRequest;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly state: State;
}

function logEntry(at: HubRequest["at"], { method = "", headers }: IncomingMessage, url: URL, state: State): HubRequest {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "") ?? [];
  const signed = state.signed.get(url.searchParams.get("Signature") ?? "");
  return {
    at,
    method,
    path: url.pathname,
    file: signed?.file.path ?? /\/(?:resolve|at)\/[^/]+\/(.+)$/.exec(decodeURIComponent(url.pathname))?.[1],
    range: first === undefined ? undefined : [Number(first), last ? Number(last) : Infinity],
    authorization: headers.authorization !== undefined,
    origin: headers.origin,
    status: 0,
    sent: 0,
  };
}

function allowOrigin(response: ServerResponse, origin: string | undefined): void {
  response.setHeader("Access-Control-Allow-Origin", origin ?? "*");
  response.setHeader("Vary", "Origin");
  response.setHeader(
    "Access-Control-Expose-Headers",
    "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag",
  );
}

function permit(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("Access-Control-Allow-Methods", "GET,HEAD,OPTIONS");
  response.setHeader("Access-Control-Allow-Headers", request.headers["access-control-request-headers"] ?? "");
  response.writeHead(204).end();
}

function fail(exchange: Exchange, fault: Fault): void {
  const { response } = exchange;
  if (fault.kind === "drop") return void response.destroy();
  if (fault.kind !== "status") return page(exchange);
  if (fault.retryAfter !== undefined) response.setHeader("Retry-After", fault.retryAfter);
  return refuse(exchange, fault.status, "Something is wrong", fault.code);
}

function page({ response }: Exchange, text = "<!doctype html><title>Log in</title><p>Please log in to this network."): void {
  response.writeHead(200, { "Content-Type": "text/html", "Content-Length": text.length }).end(text);
}

function refuse({ response }: Exchange, status: number, error: string, code?: string): void {
  if (code !== undefined) response.setHeader("X-Error-Code", code);
  response.setHeader("X-Error-Message", error);
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify({ error }));
}

function redirect({ response }: Exchange, status: 302 | 307, location: string): void {
  response.writeHead(status, { Location: location, "Content-Type": "text/plain" }).end(`Redirecting to ${location}`);
}

const tokenOf = ({ request }: Exchange): string | undefined => /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];

/** Answers, and returns nothing, where there is none. */
function findRepository(exchange: Exchange, id: string, revision: string): Stored | undefined {
  const { stored, token, strangerToken } = exchange.state;
  const given = tokenOf(exchange);
  const repository = stored.get(id);
  if (given !== undefined && given !== token && given !== strangerToken)
    refuse(exchange, 401, "Invalid credentials in Authorization header");
  // To those whom it does not know the Hub does not say whether a repository is there.
  else if (!repository) refuse(exchange, given === undefined ? 401 : 404, "Repository not found", "RepoNotFound");
  else if (revision !== "main" && revision !== repository.commit) refuse(exchange, 404, `Invalid rev id: ${revision}`, "RevisionNotFound");
  else return repository;
  return undefined;
}

function isLetIn(exchange: Exchange, { gated, id }: Stored): boolean {
  const given = tokenOf(exchange);
  if (!gated || given === exchange.state.token) return true;
  refuse(exchange, given === undefined ? 401 : 403, `Access to model ${id} is restricted.`, "GatedRepo");
  return false;
}

function describe({ response, url }: Exchange, repository: Stored): void {
  const text = JSON.stringify(describeRepository(repository, url.searchParams.get("blobs") === "true"));
  response.writeHead(200, { "Content-Type": "application/json; charset=utf-8" }).end(text);
}

function redirectToStorage(exchange: Exchange, file: StoredFile): void {
  const { response, state } = exchange;
  const signature = randomUUID();
  state.signed.set(signature, { file, left: state.signedUses, until: Date.now() + state.signedMs });
  response.setHeader("X-Linked-Size", file.bytes.length);
  response.setHeader("X-Linked-ETag", `"${file.sha256}"`);
  redirect(exchange, 302, `${state.cdn}/repos/${file.sha256}?Expires=${Math.round(Date.now() / 1000) + 3600}&Signature=${signature}`);
}

function sendSigned(exchange: Exchange): Promise<void> | void {
  const signed = exchange.state.signed.get(exchange.url.searchParams.get("Signature") ?? "");
  if (signed && signed.left-- > 0 && Date.now() <= signed.until) return sendFile(exchange, signed.file, `"${signed.file.sha256}"`);
  const text = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';
  exchange.response.writeHead(403, { "Content-Type": "application/xml" }).end(text);
}

/** One range, or the whole. */
async function sendFile(exchange: Exchange, file: StoredFile, etag: string): Promise<void> {
  const { entry, request, response, state } = exchange;
  const size = file.bytes.length;
  const same = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
  const asked = same ? entry.range : undefined;
  const begin = asked?.[0] ?? 0;
  const end = Math.min(size, (asked?.[1] ?? Infinity) + 1);
  if (asked && begin >= end) return void response.writeHead(416, { "Content-Range": `bytes */${size}` }).end();
  const fault = state.faults.next(entry, [begin, end]);
  if (fault?.kind === "status" || fault?.kind === "drop" || fault?.kind === "html") return fail(exchange, fault);
  if (fault?.kind === "pointer") return page(exchange, pointerOf(file));
  const whole = !asked || fault?.kind === "whole";
  const from = whole ? 0 : begin;
  const bytes = faultyBytes(file.bytes.subarray(from, whole ? size : end), from, fault);
  const unsized = fault?.kind === "longer" || fault?.kind === "shorter";
  const shift = fault?.kind === "contentRange" ? fault.shift : 0;
  const total = size + (fault?.kind === "total" ? fault.by : 0);
  response.writeHead(whole ? 200 : 206, {
    "Content-Type": "application/octet-stream",
    "Accept-Ranges": "bytes",
    ETag: fault?.kind === "etag" ? '"another"' : etag,
    ...(unsized ? {} : { "Content-Length": bytes.length }),
    ...(whole ? {} : { "Content-Range": `bytes ${begin + shift}-${end - 1 + shift}/${total}` }),
  });
  if (request.method === "HEAD") return void response.end();
  await sendBody(response, entry, { bytes, begin: from }, fault);
}
