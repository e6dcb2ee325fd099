import type { EditFacts, EditsDone, Foresight, PlannedEdit, Scorecard } from "../engine/protocol.ts";
import type { ErrorFacts } from "../lib/errors.ts";
import { exampleFor } from "./selectors.ts";
import type { Examples } from "./examples.ts";

/** A scorecard, being asked for or there. */
export interface CardState {
  readonly status: "asking" | "done" | "failed";
  readonly card: Scorecard | null;
  /** The newest edit when it was measured. */
  readonly after: number;
  readonly error: ErrorFacts | null;
}

/** What was done last, as far as it can be taken back. */
export type LedgerSaid =
  | { readonly kind: "forgotten"; readonly id: number }
  | { readonly kind: "cleared"; readonly count: number }
  | { readonly kind: "rewritten"; readonly count: number }
  | { readonly kind: "dropped"; readonly left: readonly PlannedEdit[] }
  | { readonly kind: "undone" }
  | { readonly kind: "redone" };

/** What is known of the edits beside the edits themselves, and what is under way with them. */
export interface LedgerState {
  readonly work: "none" | "changing" | "rewriting";
  readonly rewriting: EditsDone | null;
  readonly said: LedgerSaid | null;
  /** Numbers of the edits in the order in which they are to be written again; null where it is the one they have. */
  readonly order: readonly number[] | null;
  /** Edits that a new method, new settings or another model dropped, to be written again. */
  readonly left: readonly PlannedEdit[];
  /** By edit. */
  readonly cards: Readonly<Record<number, CardState>>;
  /** By edit: probability of its answer at each of `curveStrengths`. */
  readonly curves: Readonly<Record<number, readonly number[]>>;
  /** What the draft in the form would meet; null while that is not known. */
  readonly foresight: Foresight | null;
  /** Prompts that the person asked last, newest at the end. */
  readonly asked: readonly string[];
}

export const initialLedger: LedgerState = {
  work: "none",
  rewriting: null,
  said: null,
  order: null,
  left: [],
  cards: {},
  curves: {},
  foresight: null,
  asked: [],
};

/** Where a strength curve is measured. */
export const curveStrengths: readonly number[] = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

const ASKED_KEPT = 8;

export function promptAsked(ledger: LedgerState, prompt: string): LedgerState {
  const asked = [...ledger.asked.filter((other) => other !== prompt), prompt];
  return { ...ledger, asked: asked.slice(-ASKED_KEPT) };
}

/** Other edits may fare otherwise now; what was measured of the changed one's strengths still stands. */
export function editChanged(ledger: LedgerState, id: number): LedgerState {
  const own = ledger.curves[id];
  return { ...ledger, cards: without(ledger.cards, id), curves: own ? { [id]: own } : {} };
}

/** Numbers may mean other edits now. */
export function editsReplaced(ledger: LedgerState): LedgerState {
  return { ...ledger, cards: {}, curves: {}, order: null };
}

export function editGone(ledger: LedgerState, id: number): LedgerState {
  const order = ledger.order?.filter((other) => other !== id) ?? null;
  return { ...ledger, cards: without(ledger.cards, id), curves: {}, order };
}

/** To be asked for again. */
export const cardGone = (ledger: LedgerState, id: number): LedgerState => ({ ...ledger, cards: without(ledger.cards, id) });

function without<T>(record: Readonly<Record<number, T>>, id: number): Readonly<Record<number, T>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => Number(key) !== id));
}

/** The edits in the order that the person wants; those made since come last. */
export function inOrder(edits: readonly EditFacts[], order: readonly number[] | null): readonly EditFacts[] {
  if (order === null) return edits;
  const place = (id: number): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return edits.toSorted((a, b) => place(a.id) - place(b.id));
}

/** The order with one edit moved by so many places; null where it is the one that the edits have. */
export function movedOrder(edits: readonly EditFacts[], order: readonly number[] | null, id: number, by: number): readonly number[] | null {
  const ids = inOrder(edits, order).map((edit) => edit.id);
  const from = ids.indexOf(id);
  const to = Math.min(ids.length - 1, Math.max(0, from + by));
  if (from === -1) return order;
  const next = ids.toSpliced(from, 1).toSpliced(to, 0, id);
  return next.every((other, i) => other === edits[i]?.id) ? null : next;
}

/** An edit as it would be written again. */
export function plannedOf({ prompt, answer, rephrasings, subject, on, strength }: EditFacts): PlannedEdit {
  return { prompt, answer, rephrasings, on, strength, ...(subject === undefined ? {} : { subject }) };
}

const [UNRELATED, ASKED] = [4, 3];

/** Prompts that should keep their answers: the model's own examples, and what the person asked last. */
export function probesFor(examples: Examples, asked: readonly string[], edits: readonly EditFacts[], own: EditFacts): string[] {
  const known = new Set(edits.flatMap(({ prompt, rephrasings }) => [prompt, ...rephrasings]));
  const unrelated = (exampleFor(examples, own)?.unrelated ?? examples.prompts).map(({ prompt }) => prompt);
  const free = (prompts: readonly string[]): string[] => prompts.filter((prompt) => !known.has(prompt));
  return [...new Set([...free(unrelated).slice(0, UNRELATED), ...free(asked).slice(-ASKED)])];
}
