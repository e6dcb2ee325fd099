/** The settings of a mixture as text in a file's metadata. */
import { checkSettings, type MethodSettings } from "../mixture/settings.ts";
import { isJsonObject, parseStrictJson, shown } from "../weights/strictJson.ts";
import { badAdapter, type ModelOutline } from "./modules.ts";

const version = 1;
const numbers = [
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
const fields: readonly string[] = ["layers", "module", ...numbers];
const told = ["layers", "module", "experts", "rank"] as const;
const maxLayers = 1024;

export const writeMixtureSettings = ({ architecture }: ModelOutline, settings: MethodSettings): string =>
  JSON.stringify({ version, architecture: architecture.modelType, settings: pick(settings) });

/** The fields of the settings alone, in one order, so that equal settings give equal bytes. */
const pick = (settings: MethodSettings): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(settings)
      .filter(([name]) => fields.includes(name))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

/**
 * @param text of the metadata; undefined where the file has none
 * @param outline what the tensors say, which has to agree
 * @param assumed the rest where the file has none
 * @throws EngineError `bad-adapter`, `bad-settings`
 */
export function readMixtureSettings(
  model: ModelOutline,
  text: string | undefined,
  outline: Pick<MethodSettings, (typeof told)[number]>,
  assumed: MethodSettings | undefined,
): MethodSettings {
  if (text === undefined && assumed === undefined) {
    const hint = "Give the settings that it was trained with: the file itself does not say them.";
    throw badAdapter("Got a mixture without its alpha and k, expected them in the file's metadata or from the settings.", hint);
  }
  const settings = text === undefined ? { ...(assumed as MethodSettings), ...outline } : parse(model, text);
  for (const name of told) {
    if (String(settings[name]) === String(outline[name])) continue;
    throw badAdapter(`Got ${name} ${plain(outline[name])} in the tensors, expected ${plain(settings[name])} by the file's settings.`);
  }
  checkSettings(settings, model);
  return settings;
}

function parse({ architecture }: ModelOutline, text: string): MethodSettings {
  const json = parseStrictJson(text, (message) => badAdapter(`Settings in the metadata: ${message}.`), { maxValues: 2 * maxLayers });
  const content = isJsonObject(json) ? json : {};
  if (content["version"] !== version) throw badAdapter(`Settings: got version ${shown(content["version"])}, expected ${version}.`);
  if (content["architecture"] !== architecture.modelType)
    throw badAdapter(`Got a mixture of a ${shown(content["architecture"])} model, expected "${architecture.modelType}".`);
  const settings = isJsonObject(content["settings"]) ? content["settings"] : {};
  const { layers, module } = settings;
  const foreign = Object.keys(settings).find((name) => !fields.includes(name));
  if (foreign !== undefined) throw badAdapter(`Settings: got the unknown field ${shown(foreign)}, expected ${fields.join(", ")}.`);
  if (!Array.isArray(layers) || !layers.every((layer) => typeof layer === "number"))
    throw badAdapter(`Settings: got layers ${shown(layers)}, expected a list of numbers.`);
  if (typeof module !== "string") throw badAdapter(`Settings: got module ${shown(module)}, expected its name.`);
  for (const name of numbers)
    if (typeof settings[name] !== "number") throw badAdapter(`Settings: got ${name} ${shown(settings[name])}, expected a number.`);
  return settings as unknown as MethodSettings;
}

/** In a message: a list by commas, and no more of it than can be read. */
function plain(value: unknown): string {
  const text = String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
