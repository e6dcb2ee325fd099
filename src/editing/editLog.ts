import type { Allocation } from "../mixture/allocation.ts";
import type { AllocationCode, StoredCode } from "../mixture/deferral.ts";
import type { TrainingStep } from "./trainer.ts";

/** One piece of knowledge to write: the answer follows the prompt and each rephrasing. */
export interface EditDraft {
  readonly prompt: string;
  readonly answer: string;
  readonly rephrasings: readonly string[];
}

/** An edit that has been trained. */
export interface EditFacts extends EditDraft {
  /** 1-based, in the order of editing. */
  readonly id: number;
  /** The base model's answer before any edit. */
  readonly baseAnswer: string;
  /** Assigned experts, (L, k). */
  readonly allocation: Allocation;
  /** Stored allocation codes, one a training sample, as 0 and 1. */
  readonly codes: readonly AllocationCode[];
  readonly curve: readonly TrainingStep[];
  readonly seconds: number;
  /** The edited answer right after training, greedy. */
  readonly answerAfter: string;
  /** answerAfter begins with the answer asked for. */
  readonly holds: boolean;
}

export const storedCodes = (edits: readonly EditFacts[]): StoredCode[] =>
  edits.flatMap(({ id, codes }) => codes.map((code) => ({ edit: id, code })));
