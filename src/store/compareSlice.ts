import type { StoreApi } from "zustand/vanilla";
import type { ColumnAnswer, EditsDone, MethodId } from "../engine/protocol.ts";
import type { ErrorFacts } from "../lib/errors.ts";

export type ColumnMethod = MethodId | "base";

/** One method's column. */
export interface CompareColumn {
  readonly method: ColumnMethod;
  readonly status: "waiting" | "writing" | "answering" | "done" | "failed" | "stopped";
  /** Edits that the method has written of those it needs, while it writes. */
  readonly written: EditsDone | null;
  readonly answer: ColumnAnswer | null;
  readonly error: ErrorFacts | null;
}

/** What was asked of all columns alike. */
export interface CompareQuestion {
  readonly prompt: string;
  /** Answers whose probability is asked for, empty ones left out. */
  readonly old: string;
  readonly next: string;
}

export interface CompareState {
  readonly prompt: string;
  readonly old: string;
  readonly next: string;
  /** In the order of the columns. */
  readonly chosen: readonly ColumnMethod[];
  readonly running: boolean;
  /** What the columns on show answer; null before the first. */
  readonly asked: CompareQuestion | null;
  readonly columns: readonly CompareColumn[];
}

export type CompareStore = StoreApi<CompareState>;

export const waitingColumn = (method: ColumnMethod): CompareColumn => ({
  method,
  status: "waiting",
  written: null,
  answer: null,
  error: null,
});
