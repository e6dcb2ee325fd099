/** The settings of every editing method, in one place, with what a model starts with. One interface and one function a method. */
import type { MethodSettings } from "../mixture/settings.ts";
import { defaultSettings } from "../mixture/settings.ts";
import type { Model } from "../model/model.ts";

/** Paper mode: those of the mixture itself. */
export type PaperSettings = MethodSettings;
export const paperModeSettings = (model: Model, seed: number): PaperSettings => ({ ...defaultSettings(model), seed });

/** Improved mode: an adapter of its own for each edit, behind two gates. See docs/improved-mode.md for what was measured. */
export interface ImprovedSettings {
  /** Layers that carry an edit's adapters, ascending. */
  readonly layers: readonly number[];
  /** The linear layer in each that is adapted. */
  readonly module: string;
  /** r and alpha of an edit's adapters. */
  readonly rank: number;
  readonly alpha: number;
  readonly learningRate: number;
  /** Adam steps an edit: at least, at most, and the mean cross-entropy of the answer's tokens (nats) at which training ends between the two. */
  readonly leastSteps: number;
  readonly mostSteps: number;
  readonly enoughLoss: number;
  /** Where keys and queries are read: the input of this linear layer of the base model at the prompt's last token. */
  readonly keyLayer: number;
  readonly keyModule: string;
  /** Greatest cosine distance of a query to an edit's key: where the prompt has the edit's name, and for edits without a name. */
  readonly radius: number;
  readonly namelessRadius: number;
  /** Edits of one name whose keys are nearer than this are of one fact: the later stands in for the earlier. */
  readonly sameFact: number;
}

/** A linear module that reads the MLP's input: the one before the down-projection. */
const mlpInput = ({ architecture: { modules, downProjection } }: Model): string =>
  modules[modules.indexOf(downProjection) - 1] ?? downProjection;

/** The last half of the layers (at most six) and their down-projections; keys from the MLP's input in the second of them. */
export function improvedSettings(model: Model): ImprovedSettings {
  const { config, architecture } = model;
  const count = Math.min(6, Math.ceil(config.layers / 2));
  const first = config.layers - count;
  return {
    layers: Array.from({ length: count }, (_, i) => first + i),
    module: architecture.downProjection,
    rank: 8,
    alpha: 64,
    learningRate: 3e-3,
    leastSteps: 8,
    mostSteps: 40,
    enoughLoss: 0.02,
    keyLayer: Math.min(first + 1, config.layers - 1),
    keyModule: mlpInput(model),
    radius: 0.2,
    namelessRadius: 0.1,
    sameFact: 0.05,
  };
}
