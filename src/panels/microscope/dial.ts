import type { EditFacts, MethodScope, MethodSettings, ModelFacts } from "../../engine/protocol.ts";
import type { Examples } from "../../store/examples.ts";
import { largestDistance } from "../../store/selectors.ts";

/** Where a prompt on the list comes from. */
export type PromptSource = "edit" | "rephrasing" | "test" | "unrelated" | "example" | "own";

export interface DialPrompt {
  readonly text: string;
  readonly source: PromptSource;
  /** The edit whose prompt it is. */
  readonly edit: number | null;
}

/** A prompt that was measured: from which threshold on an edit answers it. */
export interface DialEntry extends DialPrompt {
  /** Null: at no threshold. */
  readonly turns: number | null;
  readonly nearest: number | null;
}

/** The prompts that are watched, each once: of the edits first, then what belongs to them, then the person's own. */
export function dialPrompts(edits: readonly EditFacts[], examples: Examples, own: readonly string[]): DialPrompt[] {
  const prompts: DialPrompt[] = own.map((text) => ({ text, source: "own", edit: null }));
  for (const { id, prompt, rephrasings } of edits) {
    prompts.push({ text: prompt, source: "edit", edit: id });
    prompts.push(...rephrasings.map((text) => ({ text, source: "rephrasing" as const, edit: id })));
    const example = examples.edits.find((other) => other.prompt === prompt);
    prompts.push(...(example?.tests ?? []).map((text) => ({ text, source: "test" as const, edit: id })));
    prompts.push(...(example?.unrelated ?? []).map((other) => ({ text: other.prompt, source: "unrelated" as const, edit: null })));
  }
  prompts.push(...examples.prompts.map(({ prompt }) => ({ text: prompt, source: "example" as const, edit: null })));
  const seen = new Set<string>();
  return prompts.filter(({ text }) => !seen.has(text) && seen.add(text));
}

/**
 * The threshold at which a prompt turns. In paper mode the bound is the threshold itself, in improved mode it is a radius times it: in both the
 * distance, in units of a bound at threshold 1.
 */
export function turningPoint({ distance, bound }: MethodScope, threshold: number, method: ModelFacts["method"]): number | null {
  if (distance === null || bound === null) return null;
  if (method === "paper") return distance;
  return bound > 0 && threshold > 0 ? (distance / bound) * threshold : null;
}

/** Paper mode answers below the threshold, improved mode also at it. */
export function answersAt(turns: number | null, threshold: number, method: ModelFacts["method"]): boolean {
  if (turns === null) return false;
  return method === "paper" ? turns < threshold : turns <= threshold;
}

export interface DialRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Where the threshold can be set. */
export function dialRange(method: ModelFacts["method"], settings: MethodSettings): DialRange {
  return method === "paper" ? { min: 0, max: largestDistance(settings) + 1, step: 1 } : { min: 0.05, max: 3, step: 0.05 };
}

/** How many of each kind are answered by an edit. */
export function tally(entries: readonly DialEntry[], threshold: number, method: ModelFacts["method"]) {
  const wanted = (source: PromptSource): boolean => ["edit", "rephrasing", "test"].includes(source);
  const count = (some: readonly DialEntry[]) => ({
    answered: some.filter(({ turns }) => answersAt(turns, threshold, method)).length,
    of: some.length,
  });
  return { reach: count(entries.filter(({ source }) => wanted(source))), others: count(entries.filter(({ source }) => !wanted(source))) };
}
