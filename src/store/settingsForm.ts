import type { MethodSettings, ModelFacts } from "../engine/protocol.ts";
import { readNumber } from "./numberText.ts";
import type { NumberIssue, NumberLimits } from "./numberText.ts";

export const numericSettings = [
  "experts",
  "topK",
  "rank",
  "alpha",
  "guidedLossWeight",
  "learningRate",
  "steps",
  "batchSize",
  "hammingThreshold",
  "seed",
] as const;
export type NumericSetting = (typeof numericSettings)[number];

/** Settings as typed: numbers stay text until they are read. */
export type SettingsForm = Readonly<Record<NumericSetting, string>> & { readonly layers: readonly number[]; readonly module: string };

export type SettingsIssues = Readonly<Partial<Record<NumericSetting | "layers" | "module", NumberIssue | { readonly kind: "missing" }>>>;

export type SettingsReading = { readonly settings: MethodSettings } | { readonly issues: SettingsIssues };

export function settingsForm(settings: MethodSettings): SettingsForm {
  const numbers = Object.fromEntries(numericSettings.map((name) => [name, String(settings[name])])) as Record<NumericSetting, string>;
  return { ...numbers, layers: settings.layers, module: settings.module };
}

/** Wide bounds that keep a slip from freezing the page; the engine judges what the model can carry. */
function limitsOf(name: NumericSetting, experts: number, layers: number): NumberLimits {
  const integer = { integer: true, min: 1 };
  switch (name) {
    case "experts":
      return { ...integer, max: 512 };
    case "topK":
      return { ...integer, max: experts };
    case "rank":
      return { ...integer, max: 512 };
    case "steps":
      return { ...integer, max: 100_000 };
    case "batchSize":
      return { ...integer, max: 64 };
    case "hammingThreshold":
      // One above the code's length puts every input in scope.
      return { integer: true, min: 0, max: layers * experts + 1 };
    case "seed":
      return { integer: true, min: 0, max: 4_294_967_295 };
    case "alpha":
      return { integer: false, min: 0.001, max: 1e6 };
    case "guidedLossWeight":
      return { integer: false, min: 0, max: 1e6 };
    case "learningRate":
      return { integer: false, min: 1e-7, max: 1 };
  }
}

export function readSettings(form: SettingsForm, facts: Pick<ModelFacts, "layers" | "modules">): SettingsReading {
  const issues: Record<string, SettingsIssues[keyof SettingsIssues]> = {};
  const layers = [...new Set(form.layers)].filter((layer) => layer >= 0 && layer < facts.layers).sort((a, b) => a - b);
  if (layers.length === 0) issues["layers"] = { kind: "missing" };
  if (!facts.modules.includes(form.module)) issues["module"] = { kind: "missing" };
  const expertsReading = readNumber(form.experts, limitsOf("experts", 1, layers.length));
  const experts = "value" in expertsReading ? expertsReading.value : 512;
  const numbers: Partial<Record<NumericSetting, number>> = {};
  for (const name of numericSettings) {
    const reading = readNumber(form[name], limitsOf(name, experts, layers.length));
    if ("value" in reading) numbers[name] = reading.value;
    else issues[name] = reading.issue;
  }
  if (Object.keys(issues).length > 0) return { issues };
  return { settings: { ...(numbers as Record<NumericSetting, number>), layers, module: form.module } };
}

/** True when the two differ in ε at most: the one change that keeps the mixture and its edits. */
export function onlyThresholdDiffers(a: MethodSettings, b: MethodSettings): boolean {
  const same = numericSettings.every((name) => name === "hammingThreshold" || a[name] === b[name]);
  return same && a.module === b.module && a.layers.join() === b.layers.join();
}
