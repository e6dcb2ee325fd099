import { badLink } from "./linkErrors.ts";
import type { SharedMethod, SharedSettings } from "./linkState.ts";

type Kind = "whole" | "number" | "layers" | "text";

/** Name, letter in the link, kind. The seed has a place of its own. Letters are never given to another setting. */
const keys: Readonly<Record<SharedMethod, readonly (readonly [name: string, key: string, kind: Kind])[]>> = {
  paper: [
    ["layers", "l", "layers"],
    ["module", "m", "text"],
    ["experts", "n", "whole"],
    ["topK", "k", "whole"],
    ["rank", "r", "whole"],
    ["alpha", "a", "number"],
    ["guidedLossWeight", "g", "number"],
    ["learningRate", "e", "number"],
    ["steps", "s", "whole"],
    ["batchSize", "b", "whole"],
    ["hammingThreshold", "t", "whole"],
  ],
  // Its settings come with the model; the seed is shared.
  improved: [["threshold", "t", "number"]],
};

const MOST = 1e9;
const MOST_LAYERS = 512;
const moduleName = /^[\w.]{1,64}$/;

const isWhole = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST;

/** Wide bounds: whether a model can carry them is judged by the engine. */
function fits(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case "whole":
      return isWhole(value);
    case "number":
      return typeof value === "number" && value >= 0 && value <= MOST && !Object.is(value, -0);
    case "text":
      return typeof value === "string" && moduleName.test(value);
    case "layers":
      return (
        Array.isArray(value) &&
        value.length > 0 &&
        value.length <= MOST_LAYERS &&
        value.every((layer: unknown, i) => isWhole(layer) && (i === 0 || layer > (value[i - 1] as number)))
      );
  }
}

/**
 * Settings under their letters, in the table's order.
 * @throws EngineError `bad-link` naming the setting that has no place in a link
 */
export function shortSettings(method: SharedMethod, settings: SharedSettings): Record<string, unknown> {
  const unknown = Object.keys(settings).find((name) => !keys[method].some(([known]) => known === name));
  if (unknown !== undefined) throw badLink(`got the setting ${unknown}, expected one of the ${method} method's.`);
  const short: Record<string, unknown> = {};
  for (const [name, key, kind] of keys[method]) {
    if (!(name in settings)) continue;
    if (!fits(settings[name], kind)) throw badLink(`got ${JSON.stringify(settings[name])} for the setting ${name}.`);
    short[key] = settings[name];
  }
  return short;
}

/** The reverse of shortSettings. @throws EngineError `bad-link` */
export function longSettings(method: SharedMethod, short: Readonly<Record<string, unknown>>): SharedSettings {
  const settings: Record<string, SharedSettings[string]> = {};
  for (const [key, value] of Object.entries(short)) {
    const found = keys[method].find(([, known]) => known === key);
    if (!found) throw badLink(`got a setting "${key.slice(0, 8)}" that is not known here.`);
    const [name, , kind] = found;
    if (!fits(value, kind)) throw badLink(`got a value for the setting ${name} that it cannot have.`);
    settings[name] = value as SharedSettings[string];
  }
  return settings;
}

/** Those of `inUse` that differ from `defaults`, without the seed. */
export function changedSettings(method: SharedMethod, inUse: object, defaults: object): SharedSettings {
  const [now, before] = [inUse as Record<string, unknown>, defaults as Record<string, unknown>];
  const changed = keys[method].filter(([name]) => name in now && JSON.stringify(now[name]) !== JSON.stringify(before[name]));
  return Object.fromEntries(changed.map(([name]) => [name, now[name]])) as SharedSettings;
}
