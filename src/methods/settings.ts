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

/** Below this width a model is taken to be like Atlas (256 wide, 6 layers), from it on like SmolLM2-135M (576 wide, 30 layers). */
const ATLAS_LIKE = 384;

/**
 * What was best on Atlas and on SmolLM2-135M: three layers, at a third to two thirds of the depth and at 1/2, 3/5 and 7/10. Adapters there carry over
 * to unseen phrasings better than those on the last layers. The keys of Atlas tell relations apart; those of SmolLM2 hardly do, so that there the
 * name decides nearly alone.
 */
export function improvedSettings(model: Model): ImprovedSettings {
  const depth = model.config.layers;
  const small = model.config.hiddenSize < ATLAS_LIKE;
  const shares = small ? [2 / 6, 3 / 6, 4 / 6] : [15 / 30, 18 / 30, 21 / 30];
  const layers = [...new Set(shares.map((share) => Math.min(depth - 1, Math.floor(depth * share + 1e-9))))];
  const common = {
    layers,
    module: model.architecture.downProjection,
    mostSteps: 40,
    enoughLoss: 0.05,
    keyLayer: layers.at(-1) ?? 0,
    keyModule: mlpInput(model),
    namelessRadius: 0.1,
    sameFact: 0.05,
  };
  return small
    ? { ...common, rank: 4, alpha: 32, learningRate: 4e-3, leastSteps: 8, radius: 0.23 }
    : { ...common, rank: 8, alpha: 64, learningRate: 6e-3, leastSteps: 12, radius: 0.8 };
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
