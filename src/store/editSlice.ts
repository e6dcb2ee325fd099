import type { ErrorFacts } from "../lib/errors.ts";
import type { EditFacts, Knowledge, LedgerFacts, TrainingStep } from "../engine/protocol.ts";
import { thinSeries } from "./thinSeries.ts";

/** The form as typed; rephrasings one a line. */
export interface EditForm {
  readonly prompt: string;
  readonly answer: string;
  readonly rephrasings: string;
  /** What the edit is about, as it stands in the prompt; may be empty. */
  readonly subject?: string;
}

export interface EditState {
  readonly form: EditForm;
  readonly status: "idle" | "training" | "cancelled" | "failed" | "trained";
  /** Losses of the running or latest training, thinned for drawing. */
  readonly curve: readonly TrainingStep[];
  /** The newest step, never thinned away; null before the first. */
  readonly latest: TrainingStep | null;
  readonly error: ErrorFacts | null;
  readonly edits: readonly EditFacts[];
  readonly lastEdit: number | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly listError: ErrorFacts | null;
}

export const emptyForm: EditForm = { prompt: "", answer: "", rephrasings: "" };

export const initialEdit: EditState = {
  form: emptyForm,
  status: "idle",
  curve: [],
  latest: null,
  error: null,
  edits: [],
  lastEdit: null,
  canUndo: false,
  canRedo: false,
  listError: null,
};

/** More points than this cannot be told apart at the width of the chart. */
const CURVE_POINTS = 240;

export function trainingStarted(edit: EditState): EditState {
  return { ...edit, status: "training", curve: [], latest: null, error: null };
}

/** A step that does not go on from the latest begins another training. */
export function trainingStep(edit: EditState, step: TrainingStep): EditState {
  const before = edit.latest && step.step > edit.latest.step ? edit.curve : [];
  return { ...edit, curve: thinSeries([...before, step], CURVE_POINTS), latest: step };
}

export function trainingDone(edit: EditState, facts: EditFacts): EditState {
  return { ...editAdded(edit, facts), status: "trained", lastEdit: facts.id };
}

export function editAdded(edit: EditState, facts: EditFacts): EditState {
  const edits = [...edit.edits.filter((other) => other.id !== facts.id), thinnedEdit(facts)];
  return { ...edit, curve: thinSeries(facts.curve, CURVE_POINTS), edits, canUndo: true, canRedo: false };
}

export function trainingFailed(edit: EditState, error: ErrorFacts): EditState {
  if (error.code === "cancelled") return { ...edit, status: "cancelled" };
  return { ...edit, status: "failed", error };
}

export function editsListed(edit: EditState, { edits, canUndo, canRedo }: LedgerFacts): EditState {
  const lastEdit = edits.some(({ id }) => id === edit.lastEdit) ? edit.lastEdit : null;
  return { ...edit, edits: edits.map(thinnedEdit), lastEdit, canUndo, canRedo, listError: null };
}

function thinnedEdit(facts: EditFacts): EditFacts {
  return { ...facts, curve: thinSeries(facts.curve, CURVE_POINTS) };
}

/** Lines as separate rephrasings: trimmed, without empty lines and repeats. */
export function rephrasingLines(text: string): string[] {
  const lines = text.split(/\r?\n/u).map((line) => line.trim());
  return [...new Set(lines)].filter((line) => line !== "");
}

export function draftOf(form: EditForm): Knowledge {
  const prompt = form.prompt.trim();
  const subject = (form.subject ?? "").trim();
  const rephrasings = rephrasingLines(form.rephrasings).filter((line) => line !== prompt);
  return { prompt, answer: form.answer.trim(), rephrasings, ...(subject === "" ? {} : { subject }) };
}

/** The form that gives a draft. */
export function formOf({ prompt, answer, rephrasings, subject = "" }: Knowledge): EditForm {
  return { prompt, answer, rephrasings: rephrasings.join("\n"), subject };
}
