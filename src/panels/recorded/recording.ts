/**
 * A recorded run: one edit of the built-in model with everything the panels show of it, as `npm run record` writes it. Holds nothing that
 * differs from run to run: no dates, no times. Axes: T tokens, L mixture layers, N experts.
 */
import type {
  EditDraft,
  ModelFacts,
  RoutingTrace,
  ScopeDecision,
  TokenCandidate,
  TokenPiece,
  TrainingStep,
} from "../../engine/protocol.ts";

export const RECORDING_FORMAT = "elder-lab-recording";
/** Raised by every change that an older page could not read. */
export const RECORDING_VERSION = 1;

export interface Recording {
  readonly format: typeof RECORDING_FORMAT;
  readonly version: typeof RECORDING_VERSION;
  /** Name, quantization and settings among them. */
  readonly model: RecordedModel;
  readonly edit: RecordedEdit;
  /** The edit's own prompt, a rephrasing that was not trained on, and a prompt about something else. */
  readonly prompts: readonly RecordedPrompt[];
}

/** Without the list of methods, which belongs to the release that plays it; nothing recorded was imported. */
export type RecordedModel = Omit<ModelFacts, "methods" | "imported">;

export interface RecordedEdit extends EditDraft {
  readonly id: number;
  readonly baseAnswer: string;
  readonly answerAfter: string;
  readonly holds: boolean;
  readonly curve: readonly TrainingStep[];
  readonly allocation: readonly (readonly number[])[];
  /** Stored allocation codes, one a training sample. */
  readonly codes: readonly (readonly number[])[];
}

export const promptKinds = ["edited", "rephrased", "unrelated"] as const;
export type PromptKind = (typeof promptKinds)[number];

export interface RecordedPrompt {
  readonly kind: PromptKind;
  readonly prompt: string;
  /** Without any edit, before it was made. */
  readonly before: RecordedAnswer;
  /** With the edit made; the deferral rule decides. */
  readonly after: RecordedAnswer;
}

export interface RecordedAnswer {
  readonly text: string;
  readonly stopped: "length" | "end" | "sentence";
  readonly trace: RecordedTrace;
  readonly tokens: readonly RecordedToken[];
}

export interface RecordedTrace {
  readonly pieces: readonly TokenPiece[];
  readonly rows: RecordedRows;
  readonly nearest: readonly (number | null)[];
  readonly decidingToken: number;
  readonly scope: ScopeDecision;
}

export interface RecordedToken {
  readonly piece: TokenPiece;
  readonly text: string;
  readonly probability: number;
  readonly candidates: readonly TokenCandidate[];
  readonly row: RecordedRows;
}

/** Row-major (T, L, N). */
export interface RecordedRows {
  readonly tokens: number;
  readonly layers: readonly number[];
  readonly experts: number;
  readonly probabilities: readonly number[];
  /** Indices into (T, L, N) of what was picked, ascending. */
  readonly picked: readonly number[];
  readonly owners?: readonly number[];
}

type Rows = RoutingTrace["rows"];

/** What was recorded as the engine told it. */
export function rowsOf({ picked, probabilities, ...rest }: RecordedRows): Rows {
  const bits = new Uint8Array(probabilities.length);
  for (const index of picked) bits[index] = 1;
  return { ...rest, probabilities: new Float32Array(probabilities), picked: bits };
}

export function traceOf({ rows, ...rest }: RecordedTrace): RoutingTrace {
  return { ...rest, rows: rowsOf(rows) };
}
