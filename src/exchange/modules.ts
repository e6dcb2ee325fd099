/** What files of adapters and the page share: the names, widths and orientation of a model's linear layers. */
import { EngineError } from "../lib/errors.ts";
import type { Adapter, AdapterSettings } from "../methods/adapters.ts";
import type { Model } from "../model/model.ts";
import { shown } from "../weights/strictJson.ts";

/** As much of a model as adapters are written and read by: no weight is needed. */
export type ModelOutline = Pick<Model, "config" | "architecture">;

/** Which linear layers are adapted, and how: y += alpha/r · (x A) B. */
export type LoraShape = Pick<AdapterSettings, "layers" | "module" | "rank" | "alpha">;

/** Adapters of some layers with all that is needed to apply them. A (r, I) and B (r, O) of each layer, as `Adapter` has them. */
export interface LoraAdapter extends LoraShape {
  readonly parts: Adapter;
}

const foreign = "It was made for another model, or is damaged: load the model that it belongs to.";

export function badAdapter(message: string, hint: string = foreign, options?: ErrorOptions): EngineError {
  return new EngineError("bad-adapter", message, hint, options);
}

/** The Hugging Face name of a linear layer, e.g. "transformer.h.4.mlp.c_proj". */
export const moduleName = ({ architecture }: ModelOutline, layer: number, module: string): string =>
  `${architecture.block(layer)}.${module}`;

/** Widths of a linear layer: I and O. @throws EngineError `bad-adapter` for a module that the model lacks */
export function widthsOf({ config, architecture }: ModelOutline, module: string): { readonly inputs: number; readonly outputs: number } {
  const linear = Object.hasOwn(config.linears, module) ? config.linears[module] : undefined;
  if (linear) return { inputs: linear.columns, outputs: linear.rows };
  throw badAdapter(`Got an adapter on ${shown(module)}, expected one of ${architecture.modules.join(", ")}.`);
}

export interface ModulePlace {
  readonly layer: number;
  readonly module: string;
}

/** Every linear layer of the model's blocks by its name. */
export function modulePlaces(model: ModelOutline): ReadonlyMap<string, ModulePlace> {
  const places = new Map<string, ModulePlace>();
  for (let layer = 0; layer < model.config.layers; layer++) {
    for (const module of model.architecture.modules) places.set(moduleName(model, layer, module), { layer, module });
  }
  return places;
}

/**
 * The layers and the one module that a set of names stands for.
 * @throws EngineError `bad-adapter` for none, a name that the model lacks, or two modules
 */
export function placesOf(model: ModelOutline, names: Iterable<string>): { readonly layers: readonly number[]; readonly module: string } {
  const known = modulePlaces(model);
  const found = [...new Set(names)].map((name) => {
    const place = known.get(name);
    if (place) return place;
    const { layers } = model.config;
    throw badAdapter(
      `Got an adapter on ${shown(name)}, expected the linear layers of ${layers} blocks, such as ${known.keys().next().value ?? "none"}.`,
    );
  });
  const modules = [...new Set(found.map(({ module }) => module))];
  const [module] = modules;
  if (module === undefined) throw badAdapter("Got a file without adapters, expected at least one layer's.");
  if (modules.length > 1) {
    const hint = "Train the adapter on one module, as the methods here do.";
    throw badAdapter(`Got adapters on ${modules.join(" and ")}, expected the same module in every layer.`, hint);
  }
  return { module, layers: found.map(({ layer }) => layer).toSorted((a, b) => a - b) };
}

/** @throws EngineError `bad-adapter` naming the first value that is no number */
export function checkFinite(name: string, values: Float32Array): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw badAdapter(`${name}: got ${values[at]} at place ${at}, expected finite numbers only.`, "The training that made it diverged.");
}
