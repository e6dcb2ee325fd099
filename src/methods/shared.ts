/** What several methods do alike. */
import type { TrainingStep } from "../editing/trainer.ts";
import { EngineError } from "../lib/errors.ts";
import type { Knowledge, MethodState } from "./method.ts";

/** The prompt and the rephrasings that say something. */
export const phrasingsOf = ({ prompt, rephrasings }: Knowledge): string[] => [prompt, ...rephrasings.filter((text) => text.trim() !== "")];

export const lastLoss = (curve: readonly TrainingStep[]): number => curve.at(-1)?.lmLoss ?? NaN;

export const unknownEdit = (edit: number): EngineError =>
  new EngineError("unknown-edit", `There is no edit ${edit}, or it was forgotten before.`, "Choose one of the edits that are listed.");

/** @throws EngineError `bad-settings` */
export function checkedThreshold(threshold: number): number {
  if (threshold >= 0 && Number.isFinite(threshold)) return threshold;
  throw new EngineError("bad-settings", `Got a threshold of ${threshold}, expected a number from 0 on.`, "0 defers every prompt.");
}

/** @throws EngineError `bad-state` when the array is missing, of another length or kind, or holds what is no finite number. */
export function stateArray(arrays: MethodState["arrays"], name: string, length: number): Float32Array {
  // Kept files may hold other kinds.
  const array: unknown = Object.hasOwn(arrays, name) ? arrays[name] : undefined;
  if (array instanceof Float32Array && array.length === length) {
    if (array.every(Number.isFinite)) return array;
    throw new EngineError(
      "bad-state",
      `The kept state has numbers for ${name} that are not finite.`,
      "It is damaged: export it again where it was made.",
    );
  }
  throw new EngineError(
    "bad-state",
    `The kept state has ${array instanceof Float32Array ? `${array.length} numbers` : "no numbers"} for ${name}, expected ${length}.`,
    "It belongs to another model or other settings: load those, or begin anew.",
  );
}

/** Rows one after another in one array. */
export function joined(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.reduce((size, row) => size + row.length, 0));
  rows.reduce((at, row) => (all.set(row, at), at + row.length), 0);
  return all;
}

/** The rows again, copies of so many floats each. */
export const rowsOf = (values: Float32Array, width: number): Float32Array[] =>
  Array.from({ length: width > 0 ? values.length / width : 0 }, (_, row) => values.slice(row * width, (row + 1) * width));
