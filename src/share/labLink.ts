import type { EditFacts } from "../engine/protocol.ts";
import type { ControlId, RegionId } from "../store/controls.ts";
import type { LabState } from "../store/labStore.ts";
import { initialPrompt } from "../store/promptSlice.ts";
import type { GenerateOptions } from "../store/promptSlice.ts";
import type { LoadRequest, SourceRef } from "../store/sourceRef.ts";
import { badLink } from "./linkErrors.ts";
import type { LinkState, SharedEdit, SharedModel } from "./linkState.ts";
import { expectedOf } from "./expected.ts";
import { changedSettings } from "./settingKeys.ts";

/** What the sender chooses to share beside the lab itself. */
export interface ShareChoice {
  readonly view: RegionId | null;
  readonly lesson: LinkState["lesson"];
  readonly hidden: readonly ControlId[];
  readonly locked: readonly ControlId[];
}

/**
 * The lab as a link says it.
 * @throws EngineError `no-model`, or `bad-link` for a model that the receiver cannot get
 */
export function linkStateOf(state: LabState, choice: ShareChoice): LinkState {
  const { facts, loaded } = state.model;
  if (!facts || !loaded) throw badLink("there is no model yet.", "Wait until the model is loaded.");
  const inUse = facts.method === "paper" ? facts.settings : { threshold: facts.threshold };
  const asLoaded = facts.method === "paper" ? (state.link.defaults?.settings ?? facts.settings) : { threshold: 1 };
  return {
    ...choice,
    model: sharedModel(loaded, facts.quantization),
    method: facts.method,
    settings: changedSettings(facts.method, inUse, asLoaded),
    seed: facts.settings.seed,
    edits: state.edit.edits.map((edit) => sharedEdit(edit)),
    prompt: state.prompt.text,
    decoding: changedOptions(state.prompt.options),
    expected: expectedOf(state.edit.edits),
  };
}

/** Whether edits were taken back one by one: those made after them may come out otherwise when they are made anew. */
export const hasGaps = (edits: readonly Pick<EditFacts, "id">[]): boolean => edits.some(({ id }, i) => id !== i + 1);

function sharedModel({ source, from, commit, precision }: LoadRequest, quantization: string): SharedModel {
  if (source.kind === "built-in") return { kind: "built-in", variant: source.variant };
  const packed = /^int([48])\b/.exec(quantization)?.[1];
  const file = source.kind === "hub" && source.file !== undefined ? { file: source.file } : {};
  const isRepository =
    source.kind === "hub" ? source.endpoint === undefined : source.kind === "kept" && /^[\w][\w.-]*\/[\w][\w.-]*$/.test(from);
  if (!isRepository || commit === null)
    throw badLink("its model is known to this browser only.", "Load the built-in model or one of the Hub: others can get those as well.");
  const id = source.kind === "hub" ? source.id : from;
  return { kind: "hub", id, revision: commit, precision: precision ?? (packed === "4" ? 4 : packed === "8" ? 8 : "stored"), ...file };
}

function sharedEdit({ prompt, answer, rephrasings, subject, on, strength }: EditFacts): SharedEdit {
  return {
    prompt,
    answer,
    rephrasings,
    ...(subject === undefined || subject === "" ? {} : { subject }),
    ...(on ? {} : { off: true }),
    ...(strength === 1 ? {} : { strength }),
  };
}

function changedOptions(options: GenerateOptions): Partial<GenerateOptions> {
  const changed = Object.entries(options).filter(([name, value]) => value !== initialPrompt.options[name as keyof GenerateOptions]);
  return Object.fromEntries(changed) as Partial<GenerateOptions>;
}

/** What to load for a link's model. */
export function loadRequestOf(model: SharedModel): LoadRequest {
  if (model.kind === "built-in")
    return { source: { kind: "built-in", variant: model.variant }, from: "", commit: null, precision: null, keep: false };
  const { id, revision, precision, file } = model;
  const source: SourceRef = { kind: "hub", id, revision, ...(file === undefined ? {} : { file }) };
  return { source, from: file === undefined ? id : `${id}/${file}`, commit: revision, precision, keep: false };
}
