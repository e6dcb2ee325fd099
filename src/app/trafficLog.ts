import { createContext, useContext, useSyncExternalStore } from "react";
import type { FetchedFile } from "../lib/traffic.ts";

export interface Traffic {
  readonly files: readonly FetchedFile[];
  /** When the model and all parts of the page were there, on the clock of `FetchedFile.at`; null before. */
  readonly settledAt: number | null;
}

/** What was fetched by the page and its engine since the page was opened. */
export interface TrafficLog {
  read(): Traffic;
  subscribe(listener: () => void): () => void;
  add(files: readonly FetchedFile[]): void;
  /** From now on a request is one that nothing needed to begin with. */
  settle(at: number): void;
}

export function createTrafficLog(): TrafficLog {
  let traffic: Traffic = { files: [], settledAt: null };
  const listeners = new Set<() => void>();
  const change = (next: Traffic): void => {
    traffic = next;
    for (const listener of listeners) listener();
  };
  return {
    read: () => traffic,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add: (files) => change({ ...traffic, files: [...traffic.files, ...files] }),
    settle: (settledAt) => change({ ...traffic, settledAt }),
  };
}

/** Files fetched since; all are there to be named. */
export const sinceSettled = ({ files, settledAt }: Traffic): readonly FetchedFile[] =>
  settledAt === null ? [] : files.filter(({ at }) => at > settledAt);

const TrafficContext = createContext<TrafficLog | null>(null);
export const TrafficProvider = TrafficContext.Provider;

export function useTraffic(): Traffic {
  const log = useContext(TrafficContext);
  if (log === null) throw new Error("The badge was drawn outside <TrafficProvider>; wrap it in one.");
  return useSyncExternalStore(log.subscribe, log.read);
}
