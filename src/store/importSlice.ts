import type { ImportedDrafts } from "../engine/protocol.ts";
import type { ErrorFacts } from "../lib/errors.ts";

/** A file of edits that is looked at before its edits are queued. */
export interface ImportState {
  readonly status: "none" | "reading" | "ready" | "failed";
  readonly name: string;
  readonly facts: ImportedDrafts | null;
  readonly error: ErrorFacts | null;
}

export const initialImport: ImportState = { status: "none", name: "", facts: null, error: null };
