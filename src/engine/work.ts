/** A person's work on one model, as it is kept: with which method and settings, the edits, and what was learned of them. */
import { EngineError } from "../lib/errors.ts";
import type { Content, KeptArray } from "../keeping/content.ts";
import { readEdits } from "../ledger/keptEdits.ts";
import type { LedgerContent } from "../ledger/ledger.ts";
import { checkSettings, defaultSettings, type MethodSettings } from "../mixture/settings.ts";
import type { LiveMethod } from "../methods/live.ts";
import type { LoadedModel } from "./facts.ts";
import type { ProjectAbout } from "./projectsProtocol.ts";
import type { Work } from "./keeper.ts";

/** What tells one model from another. */
interface Identity {
  readonly name: string;
  readonly architecture: string;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  readonly parameters: number;
  readonly quantization: string;
}

export interface KeptWork extends LedgerContent {
  readonly method: LiveMethod["id"];
  readonly settings: MethodSettings;
  readonly threshold: number;
}

/** How the work is named in its files; what is plain JSON of it. */
interface WorkFacts extends Omit<KeptWork, "state"> {
  readonly model: Identity;
  /** How the page had asked for the model. */
  readonly request: unknown;
  readonly learned: unknown;
}

function identityOf({ name, model, quantization }: LoadedModel): Identity {
  const { architecture, layers, hiddenSize, vocabularySize } = model.config;
  return { name, architecture, layers, hiddenSize, vocabularySize, parameters: model.parameters, quantization };
}

/** @param request how the page had asked for the model, plain JSON */
export async function workOf(loaded: LoadedModel, request: unknown): Promise<Work> {
  const { ledger, settings } = loaded;
  const { edits, state } = await ledger.keep();
  const { id: method, threshold } = ledger.method;
  return workWith(loaded, { method, settings, threshold, edits, state }, request);
}

/** Work that is not in use yet, on a model that is. @param request how the page had asked for the model, plain JSON */
export function workWith(loaded: LoadedModel, { state, edits, ...kept }: KeptWork, request: unknown): Work {
  const facts: WorkFacts = { model: identityOf(loaded), request, ...kept, edits, learned: state.facts };
  // Plain data alone, and a copy of it: what is kept does not change under the hand.
  const content: Content = { facts: JSON.parse(JSON.stringify(facts)) as unknown, arrays: state.arrays };
  const about = { model: loaded.name, edits: edits.length, request };
  return { content, about, name: `${loaded.name} ${new Date().toISOString().slice(0, 10)}` };
}

/** What is told of a project, from what it holds. @throws EngineError `bad-project` */
export function aboutOf({ facts }: Content): ProjectAbout {
  const { model, request, edits } = fieldsOf(facts);
  const { name } = fieldsOf(model);
  if (typeof name !== "string") throw wrong("no model's name");
  return { model: name, edits: readEdits(edits).length, request: request ?? null };
}

/** @throws EngineError `bad-project`; `bad-state` where it is another model's; `bad-settings` */
export function readWork({ facts, arrays }: Content, loaded: LoadedModel): KeptWork {
  const { model, method, settings, threshold, edits, learned } = fieldsOf(facts);
  checkIdentity(fieldsOf(model), identityOf(loaded));
  if (method !== "paper" && method !== "improved") throw wrong("no method of this page");
  if (typeof threshold !== "number" || !(threshold >= 0)) throw wrong("no threshold");
  const own = readSettings(settings, loaded);
  return { method, settings: own, threshold, edits: readEdits(edits), state: { facts: learned, arrays: floatsOf(arrays) } };
}

function checkIdentity(got: Readonly<Record<string, unknown>>, expected: Identity): void {
  const other = Object.entries(expected).find(([part, value]) => part !== "name" && got[part] !== value);
  if (!other) return;
  const [part, value] = other;
  throw new EngineError(
    "bad-state",
    `The project's edits were made on ${String(got["name"])}, ${part} ${String(got[part])}; got ${expected.name}, ${part} ${value}.`,
    "Load the model that they were made on; the project stays as it is.",
  );
}

/** The settings that a model has, each of its kind. */
function readSettings(value: unknown, { model }: LoadedModel): MethodSettings {
  const given = fieldsOf(value);
  const kinds: Readonly<Record<string, unknown>> = { ...defaultSettings(model) };
  for (const [name, own] of Object.entries(kinds)) {
    if (Array.isArray(own) ? !Array.isArray(given[name]) : typeof given[name] !== typeof own) throw wrong(`no setting “${name}”`);
  }
  const settings = Object.fromEntries(Object.keys(kinds).map((name) => [name, given[name]])) as unknown as MethodSettings;
  checkSettings(settings, model);
  return settings;
}

function floatsOf(arrays: Content["arrays"]): Readonly<Record<string, Float32Array>> {
  const floats = (entry: [string, KeptArray]): entry is [string, Float32Array] => entry[1] instanceof Float32Array;
  return Object.fromEntries(Object.entries(arrays).filter(floats));
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

const wrong = (what: string): EngineError =>
  new EngineError(
    "bad-project",
    `Got ${what} in a project, expected one that this page has made.`,
    "Export the project again where it was made.",
  );
