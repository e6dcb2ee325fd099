/** What crosses between the page and the worker about evaluations. Taken from `protocol.ts`. */
import type { EditRecord } from "../evaluation/editSet.ts";
import type { EvaluationEvent } from "../evaluation/results.ts";
import type { RowProblem } from "../evaluation/rowFields.ts";
import type { Knowledge, MethodId } from "../methods/method.ts";

/** A file of edits: CounterFact, zsRE, own records as JSON or JSON lines, or a CSV. */
export interface EditsFile {
  readonly name: string;
  readonly text: string;
}

/** What is in a file of edits. */
export interface EditsFacts {
  readonly name: string;
  readonly records: number;
  /** Prompts over all records, and plain texts. */
  readonly counts: Readonly<Record<"rephrasings" | "heldOut" | "near" | "far" | "prose", number>>;
  /** The first few. */
  readonly first: readonly EditRecord[];
  /** The first of what could not be read, and how many there are in all. */
  readonly problems: readonly RowProblem[];
  readonly problemCount: number;
}

/** What a file of edits has to write, for the page to choose from. */
export interface ImportedDrafts {
  readonly name: string;
  /** How many there are; `drafts` may be the first of them only. */
  readonly records: number;
  /** Each with its row, as problems count them. */
  readonly drafts: readonly { readonly row: number; readonly draft: Knowledge }[];
  /** The first of what could not be read, and how many there are in all. */
  readonly problems: readonly RowProblem[];
  readonly problemCount: number;
}

export interface EvaluateParams {
  readonly edits: EditsFile;
  readonly method: MethodId;
  /** Edits, at most. */
  readonly limit: number;
  readonly seed: number;
  /** Edits between checkpoints. */
  readonly every: number;
}

/** `held`: it is paused now, between two edits or measurements. */
export type EvaluationStep = EvaluationEvent | { readonly kind: "held" };
