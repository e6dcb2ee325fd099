import { joinedActs, noActs } from "./acts.ts";
import type { Acts } from "./acts.ts";
import type { LessonId, RegionId } from "./controls.ts";

/** What somebody foretold before it was shown. */
export interface Prediction {
  /** As typed; empty where none was. */
  readonly name: string;
  readonly lesson: LessonId;
  /** A step's own name within its lesson. */
  readonly step: string;
  readonly choice: string;
  /** Null until it comes out. */
  readonly right: boolean | null;
}

export interface LessonsState {
  readonly open: boolean;
  /** Null: the list of lessons. `step` counts from 0; one past the last is the end of the lesson. */
  readonly at: { readonly lesson: LessonId; readonly step: number } | null;
  /** Steps done, as "lesson/step". */
  readonly passed: readonly string[];
  /** Of everybody who learned here, in order. */
  readonly predictions: readonly Prediction[];
  /** Of who is learning now. */
  readonly name: string;
  /** Since this step began, and in this lesson before it. */
  readonly acts: Acts;
  readonly earlier: Acts;
  readonly presenting: boolean;
  readonly spotlight: RegionId | null;
}

export const initialLessons: LessonsState = {
  open: false,
  at: null,
  passed: [],
  predictions: [],
  name: "",
  acts: noActs,
  earlier: noActs,
  presenting: false,
  spotlight: null,
};

export const stepKey = (lesson: LessonId, step: string): string => `${lesson}/${step}`;

/** What was done in a lesson goes with the learner from step to step of it. */
export function wentTo(state: LessonsState, at: LessonsState["at"]): LessonsState {
  const earlier = at !== null && at.lesson === state.at?.lesson ? joinedActs(state.earlier, state.acts) : noActs;
  return { ...state, at, acts: noActs, earlier };
}

/** A prediction stands: the first is the one that counts. */
export function predicted(state: LessonsState, lesson: LessonId, step: string, choice: string): LessonsState {
  if (predictionOf(state, lesson, step)) return state;
  const prediction = { name: state.name.trim(), lesson, step, choice, right: null };
  return { ...state, predictions: [...state.predictions, prediction] };
}

/** Of who is learning now. */
export function predictionOf({ predictions, name }: LessonsState, lesson: LessonId, step: string): Prediction | null {
  return predictions.findLast((one) => one.lesson === lesson && one.step === step && one.name === name.trim()) ?? null;
}

/** @param right the choice that came true; null where the step asks nothing */
export function stepPassed(state: LessonsState, lesson: LessonId, step: string, right: string | null): LessonsState {
  const key = stepKey(lesson, step);
  const own = predictionOf(state, lesson, step);
  const judged = (one: Prediction): Prediction =>
    one === own && one.right === null && right !== null ? { ...one, right: one.choice === right } : one;
  const passed = state.passed.includes(key) ? state.passed : [...state.passed, key];
  return { ...state, passed, predictions: state.predictions.map(judged) };
}

/** Somebody else begins; what was foretold so far stays for the export. */
export function learnerChanged(state: LessonsState, name: string): LessonsState {
  return { ...initialLessons, open: state.open, predictions: state.predictions, name };
}
