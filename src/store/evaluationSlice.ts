import type { EditsFacts, EvaluationStep, MethodId } from "../engine/protocol.ts";
import type { Checkpoint, EvaluationResult } from "../evaluation/results.ts";
import type { ErrorFacts } from "../lib/errors.ts";
import { readNumber } from "./numberText.ts";
import type { NumberIssue, NumberLimits } from "./numberText.ts";

/** Numbers as typed. */
export interface EvaluationForm {
  /** Null: the first that the model offers. */
  readonly method: MethodId | null;
  readonly limit: string;
  readonly every: string;
  readonly seed: string;
}

export type EvaluationNumber = Exclude<keyof EvaluationForm, "method">;
export const evaluationNumbers: readonly EvaluationNumber[] = ["limit", "every", "seed"];

/** The edits that are to be evaluated; their text is kept beside the store. */
export interface EditsChoice {
  readonly status: "none" | "reading" | "ready" | "failed";
  readonly builtIn: boolean;
  /** The file's. */
  readonly name: string;
  readonly facts: EditsFacts | null;
  readonly error: ErrorFacts | null;
}

export type EvaluationPhase =
  | { readonly kind: "starting" }
  | { readonly kind: "editing" }
  | { readonly kind: "measuring"; readonly afterEdits: number; readonly done: number; readonly of: number };

/** What was asked for. */
export interface AskedRun {
  readonly method: string;
  readonly model: string;
  readonly edits: string;
  readonly limit: number;
  readonly every: number;
  readonly seed: number;
}

/** One evaluation of this tab. */
export interface EvaluationRun extends AskedRun {
  /** 1, 2, … in the order of starting. */
  readonly id: number;
  readonly status: "running" | "done" | "stopped" | "failed";
  readonly phase: EvaluationPhase;
  /** Records taken, refused ones included, of as many; null before it is known. */
  readonly done: number;
  readonly of: number | null;
  /** Ids of the records written, in order. */
  readonly ids: readonly string[];
  readonly checkpoints: readonly Checkpoint[];
  readonly refused: EvaluationResult["refused"];
  /** Of the last edits. */
  readonly editSeconds: readonly number[];
  /** Over all checkpoints: time, and edits measured. */
  readonly measureSeconds: number;
  readonly measured: number;
}

export interface EvaluationState {
  readonly open: boolean;
  readonly form: EvaluationForm;
  readonly edits: EditsChoice;
  /** Oldest first; at most one is running. */
  readonly runs: readonly EvaluationRun[];
  /** Taken away last, and not put back. */
  readonly removed: EvaluationRun | null;
  /** Asked to pause; and paused, which comes between two edits or measurements. */
  readonly pausing: boolean;
  readonly held: boolean;
  /** Of the last run. */
  readonly error: ErrorFacts | null;
}

export const noEdits: EditsChoice = { status: "none", builtIn: true, name: "", facts: null, error: null };

export const initialEvaluation: EvaluationState = {
  open: false,
  form: { method: null, limit: "100", every: "10", seed: "1" },
  edits: noEdits,
  runs: [],
  removed: null,
  pausing: false,
  held: false,
  error: null,
};

const limits: Readonly<Record<EvaluationNumber, NumberLimits>> = {
  limit: { integer: true, min: 1, max: 100_000 },
  every: { integer: true, min: 1, max: 100_000 },
  seed: { integer: true, min: 0, max: 4_294_967_295 },
};

export type EvaluationReading =
  | { readonly numbers: Readonly<Record<EvaluationNumber, number>> }
  | { readonly issues: Readonly<Partial<Record<EvaluationNumber, NumberIssue>>> };

export function readEvaluationForm(form: EvaluationForm): EvaluationReading {
  const numbers: Record<EvaluationNumber, number> = { limit: 0, every: 0, seed: 0 };
  const issues: Partial<Record<EvaluationNumber, NumberIssue>> = {};
  for (const name of evaluationNumbers) {
    const reading = readNumber(form[name], limits[name]);
    if ("value" in reading) numbers[name] = reading.value;
    else issues[name] = reading.issue;
  }
  return Object.keys(issues).length > 0 ? { issues } : { numbers };
}

/**
 * Runs that measured something, the same list while nothing of that changes: edits come several a second, and pictures of the results cost more
 * than that.
 */
export function measuredRuns(): (state: Pick<EvaluationState, "runs">) => readonly EvaluationRun[] {
  let last: readonly EvaluationRun[] = [];
  const asBefore = (run: EvaluationRun, index: number): boolean => {
    const before = last[index];
    const { id, status, checkpoints, refused } = run;
    return before?.id === id && before.status === status && before.checkpoints === checkpoints && before.refused === refused;
  };
  return ({ runs }) => {
    const measured = runs.filter(({ checkpoints }) => checkpoints.length > 0);
    if (measured.length !== last.length || !measured.every(asBefore)) last = measured;
    return last;
  };
}

/** The run under way. */
export const runningOf = ({ runs }: EvaluationState): EvaluationRun | null => runs.find(({ status }) => status === "running") ?? null;

export function evaluationStarted(state: EvaluationState, facts: AskedRun): EvaluationState {
  const fresh = { done: 0, of: null, ids: [], checkpoints: [], refused: [], editSeconds: [], measureSeconds: 0, measured: 0 } as const;
  const id = 1 + Math.max(0, state.removed?.id ?? 0, ...state.runs.map((run) => run.id));
  const run: EvaluationRun = { ...facts, ...fresh, id, status: "running", phase: { kind: "starting" } };
  return { ...state, runs: [...state.runs, run], pausing: false, held: false, error: null };
}

const changed = (state: EvaluationState, change: (run: EvaluationRun) => EvaluationRun): EvaluationState => ({
  ...state,
  held: false,
  runs: state.runs.map((run) => (run.status === "running" ? change(run) : run)),
});

export function evaluationStep(state: EvaluationState, step: EvaluationStep): EvaluationState {
  if (step.kind === "held") return { ...state, held: state.pausing };
  return changed(state, (run) => afterStep(run, step));
}

/** An estimate follows a change of speed after as many edits. */
const RECENT_EDITS = 20;

function afterStep(run: EvaluationRun, step: Exclude<EvaluationStep, { kind: "held" }>): EvaluationRun {
  switch (step.kind) {
    case "started":
      return { ...run, done: step.done, of: step.of, checkpoints: step.checkpoints, phase: { kind: "editing" } };
    case "edit": {
      const editSeconds = [...run.editSeconds, step.seconds].slice(-RECENT_EDITS);
      return { ...run, done: step.done, of: step.of, ids: [...run.ids, step.id], editSeconds, phase: { kind: "editing" } };
    }
    case "refused": {
      const refused = [...run.refused, { id: step.id, message: step.message }];
      return { ...run, done: step.done, of: step.of, refused, phase: { kind: "editing" } };
    }
    case "measuring":
      return { ...run, phase: step };
    case "checkpoint": {
      const { checkpoint, seconds } = step;
      const before = run.checkpoints.filter(({ afterEdits }) => afterEdits !== checkpoint.afterEdits);
      const [measureSeconds, measured] = [run.measureSeconds + seconds, run.measured + checkpoint.afterEdits];
      return { ...run, checkpoints: [...before, checkpoint], measureSeconds, measured, phase: { kind: "editing" } };
    }
  }
}

export function evaluationDone(state: EvaluationState): EvaluationState {
  return { ...changed(state, (run) => ({ ...run, status: "done" })), pausing: false };
}

/** What was measured so far stays; a run without any is not worth a place. */
export function evaluationFailed(state: EvaluationState, error: ErrorFacts): EvaluationState {
  const status = error.code === "cancelled" ? "stopped" : "failed";
  const ended = changed(state, (run) => ({ ...run, status }));
  return { ...ended, runs: ended.runs.filter(({ checkpoints }) => checkpoints.length > 0), pausing: false, error };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const secondsAnEdit = ({ editSeconds }: EvaluationRun): number | null => (editSeconds.length === 0 ? null : mean(editSeconds));

/** Edits after which an estimate can be made. */
const FIRST_EDITS = 3;

/**
 * Time to the end, in seconds, at the speed so far: that of the last edits, and of the checkpoints by the edit measured.
 * @returns null before the first edits; `atLeast` where no checkpoint was timed yet
 */
export function timeLeft(run: EvaluationRun): { readonly seconds: number; readonly atLeast: boolean } | null {
  const { of, done, every, ids, editSeconds, measured, measureSeconds } = run;
  if (of === null || editSeconds.length < Math.min(FIRST_EDITS, of)) return null;
  const last = ids.length + of - done;
  let toMeasure = 0;
  for (let after = every * (Math.floor(ids.length / every) + 1); after < last; after += every) toMeasure += after;
  const measuring = measured === 0 ? 0 : ((toMeasure + last) * measureSeconds) / measured;
  return { seconds: (of - done) * mean(editSeconds) + measuring, atLeast: measured === 0 };
}

/** The time that `limit` edits alone took at the speed of an earlier run of the method in this tab; null where there is none. */
export function expectedSeconds(runs: readonly EvaluationRun[], method: string, model: string, limit: number): number | null {
  const before = runs.findLast((run) => run.method === method && run.model === model && run.editSeconds.length > 0);
  return before ? limit * mean(before.editSeconds) : null;
}
