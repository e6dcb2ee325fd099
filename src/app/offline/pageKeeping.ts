import { createContext, useContext } from "react";
import type { FromServiceWorker, ToServiceWorker } from "./serviceWorker.ts";

/** unable: this browser keeps nothing for this page. */
export type KeptStatus = "none" | "keeping" | "kept" | "unable";

export interface KeepingState {
  /** Whether the page and its model open without a network. */
  readonly status: KeptStatus;
  /** A newer version of the page lies here and waits. */
  readonly newVersion: boolean;
}

export interface PageKeeping {
  read(): KeepingState;
  subscribe(listener: () => void): () => void;
  /** Keeps the page's own files. */
  start(): Promise<void>;
  /** Keeps the built-in model too; once it has been loaded, the browser has its bytes. */
  keepModel(): Promise<void>;
  /**
   * Lets the waiting version take over, then loads the page anew.
   * @param leave what is to be done right before that. Not sooner: a request of the page meanwhile, such as a browser's for the icon of a new
   *   address, would hold up the takeover.
   */
  useNewVersion(leave: () => void): void;
}

/**
 * @param workers navigator.serviceWorker, which is not there over plain HTTP
 * @param address of the service worker
 */
export function createPageKeeping(workers: ServiceWorkerContainer | undefined, address: string, reload: () => void): PageKeeping {
  let state: KeepingState = { status: "none", newVersion: false };
  let registration: ServiceWorkerRegistration | undefined;
  let asked: (() => void) | undefined;
  const listeners = new Set<() => void>();
  const change = (fields: Partial<KeepingState>): void => {
    state = { ...state, ...fields };
    for (const listener of listeners) listener();
  };
  /** The first version to be installed here is the one on show. */
  const onInstalled = (worker: ServiceWorker): void => {
    if (worker.state === "installed" && workers?.controller) change({ newVersion: true });
  };
  const watch = (found: ServiceWorkerRegistration): void => {
    const follow = (worker: ServiceWorker | null): void =>
      worker?.addEventListener("statechange", () => {
        onInstalled(worker);
        if (worker.state === "redundant" && !found.active) change({ status: "unable" });
      });
    if (found.waiting) onInstalled(found.waiting);
    follow(found.installing);
    found.addEventListener("updatefound", () => follow(found.installing));
  };
  const onMessage = ({ data }: MessageEvent<FromServiceWorker>): void => change({ status: data.problem === null ? "kept" : "unable" });
  /** Another tab may have let the new version in: this one goes on as it is until its person says so. */
  const onTakeover = (): void => {
    if (!asked) return change({ newVersion: true });
    asked();
    reload();
  };

  return {
    read: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      if (registration) return;
      if (!workers) return change({ status: "unable" });
      if (workers.controller) workers.addEventListener("controllerchange", onTakeover);
      workers.addEventListener("message", onMessage);
      workers.startMessages();
      try {
        registration = await workers.register(address, { updateViaCache: "none" });
        watch(registration);
      } catch {
        change({ status: "unable" });
      }
    },
    async keepModel() {
      if (!registration || !workers || state.status !== "none") return;
      change({ status: "keeping" });
      const { active } = await workers.ready;
      active?.postMessage({ kind: "keep" } satisfies ToServiceWorker);
    },
    useNewVersion(leave) {
      asked = leave;
      const waiting = registration?.waiting;
      if (waiting) waiting.postMessage({ kind: "activate" } satisfies ToServiceWorker);
      else onTakeover();
    },
  };
}

const PageKeepingContext = createContext<PageKeeping | null>(null);
export const PageKeepingProvider = PageKeepingContext.Provider;

export function usePageKeeping(): PageKeeping {
  const keeping = useContext(PageKeepingContext);
  if (keeping === null) throw new Error("What the page keeps was asked for outside <PageKeepingProvider>; wrap it in one.");
  return keeping;
}
