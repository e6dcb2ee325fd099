import type { ErrorFacts } from "../lib/errors.ts";
import type { MethodSettings } from "../engine/protocol.ts";
import type { ControlId, RegionId } from "./controls.ts";
import type { LoadRequest } from "./sourceRef.ts";

/** Whether what was rebuilt is what the sender had; "unknown" where the link does not say. */
export type Comparison = "same" | "different" | "unknown";

/** The link that the page was opened with, and what became of it. */
export interface LinkSlice {
  /** asking: the model would be downloaded, which is the person's to decide. found: the project that it became before is open. stopped: by the person. */
  readonly status: "none" | "reading" | "asking" | "loading" | "rebuilding" | "found" | "done" | "stopped" | "failed";
  /** For people: the model that is asked about. */
  readonly model: string;
  /** Edits rebuilt, of as many. */
  readonly done: number;
  readonly of: number;
  /** Where the sender would have the receiver begin. */
  readonly view: RegionId | null;
  readonly outcome: { readonly codes: Comparison; readonly answers: Comparison } | null;
  readonly error: ErrorFacts | null;
  /** What the sender took off the page, and what only they can change. */
  readonly hidden: readonly ControlId[];
  readonly locked: readonly ControlId[];
  /** Links made and copied here. */
  readonly copied: number;
  readonly sharing: boolean;
  /** What the loaded model started with, for a link names only what differs. */
  readonly defaults: { readonly model: LoadRequest; readonly settings: MethodSettings } | null;
}

export const initialLink: LinkSlice = {
  status: "none",
  model: "",
  done: 0,
  of: 0,
  view: null,
  outcome: null,
  error: null,
  hidden: [],
  locked: [],
  copied: 0,
  sharing: false,
  defaults: null,
};

export type Allowed = "free" | "locked" | "hidden";

/** Whether a part of the page may be used, seen, or neither. */
export function allowedOf({ hidden, locked }: Pick<LinkSlice, "hidden" | "locked">, id: ControlId): Allowed {
  if (hidden.includes(id)) return "hidden";
  return locked.includes(id) ? "locked" : "free";
}
