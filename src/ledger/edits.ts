/** The person's edits, as they are told of and kept. */
import type { TrainingStep } from "../editing/trainer.ts";
import type { Knowledge } from "../methods/method.ts";
import type { Allocation } from "../mixture/allocation.ts";
import type { AllocationCode } from "../mixture/deferral.ts";

/** Whether an edit still gives its answer, when it was last asked. */
export interface Standing {
  /** Each token of the answer is the most probable one after the prompt and the tokens before it. */
  readonly holds: boolean;
  /** Of the whole answer after the prompt. */
  readonly probability: number;
  /** The edit after which it was first found lost; null where it holds. */
  readonly lostSince: number | null;
}

/** An edit that has been trained. */
export interface EditFacts extends Knowledge {
  /** 1-based, in the order of editing. */
  readonly id: number;
  /** The base model's answer. */
  readonly baseAnswer: string;
  /** Assigned experts, (L, k); null where the edit has experts of its own. */
  readonly allocation: Allocation | null;
  /** Stored allocation codes, one a training sample, as 0 and 1; none where there are no routers. */
  readonly codes: readonly AllocationCode[];
  readonly curve: readonly TrainingStep[];
  readonly seconds: number;
  /** The edited answer right after training, greedy. */
  readonly answerAfter: string;
  /** answerAfter begins with the answer asked for. */
  readonly holds: boolean;
  /** Off: prompts are answered as if it were not there. */
  readonly on: boolean;
  /** Factor on its adapters, 1 as trained. */
  readonly strength: number;
  /** Null until it is asked. */
  readonly standing: Standing | null;
}

/** An edit to be written again, as the person has it. */
export type PlannedEdit = Knowledge & Partial<Pick<EditFacts, "on" | "strength">>;

/** What can be taken back, and what can be done again: the edits that each would leave, by number. */
export interface LedgerFacts {
  readonly edits: readonly EditFacts[];
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** Least and greatest strength. */
export const STRENGTHS = [0, 4] as const;
