import type { ErrorFacts } from "../lib/errors.ts";
import type { CheckedModel, Precision, PrecisionFacts, SourceFacts } from "../engine/protocol.ts";
import { nameOfSource } from "./sourceRef.ts";
import type { LoadRequest, SourceRef } from "./sourceRef.ts";

/** What is typed in the search for a model. */
export interface SourceForm {
  readonly repository: string;
  readonly revision: string;
  /** A server in place of the Hub. */
  readonly endpoint: string;
  readonly address: string;
}

/** The choice of another model: first where it comes from, then what it is, then how it is to be kept. */
export interface ChoiceState {
  readonly open: boolean;
  readonly status: "choosing" | "checking" | "checked" | "failed";
  readonly form: SourceForm;
  readonly source: SourceRef | null;
  /** The models in one place, of which the source names one; empty where there is one only. */
  readonly files: SourceFacts["choices"];
  readonly facts: SourceFacts | null;
  readonly error: ErrorFacts | null;
  readonly precision: Precision | null;
  readonly keep: boolean;
  /** Hosts that a token was given for. The tokens are with the actions, in memory only. */
  readonly tokenHosts: readonly string[];
}

export const initialChoice: ChoiceState = {
  open: false,
  status: "choosing",
  form: { repository: "", revision: "", endpoint: "", address: "" },
  source: null,
  files: [],
  facts: null,
  error: null,
  precision: null,
  keep: true,
  tokenHosts: [],
};

export function checkStarted(choice: ChoiceState, source: SourceRef): ChoiceState {
  const files = "file" in source && isSamePlace(source, choice.source) ? choice.files : [];
  return { ...choice, open: true, status: "checking", source, files, facts: null, error: null, precision: null };
}

function isSamePlace(source: SourceRef, other: SourceRef | null): boolean {
  const place = (ref: SourceRef | null): string => JSON.stringify({ ...ref, file: "" });
  return place(source) === place(other);
}

export function checkDone(choice: ChoiceState, facts: SourceFacts): ChoiceState {
  const files = facts.choices.length > 0 ? facts.choices : choice.files;
  return { ...choice, status: "checked", facts, files, precision: facts.model && defaultPrecision(facts.model) };
}

/** A check that was abandoned leads back to the choice. */
export function checkFailed(choice: ChoiceState, error: ErrorFacts): ChoiceState {
  return error.code === "cancelled" ? { ...choice, status: "choosing" } : { ...choice, status: "failed", error };
}

/** The precisions that differ in what they lead to: weights that are packed already stay as they are at more bits. */
export function distinctPrecisions({ precisions }: CheckedModel): readonly PrecisionFacts[] {
  const stored = precisions.find(({ precision }) => precision === "stored");
  const isStored = ({ quantization, weightBytes }: PrecisionFacts): boolean =>
    quantization === stored?.quantization && weightBytes === stored.weightBytes;
  return precisions.filter((facts) => facts === stored || !isStored(facts));
}

/** Above this many parameters 8 bits a weight are more than most GPUs carry beside an edit. */
const LARGE = 1e9;

/** What is packed already stays as it is; floats are packed to 8 bits, to 4 where there are many; all that only where it fits. */
export function defaultPrecision(model: CheckedModel): Precision | null {
  const { stored, parameters } = model;
  const precisions = distinctPrecisions(model);
  const floats = /^B?F\d/u.test(stored);
  const order: readonly Precision[] = floats ? (parameters > LARGE ? [4, 8, "stored"] : [8, 4, "stored"]) : ["stored", 8, 4];
  const offered = order.flatMap((precision) => precisions.filter((facts) => facts.precision === precision));
  return (offered.find(({ problem }) => problem === null) ?? offered[0])?.precision ?? null;
}

/** What "Load" would load; null while something is open or nothing fits. */
export function requestOf({ source, facts, precision, keep }: ChoiceState): LoadRequest | null {
  if (!source || !facts?.model || precision === null) return null;
  const chosen = facts.model.precisions.find((each) => each.precision === precision);
  if (!chosen || chosen.problem) return null;
  // What was checked is what is loaded, even if the branch moves on meanwhile.
  const pinned = source.kind === "hub" && facts.commit !== null ? { ...source, revision: facts.commit } : source;
  return { source: pinned, from: nameOfSource(source), commit: facts.commit, precision, keep };
}
