/**
 * Keeps the page's own files, so that it opens without a network. Its list is written into it when the page is built, each file with its
 * SHA-256: what a host serves half-deployed is never kept, and a file that did not change is not fetched again for a new version.
 * Imports nothing: it runs as one plain script. Models from elsewhere have their own storage and pass through.
 */

/** install: the page opens with these. later: kept once the model has been loaded. asked: kept when they are asked for. */
export type KeepWhen = "install" | "later" | "asked";
/** Path below the scope, SHA-256 in hexadecimal, when it is kept. */
export type KeptFile = readonly [path: string, sha256: string, when: KeepWhen];
export type ToServiceWorker = { readonly kind: "keep" } | { readonly kind: "activate" };
export type FromServiceWorker = { readonly kind: "kept"; readonly problem: string | null };

interface LifeEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchLifeEvent extends LifeEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface MessageLifeEvent extends LifeEvent {
  readonly data: ToServiceWorker;
  readonly source: { postMessage(message: FromServiceWorker): void } | null;
}
/** The worker's scope, as far as it is used here. */
interface Scope {
  readonly registration: { readonly scope: string };
  skipWaiting(): Promise<void>;
  oninstall: ((event: LifeEvent) => void) | null;
  onactivate: ((event: LifeEvent) => void) | null;
  onfetch: ((event: FetchLifeEvent) => void) | null;
  onmessage: ((event: MessageLifeEvent) => void) | null;
}

/** Stands for the list; the build puts it here. */
declare const KEPT_FILES: readonly KeptFile[];

const scope = self as unknown as Scope;
const cacheName = "elder-lab-page";
const byPath = new Map(KEPT_FILES.map((file) => [file[0], file]));
const addressOf = (path: string): string => new URL(path, scope.registration.scope).href;
/** Files of an old version and of a new one lie beside each other while the new one waits. */
const keyOf = ([path, sha256]: KeptFile): string => `${addressOf(path)}?sha256=${sha256}`;

scope.oninstall = (event) => event.waitUntil(keepAll("install"));

scope.onactivate = (event) => event.waitUntil(forgetOthers());

scope.onmessage = (event) => {
  if (event.data.kind === "activate") return event.waitUntil(scope.skipWaiting());
  const told = (problem: string | null): void => event.source?.postMessage({ kind: "kept", problem });
  event.waitUntil(
    keepAll("later").then(
      () => told(null),
      (error: unknown) => told(String(error)),
    ),
  );
};

scope.onfetch = (event) => {
  const { request } = event;
  if (request.method !== "GET" || request.headers.has("range")) return;
  const file = byPath.get(request.mode === "navigate" ? pageOf(request.url) : pathOf(request.url));
  if (file) event.respondWith(answer(file, request));
};

/** The one page, whatever its query asks of it. */
const pageOf = (address: string): string => pathOf(address) || "index.html";

function pathOf(address: string): string {
  const { origin, pathname } = new URL(address);
  const whole = origin + pathname;
  return whole.startsWith(scope.registration.scope) ? decodeURIComponent(whole.slice(scope.registration.scope.length)) : whole;
}

async function answer(file: KeptFile, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(keyOf(file));
  if (kept) return kept;
  // Kept beside the answer, not before it: the page waits for nothing but the network.
  if (file[2] === "asked") void keep(cache, file).catch(() => undefined);
  return fetch(request);
}

async function keepAll(when: KeepWhen): Promise<void> {
  const cache = await caches.open(cacheName);
  await Promise.all(KEPT_FILES.filter((file) => file[2] === when).map((file) => keep(cache, file)));
}

/** What the browser has already first; where that is of another version, what the host has. */
async function keep(cache: Cache, file: KeptFile): Promise<void> {
  if (await cache.match(keyOf(file))) return;
  for (const mode of ["force-cache", "reload"] as const) {
    const response = await fetch(addressOf(file[0]), { cache: mode });
    const body = await response.arrayBuffer();
    if (!response.ok || (await sha256Of(body)) !== file[1]) continue;
    const { status, headers } = response;
    return cache.put(keyOf(file), new Response(body, { status, headers: plain(headers) }));
  }
  throw new Error(`${file[0]} is not the file that this version of the page was built with.`);
}

/** The body lies here as it is, not as it was packed for the way. */
function plain(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ["content-encoding", "content-length"]) kept.delete(name);
  return kept;
}

async function sha256Of(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function forgetOthers(): Promise<void> {
  const cache = await caches.open(cacheName);
  const wanted = new Set(KEPT_FILES.map(keyOf));
  await Promise.all((await cache.keys()).filter(({ url }) => !wanted.has(url)).map((old) => cache.delete(old)));
}
