/** Every editing method by its name. */
import { EngineError } from "../lib/errors.ts";
import { createFtl } from "./ftl.ts";
import { createGrace } from "./grace.ts";
import { createImproved } from "./improved.ts";
import { createLora } from "./lora.ts";
import { createMelo } from "./melo.ts";
import type { EditingMethod, MethodBase, MethodId } from "./method.ts";
import { createPaper } from "./paper.ts";
import { createReplay } from "./replay.ts";
import {
  ftlSettings,
  graceSettings,
  improvedSettings,
  loraSettings,
  meloSettings,
  paperModeSettings,
  replaySettings,
  ultraEditSettings,
  wiseLiteSettings,
} from "./settings.ts";
import { createUltraEdit } from "./ultraedit.ts";
import { createWiseLite } from "./wiseLite.ts";

interface Entry {
  /** For people. */
  readonly name: string;
  /** The settings in use, and the method made from them. */
  make(base: MethodBase, overrides: object): { readonly settings: object; readonly method: EditingMethod };
}

/** @param settingsOf what a model starts with */
function entry<S extends object>(
  name: string,
  settingsOf: (base: MethodBase) => S,
  create: (base: MethodBase, settings: S) => EditingMethod,
): Entry {
  return {
    name,
    make(base, overrides) {
      const defaults = settingsOf(base);
      for (const [setting, value] of Object.entries(overrides)) checkOverride(defaults, setting, value);
      const settings = { ...defaults, ...overrides };
      return { settings, method: create(base, settings) };
    },
  };
}

/** What a setting may be is what it starts as: a number, a text, a list. Its values are checked by the method. */
function checkOverride(defaults: object, name: string, value: unknown): void {
  const own: unknown = Object.hasOwn(defaults, name) ? defaults[name as keyof typeof defaults] : undefined;
  if (own === undefined) throw wrong(`the setting ${name}`, `one of ${Object.keys(defaults).join(", ")}`);
  const kind = (one: unknown): string => (Array.isArray(one) ? "list" : typeof one);
  if (kind(own) !== kind(value)) throw wrong(`${JSON.stringify(value)} for ${name}`, `a ${kind(own)} such as ${JSON.stringify(own)}`);
}

const wrong = (got: string, expected: string): EngineError =>
  new EngineError("bad-settings", `Got ${got}, expected ${expected}.`, "Correct it and begin again.");

export const METHODS: Readonly<Partial<Record<MethodId, Entry>>> = {
  improved: entry("Improved mode", ({ model }) => improvedSettings(model), createImproved),
  paper: entry("Paper mode", ({ model, seed }) => paperModeSettings(model, seed), createPaper),
  "ft-l": entry("FT-L", ({ model }) => ftlSettings(model), createFtl),
  replay: entry("Replay fine-tuning", ({ model }) => replaySettings(model), createReplay),
  lora: entry("One LoRA", ({ model }) => loraSettings(model), createLora),
  "wise-lite": entry("WISE-lite", ({ model }) => wiseLiteSettings(model), createWiseLite),
  grace: entry("GRACE", ({ model }) => graceSettings(model), createGrace),
  melo: entry("MELO", ({ model }) => meloSettings(model), createMelo),
  ultraedit: entry("UltraEdit", ({ model }) => ultraEditSettings(model), createUltraEdit),
};

/**
 * A method with nothing written yet.
 * @param overrides settings other than those it starts with, by their names
 * @throws EngineError `bad-settings` for a method or setting that there is not
 */
export function createMethod(id: string, base: MethodBase, overrides: Readonly<Record<string, unknown>> = {}) {
  const own = Object.hasOwn(METHODS, id) ? METHODS[id as MethodId] : undefined;
  if (!own) throw wrong(`the method ${id}`, `one of ${Object.keys(METHODS).join(", ")}`);
  return own.make(base, overrides);
}
