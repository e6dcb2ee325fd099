/** What crosses between the page and the worker about a person's edits. */
import type { TrainingStep } from "../editing/trainer.ts";
import type { ColumnAnswer, ColumnQuestion } from "../ledger/columns.ts";
import type { EditFacts, LedgerFacts, PlannedEdit } from "../ledger/edits.ts";
import type { Scorecard } from "../ledger/scorecard.ts";
import type { Foresight, LiveMethod } from "../methods/live.ts";
import type { Knowledge, MethodId, MethodScope } from "../methods/method.ts";
import type { MethodSettings } from "../mixture/settings.ts";
import type { ModelFacts } from "./protocol.ts";

export type { EditFacts, LedgerFacts, PlannedEdit, Standing } from "../ledger/edits.ts";
export type { ColumnAnswer, ColumnQuestion, ColumnToken } from "../ledger/columns.ts";
export type { ProbeOutcome, Scorecard } from "../ledger/scorecard.ts";
export type { AnswerOdds } from "../ledger/standing.ts";
export type { Foresight } from "../methods/live.ts";
export type { Knowledge, MethodScope } from "../methods/method.ts";

/** How many edits are written, of how many. */
export interface EditsDone {
  readonly done: number;
  readonly of: number;
}

export interface QueryMap {
  /** What each point is: a phrasing of an edit, or a prompt that was asked about. */
  readonly entries: readonly { readonly edit: number | null; readonly text: string }[];
  /** (n, 2), row-major. */
  readonly points: Float32Array;
  /** Share of the variance along each of the two, 0 to 1. */
  readonly explained: readonly [number, number];
}

/** The calls about edits. */
export interface LedgerCalls {
  edit: { params: { draft: Knowledge }; event: TrainingStep; result: EditFacts };
  edits: { params: Record<string, never>; event: never; result: LedgerFacts };
  /** Switches an edit on or off, or sets its strength. */
  changeEdit: { params: { id: number; on?: boolean; strength?: number }; event: never; result: LedgerFacts };
  /** Takes one edit back as well as the method can. */
  forget: { params: { id: number }; event: never; result: LedgerFacts };
  undo: { params: Record<string, never>; event: never; result: LedgerFacts };
  redo: { params: Record<string, never>; event: never; result: LedgerFacts };
  /** Starts again from the seed and writes these edits in this order; none drops them all. On an error the edits stay as they were. */
  rewrite: { params: { edits: readonly PlannedEdit[] }; event: EditsDone; result: LedgerFacts };
  /** Asks every edit that is on whether it still holds. */
  audit: { params: Record<string, never>; event: never; result: LedgerFacts };
  /** What one edit reaches and leaves alone; `probes` are prompts that should keep their answers. */
  scorecard: { params: { id: number; probes: readonly string[] }; event: never; result: Scorecard };
  /** Probability of an edit's answer at each strength, after its own prompt or another. */
  strengthCurve: { params: { id: number; prompt?: string; strengths: readonly number[] }; event: never; result: readonly number[] };
  /** Where a draft would lie among the edits, before it is written. */
  foresee: { params: { draft: Knowledge }; event: never; result: Foresight };
  /** The deferral rule's decision for each prompt. */
  scopes: { params: { prompts: readonly string[] }; event: never; result: readonly MethodScope[] };
  /** Queries of all edits' phrasings and of these prompts, in the plane of their two principal components. */
  queryMap: { params: { prompts: readonly string[] }; event: never; result: QueryMap };
  /** One prompt answered by a method that knows the same edits; it writes those first that it has not written. */
  column: { params: { method: MethodId | "base"; question: ColumnQuestion }; event: EditsDone; result: ColumnAnswer };
  /** New settings or another method: the edits are dropped, for `rewrite` to write again. ε alone keeps them. */
  configure: { params: { settings: MethodSettings; method?: LiveMethod["id"] }; event: never; result: ModelFacts };
  /** See ModelFacts.threshold; keeps the edits. */
  setThreshold: { params: { threshold: number }; event: never; result: ModelFacts };
}
