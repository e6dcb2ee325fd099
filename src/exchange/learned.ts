/** What the two live methods keep (`MethodState`), as the adapters that files are written from. */
import type { Adapter, AdapterSettings } from "../methods/adapters.ts";
import type { MethodState } from "../methods/method.ts";
import { stateArray } from "../methods/shared.ts";
import { parameterLayout, splitParts } from "../mixture/parameters.ts";
import type { MethodSettings } from "../mixture/settings.ts";
import { isJsonObject } from "../weights/strictJson.ts";
import type { MixtureContent } from "./mixtureFile.ts";
import { badAdapter, widthsOf, type ModelOutline } from "./modules.ts";

/** Paper mode's mixture. @throws EngineError `bad-state` when it is of other settings */
export function mixtureOf(model: ModelOutline, settings: MethodSettings, { arrays }: MethodState): MixtureContent {
  const { layers, experts, rank, module } = settings;
  const layout = parameterLayout({ layers: layers.length, experts, rank, ...widthsOf(model, module) });
  return { settings, values: splitParts(layout, stateArray(arrays, "parameters", layout.size)) };
}

export interface EditAdapter {
  readonly edit: number;
  readonly adapter: Adapter;
  /** The factor that the edit answers with. */
  readonly strength: number;
}

export interface EditRange {
  /** Numbers of the first and the last edit. */
  readonly first: number;
  readonly last: number;
  /** As `LiveMethod.use` takes it: an edit that is not named is off. Absent: all are on, at 1. */
  readonly strengths?: ReadonlyMap<number, number>;
}

/**
 * Improved mode's adapters of a range of edits, in order, without those that are off and those that a later edit of the same fact stands in
 * for: merged together they would speak against it. Forgotten edits are not there any more.
 * @throws EngineError `bad-state` when the state is of other settings, `bad-adapter` for a range without an edit in force
 */
export function editAdapters(
  model: ModelOutline,
  { layers, module, rank }: AdapterSettings,
  { facts, arrays }: MethodState,
  { first, last, strengths }: EditRange,
): EditAdapter[] {
  const { inputs, outputs } = widthsOf(model, module);
  const numbers = editsInForce(facts, (edit) => strengths?.has(edit) ?? true).filter((edit) => edit >= first && edit <= last);
  if (numbers.length === 0)
    throw badAdapter(`Got no edit in force from ${first} to ${last}, expected at least one.`, "Choose a range that has edits.");
  return numbers.map((edit) => ({
    edit,
    strength: strengths?.get(edit) ?? 1,
    adapter: layers.map((_, i) => ({
      a: stateArray(arrays, `A ${edit}.${i}`, rank * inputs),
      b: stateArray(arrays, `B ${edit}.${i}`, rank * outputs),
    })),
  }));
}

/** Edits that are on, and have no later one of their fact that is. */
function editsInForce(facts: unknown, isOn: (edit: number) => boolean): number[] {
  const edits = isJsonObject(facts) && Array.isArray(facts["edits"]) ? (facts["edits"] as readonly unknown[]) : [];
  const replacedBy = new Map(edits.filter(isJsonObject).map((edit) => [Number(edit["edit"]), edit["replacedBy"]]));
  const standsIn = (edit: number): boolean => {
    const next = replacedBy.get(edit);
    // Later edits have higher numbers, so that this ends.
    return typeof next === "number" && next > edit && (isOn(next) || standsIn(next));
  };
  return [...replacedBy.keys()].filter((edit) => isOn(edit) && !standsIn(edit)).toSorted((a, b) => a - b);
}
