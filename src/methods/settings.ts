/** The settings of every editing method, in one place, with what a model starts with. One interface and one function a method. */
import type { MethodSettings } from "../mixture/settings.ts";
import { defaultSettings } from "../mixture/settings.ts";
import type { Model } from "../model/model.ts";
import type { TuneSettings } from "./tune.ts";

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

/**
 * Half of the layers, at most six, from a third of the depth on: adapters there carry over to unseen phrasings better than those on the last
 * layers. Keys come from the last of them.
 */
export function improvedSettings(model: Model): ImprovedSettings {
  const { config, architecture } = model;
  const first = Math.floor(config.layers / 3);
  const count = Math.min(6, Math.ceil(config.layers / 2), config.layers - first);
  return {
    layers: Array.from({ length: count }, (_, i) => first + i),
    module: architecture.downProjection,
    rank: 4,
    alpha: 32,
    learningRate: 4e-3,
    leastSteps: 8,
    mostSteps: 40,
    enoughLoss: 0.05,
    keyLayer: first + count - 1,
    keyModule: mlpInput(model),
    radius: 0.23,
    namelessRadius: 0.1,
    sameFact: 0.05,
  };
}

/** GRACE (arXiv 2211.11031): a codebook beside one layer. */
export interface GraceSettings extends TuneSettings {
  /** The linear layer whose output is replaced, and whose input is the key. */
  readonly layer: number;
  readonly module: string;
  /** ε a key starts with, Euclidean. */
  readonly radius: number;
}

export function graceSettings({ config, architecture }: Model): GraceSettings {
  return {
    layer: Math.min(Math.round(config.layers * 0.75), config.layers - 1),
    module: architecture.downProjection,
    radius: 1,
    learningRate: 1,
    leastSteps: 1,
    mostSteps: 100,
    enoughLoss: 0.05,
  };
}
