/** `adapter_config.json` of the peft library (0.5 to 0.21), as much of it as plain LoRA needs. What would change the adapter's meaning is refused. */
import { isJsonObject, parseStrictJson, shown } from "../weights/strictJson.ts";
import { badAdapter, moduleName, modulePlaces, type LoraShape, type ModelOutline } from "./modules.ts";

const maxValues = 20_000;
const maxRank = 4096;
const plain = "Save a plain LoRA adapter: no rank or alpha patterns, no DoRA or rsLoRA, no further modules.";
/** Say nothing of what the adapter adds: where it comes from, how it was trained, or are read below. */
const harmless = new Set([
  "peft_type",
  "r",
  "lora_alpha",
  "target_modules",
  "layers_to_transform",
  "layers_pattern",
  "bias",
  "fan_in_fan_out",
  "task_type",
  "auto_mapping",
  "base_model_name_or_path",
  "revision",
  "inference_mode",
  "lora_dropout",
  "init_lora_weights",
  "loftq_config",
  "megatron_core",
  "peft_version",
  "qalora_group_size",
]);
/** Ways to start an adapter that leave the base weights as they are. */
const plainStarts: readonly unknown[] = [true, false, undefined, "gaussian", "orthogonal"];

export interface PeftConfig {
  readonly rank: number;
  readonly alpha: number;
  /** Names of the model's linear layers that the configuration asks for. */
  readonly modules: ReadonlySet<string>;
}

/**
 * The configuration of an adapter, its modules by their exact names, so that no pattern can catch others.
 * @param base what stands as the base model's name
 */
export function writePeftConfig(model: ModelOutline, { layers, module, rank, alpha }: LoraShape, base: string): string {
  const config = {
    alpha_pattern: {},
    auto_mapping: null,
    base_model_name_or_path: base,
    bias: "none",
    // Conv1D stores its weight [I, O].
    fan_in_fan_out: model.architecture.layout.turned,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: null,
    layers_to_transform: null,
    lora_alpha: alpha,
    lora_dropout: 0,
    modules_to_save: null,
    peft_type: "LORA",
    r: rank,
    rank_pattern: {},
    revision: null,
    target_modules: layers.map((layer) => moduleName(model, layer, module)),
    task_type: "CAUSAL_LM",
    use_dora: false,
    use_rslora: false,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** @throws EngineError `bad-adapter` */
export function readPeftConfig(model: ModelOutline, text: string): PeftConfig {
  const json = parseStrictJson(text, (message) => badAdapter(`adapter_config.json: ${message}.`), { maxValues });
  if (!isJsonObject(json)) throw badAdapter("adapter_config.json: got JSON that is no object, expected an object.");
  const refuse = (name: string, expected: string, hint?: string) =>
    badAdapter(`adapter_config.json: got ${name.slice(0, 60)} ${shown(json[name])}, expected ${expected}.`, hint);
  if (json["peft_type"] !== "LORA") throw refuse("peft_type", '"LORA"', plain);
  if (![undefined, null, "CAUSAL_LM"].includes(json["task_type"] as string)) throw refuse("task_type", '"CAUSAL_LM" or none');
  if (![undefined, "none"].includes(json["bias"] as string)) throw refuse("bias", '"none"', plain);
  if (!plainStarts.includes(json["init_lora_weights"])) throw refuse("init_lora_weights", "one that leaves the base weights alone", plain);
  if (![undefined, true, false].includes(json["fan_in_fan_out"] as boolean)) throw refuse("fan_in_fan_out", "true or false");
  const foreign = Object.keys(json).find((name) => !harmless.has(name) && !isNeutral(json[name]));
  if (foreign !== undefined) throw refuse(foreign, "none", plain);
  const { r: rank, lora_alpha: alpha } = json;
  if (typeof rank !== "number" || !Number.isInteger(rank) || rank < 1 || rank > maxRank)
    throw refuse("r", `a whole number from 1 to ${maxRank}`);
  if (typeof alpha !== "number" || !Number.isFinite(alpha) || alpha <= 0) throw refuse("lora_alpha", "a number above 0");
  return { rank, alpha, modules: asked(model, json, refuse) };
}

/** Null, false and empty: the feature is off. */
const isNeutral = (value: unknown): boolean =>
  value === null || value === false || (Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0);

type Refuse = (name: string, expected: string, hint?: string) => Error;

/** The linear layers that `target_modules` names, in full or by their ends, in the layers of `layers_to_transform`. */
function asked(model: ModelOutline, json: Readonly<Record<string, unknown>>, refuse: Refuse): ReadonlySet<string> {
  const { target_modules: targets, layers_to_transform: only } = json;
  if (!Array.isArray(targets) || !targets.every((target) => typeof target === "string" && target !== ""))
    throw refuse("target_modules", "a list of names", "A pattern is not followed: list the names of the modules.");
  const numbers: unknown = typeof only === "number" ? [only] : only;
  if (numbers !== undefined && numbers !== null && !(Array.isArray(numbers) && numbers.every((layer) => Number.isInteger(layer))))
    throw refuse("layers_to_transform", "a list of layers");
  const layers = Array.isArray(numbers) ? new Set(numbers) : undefined;
  const wanted = new Set<unknown>(targets);
  const names = [...modulePlaces(model)].filter(([name, { layer }]) => (layers?.has(layer) ?? true) && endsIn(name, wanted));
  return new Set(names.map(([name]) => name));
}

/** Whether the name, or what follows one of its dots, is wanted. */
const endsIn = (name: string, wanted: ReadonlySet<unknown>): boolean =>
  name.split(".").some((_, i, parts) => wanted.has(parts.slice(i).join(".")));
