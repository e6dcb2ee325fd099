import type { Acts } from "../store/acts.ts";
import type { LessonId, RegionId } from "../store/controls.ts";
import type { LabState } from "../store/labStore.ts";
import type { FormulaId } from "./formulas.ts";

/** What a step looks at to see whether its act was done. */
export interface Seen {
  readonly state: LabState;
  /** Since the step began. */
  readonly acts: Acts;
  /** In the lesson before that. */
  readonly earlier: Acts;
}

/** Asked before the act; what comes true is read from what the act did. */
export interface Question {
  readonly choices: readonly string[];
  /** The choice that came true; null while that is open. */
  right(seen: Seen): string | null;
}

/** A text to try, which the page puts into its fields on request; the act stays with the learner. */
export type Suggestion =
  | { readonly kind: "prompt"; readonly prompt: string }
  | { readonly kind: "edit"; readonly prompt: string; readonly answer: string; readonly rephrasings: readonly string[] };

/** One thing to do. Its words are in src/texts, under the lesson's and its own name. */
export interface Step {
  readonly id: string;
  /** Where on the page it is done. */
  readonly region: RegionId;
  /** Whether the learner did it. */
  done(seen: Seen): boolean;
  readonly question?: Question;
  readonly suggestion?: Suggestion;
  /** The formula beside the number that this step is about. */
  readonly formula?: FormulaId;
}

export interface Lesson {
  readonly id: LessonId;
  /** Codes, gates and ε are those of paper mode. */
  readonly paperMode: boolean;
  readonly steps: readonly Step[];
}

/** Done, and foretold first where something is asked. */
export function isPassed(step: Step, seen: Seen, predicted: boolean): boolean {
  return step.done(seen) && (step.question === undefined || (predicted && step.question.right(seen) !== null));
}
