/** Methods that a person edits with, one edit at a time, watching what each token would do. */
import type { Sequence } from "../editing/sequence.ts";
import type { Allocation } from "../mixture/allocation.ts";
import type { AllocationCode } from "../mixture/deferral.ts";
import type { EditingMethod, Knowledge, MethodScope, MethodState } from "./method.ts";
import type { ImprovedSettings, PaperSettings } from "./settings.ts";

/** Where a draft would lie among the edits, before it is written. */
export interface Foresight {
  /** The decision for its prompt now. */
  readonly scope: MethodScope;
  /** Edits of the same fact, which it would stand in for. */
  readonly replaces: readonly number[];
  /** Edits that would be trained again in part: experts in common with the allocation it would get, of all that it would get. */
  readonly shared: readonly { readonly edit: number; readonly experts: number; readonly of: number }[];
}

export interface LiveMethod extends EditingMethod {
  readonly id: "paper" | "improved";
  readonly settings: PaperSettings | ImprovedSettings;
  readonly threshold: number;
  /**
   * Puts edits in force; until it is called for the first time all are, at strength 1.
   * @param strengths a factor on the adapters of each edit in force; an edit that is not named is off, as if it were not there
   */
  use(strengths: ReadonlyMap<number, number>): void;
  /**
   * How near a prompt must be: ε in bits in paper mode; in improved mode a factor on every edit's radius, 1 as made.
   * @throws EngineError `bad-settings` for a number below 0 or none
   */
  setThreshold(threshold: number): void;
  /** What an edit was assigned before its training, and what was stored after it. */
  kept(edit: number): { readonly allocation: Allocation | null; readonly codes: readonly AllocationCode[] };
  /** @throws EngineError as `edit` does for the draft's texts */
  foresee(draft: Knowledge): Promise<Foresight>;
  /** What the decision is made of: one vector a prompt. */
  queries(prompts: readonly (readonly number[])[]): Promise<Float32Array[]>;
  /** What it began with, where that was imported and not drawn from the seed: given to a fresh method, edits are written on it anew. */
  origin(): MethodState | null;
  /** @param capacity tokens the sequence may grow to */
  startSequence(capacity: number): Sequence;
}
