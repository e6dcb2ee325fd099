import type { ErrorFacts } from "../lib/errors.ts";
import type { StorageFacts, UnfinishedDownload } from "../engine/protocol.ts";
import type { LoadRequest } from "./sourceRef.ts";

/** What this browser keeps for the page. */
export interface StorageState {
  readonly facts: StorageFacts | null;
  readonly error: ErrorFacts | null;
  /** Something is being removed, put back or freed. */
  readonly changing: boolean;
  /** What came of asking the browser not to clear it. */
  readonly persistence: "not-asked" | "asking" | "granted" | "refused";
}

export const initialStorage: StorageState = { facts: null, error: null, changing: false, persistence: "not-asked" };

/** What is left of a download that did not come to its end. */
export function unfinishedOf({ facts }: StorageState, { source }: LoadRequest): UnfinishedDownload | null {
  const same = ({ source: begun }: UnfinishedDownload): boolean => {
    if (source.kind === "url") return begun.kind === "url" && begun.url === source.url;
    if (source.kind !== "hub" || begun.kind !== "hub") return false;
    return begun.id === source.id && begun.file === source.file && begun.endpoint === source.endpoint;
  };
  return facts?.unfinished.find(same) ?? null;
}
