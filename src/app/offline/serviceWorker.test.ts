import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FromServiceWorker, KeptFile, ToServiceWorker } from "./serviceWorker.ts";

const place = "https://lab.test/some/path/";
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const fileOf = (path: string, text: string, when: KeptFile[2]): KeptFile => [path, sha256(text), when];

/** What the host serves, by path; and what was asked of it. */
let host: Map<string, string>;
let asked: string[];
let kept: Map<string, Response>;

interface Worker {
  install(): Promise<unknown>;
  activate(): Promise<unknown>;
  tell(message: ToServiceWorker): Promise<FromServiceWorker[]>;
  /** undefined where the worker leaves it to the browser. */
  fetch(path: string, init?: { mode?: string; method?: string; headers?: Record<string, string> }): Promise<string | undefined>;
  readonly skipWaiting: ReturnType<typeof vi.fn<() => Promise<void>>>;
}

/** A version of the worker on the same host and cache. */
async function startWorker(files: readonly KeptFile[]): Promise<Worker> {
  const self: Record<string, unknown> = { registration: { scope: place }, skipWaiting: vi.fn<() => Promise<void>>(async () => undefined) };
  vi.stubGlobal("self", self);
  vi.stubGlobal("KEPT_FILES", files);
  vi.resetModules();
  await import("./serviceWorker.ts");
  const happen = async (name: string, event: object = {}): Promise<void> => {
    const work: Promise<unknown>[] = [];
    (self[name] as (event: object) => void)({ ...event, waitUntil: (each: Promise<unknown>) => work.push(each) });
    await Promise.all(work);
  };
  return {
    install: () => happen("oninstall"),
    activate: () => happen("onactivate"),
    async tell(data) {
      const told: FromServiceWorker[] = [];
      await happen("onmessage", { data, source: { postMessage: (message: FromServiceWorker) => told.push(message) } });
      return told;
    },
    async fetch(path, { mode = "cors", method = "GET", headers = {} } = {}) {
      let response: Promise<Response> | undefined;
      const request = { url: new URL(path, place).href, mode, method, headers: new Headers(headers) };
      await happen("onfetch", { request, respondWith: (given: Promise<Response>) => void (response = given) });
      return (await response)?.text();
    },
    skipWaiting: self["skipWaiting"] as Worker["skipWaiting"],
  };
}

beforeEach(() => {
  host = new Map([
    ["index.html", "page"],
    ["assets/a.js", "script"],
    ["models/m.bin", "weights"],
  ]);
  asked = [];
  kept = new Map();
  const keyOf = (key: string | Request): string => (typeof key === "string" ? key : key.url);
  const cache = {
    match: async (key: string) => kept.get(key)?.clone(),
    put: async (key: string, response: Response) => void kept.set(key, response),
    keys: async () => [...kept.keys()].map((url) => ({ url })),
    delete: async (key: Request) => kept.delete(keyOf(key)),
  };
  vi.stubGlobal("caches", { open: async () => cache });
  vi.stubGlobal("fetch", async (request: string | Request) => {
    const path = keyOf(request).slice(place.length);
    asked.push(path);
    const text = host.get(path);
    return text === undefined ? new Response("gone", { status: 404 }) : new Response(text, { headers: { "content-encoding": "gzip" } });
  });
});
afterEach(() => vi.unstubAllGlobals());

const first = [
  fileOf("assets/a.js", "script", "install"),
  fileOf("index.html", "page", "install"),
  fileOf("models/m.bin", "weights", "later"),
];

test("once installed the page opens without its host, the model after it was asked to keep it", async () => {
  const worker = await startWorker(first);
  await worker.install();
  expect(asked.sort()).toEqual(["assets/a.js", "index.html"]);
  expect(await worker.tell({ kind: "keep" })).toEqual([{ kind: "kept", problem: null }]);
  host.clear();
  expect(await worker.fetch("", { mode: "navigate" })).toBe("page");
  expect(await worker.fetch("?bench", { mode: "navigate" })).toBe("page");
  expect(await worker.fetch("assets/a.js")).toBe("script");
  expect(await worker.fetch("models/m.bin")).toBe("weights");
});

test("what it does not keep is left to the browser", async () => {
  const worker = await startWorker(first);
  await worker.install();
  expect(await worker.fetch("https://huggingface.co/some/model")).toBeUndefined();
  expect(await worker.fetch("https://lab.test/elsewhere/index.html")).toBeUndefined();
  expect(await worker.fetch("nothing.txt")).toBeUndefined();
  expect(await worker.fetch("index.html", { method: "HEAD" })).toBeUndefined();
  expect(await worker.fetch("models/m.bin", { headers: { range: "bytes=0-3" } })).toBeUndefined();
});

test("a host that is half deployed installs nothing, and says which file", async () => {
  host.set("assets/a.js", "script of another version");
  const worker = await startWorker(first);
  await expect(worker.install()).rejects.toThrow(/assets\/a\.js is not the file/);
  expect(asked.filter((path) => path === "assets/a.js")).toHaveLength(2);
  host.delete("models/m.bin");
  expect(await worker.tell({ kind: "keep" })).toMatchObject([{ kind: "kept", problem: expect.stringContaining("models/m.bin") }]);
});

test("a new version waits beside the old one, fetches only what changed, and forgets the rest when it takes over", async () => {
  const old = await startWorker(first);
  await old.install();
  await old.tell({ kind: "keep" });
  asked = [];
  host.set("index.html", "new page");
  const next = await startWorker([...first.filter(([path]) => path !== "index.html"), fileOf("index.html", "new page", "install")]);
  await next.install();
  expect(new Set(asked)).toEqual(new Set(["index.html"]));
  expect(next.skipWaiting).not.toHaveBeenCalled();
  expect(await old.fetch("index.html")).toBe("page");
  await next.tell({ kind: "activate" });
  expect(next.skipWaiting).toHaveBeenCalledOnce();
  await next.activate();
  expect(await next.fetch("index.html")).toBe("new page");
  expect([...kept.keys()].filter((key) => key.includes("index.html"))).toHaveLength(1);
  expect(await next.fetch("models/m.bin")).toBe("weights");
});

test("a file that is asked for now and then is kept when it is", async () => {
  host.set("edits.json", "edits");
  const worker = await startWorker([fileOf("edits.json", "edits", "asked")]);
  await worker.install();
  expect(kept.size).toBe(0);
  expect(await worker.fetch("edits.json")).toBe("edits");
  await vi.waitFor(() => expect(kept.size).toBe(1));
});
