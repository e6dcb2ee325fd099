/** The settings of every editing method, in one place, with what a model starts with. One interface and one function a method. */
import type { MethodSettings } from "../mixture/settings.ts";
import { defaultSettings } from "../mixture/settings.ts";
import type { Model } from "../model/model.ts";
import type { AdapterSettings } from "./adapters.ts";
import type { DeltaSettings } from "./delta.ts";
import type { TuneSettings } from "./tune.ts";

/** Paper mode: those of the mixture itself. */
export type PaperSettings = MethodSettings;
export const paperModeSettings = (model: Model, seed: number): PaperSettings => ({ ...defaultSettings(model), seed });

/** Improved mode: an adapter of its own for each edit, behind two gates. See docs/improved-mode.md for what was measured. */
export interface ImprovedSettings extends AdapterSettings {
  /** Where keys and queries are read: the input of this linear layer of the base model at the prompt's last token. */
  readonly keyLayer: number;
  readonly keyModule: string;
  /** Greatest cosine distance of a query to an edit's key: where the prompt has the edit's name, and for edits without a name. */
  readonly radius: number;
  readonly namelessRadius: number;
  /** Edits of one name whose keys are nearer than this are of one fact, as those with a phrasing in common are: the later stands in for the earlier. */
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
    ? { ...common, rank: 4, alpha: 32, learningRate: 4e-3, leastSteps: 8, radius: 0.19 }
    : { ...common, rank: 8, alpha: 64, learningRate: 6e-3, leastSteps: 12, radius: 0.8 };
}

/** GRACE (arXiv 2211.11031): a codebook beside one layer. */
export interface GraceSettings extends TuneSettings {
  /** The linear layer whose output is replaced, and whose input is the key. */
  readonly layer: number;
  readonly module: string;
  /** Where: at the prompt's last token and all after it, or there alone. */
  readonly replace: "answer" | "last";
  /** ε a key starts with, Euclidean. */
  readonly radius: number;
}

/**
 * Published values (radius 1, rate 1, up to 100 steps) at the depth published for Llama-2-7B, 27 of 32, on the module published for GPT-2 XL, but for the
 * radius of models like Atlas: there unseen phrasings lie 4 to 11 from the nearest key of their edit, other prompts 10 to 22.
 */
export function graceSettings(model: Model): GraceSettings {
  const { layers, hiddenSize } = model.config;
  return {
    layer: Math.min(Math.round((layers * 27) / 32), layers - 1),
    module: mlpInput(model),
    replace: "answer",
    radius: hiddenSize < ATLAS_LIKE ? 10 : 1,
    learningRate: 1,
    leastSteps: 1,
    mostSteps: 100,
    enoughLoss: 0.05,
  };
}

/** MELO (arXiv 2312.11795): a LoRA block an edit, chosen by clusters of keys. */
export interface MeloSettings extends AdapterSettings {
  /** Where keys are read: the input of this linear layer at the prompt's last token. */
  readonly keyLayer: number;
  readonly keyModule: string;
  /** What a cluster's radius starts with, Euclidean. */
  readonly radius: number;
}

/** The published module and depth, 36 of 48, two layers from there on, and the published rank; keys from the first of them. For the radius see GRACE. */
export function meloSettings(model: Model): MeloSettings {
  const { layers: depth, hiddenSize } = model.config;
  const first = Math.max(0, Math.min(Math.floor((depth * 36) / 48), depth - 2));
  const module = mlpInput(model);
  return {
    layers: Array.from({ length: Math.min(2, depth) }, (_, i) => first + i),
    module,
    rank: 2,
    alpha: 64,
    learningRate: 3e-3,
    leastSteps: 1,
    mostSteps: 50,
    enoughLoss: 0.05,
    keyLayer: first,
    keyModule: module,
    radius: hiddenSize < ATLAS_LIKE ? 10 : 1,
  };
}

/** UltraEdit (arXiv 2505.14679): a closed form on a few layers. */
export interface UltraEditSettings {
  /** Layers that are changed, ascending. */
  readonly layers: readonly number[];
  /** The linear layer in each. */
  readonly module: string;
  /** η. */
  readonly learningRate: number;
  /** How often the form is applied for one edit, at most, and the mean cross-entropy of the answer's tokens (nats) that is enough after the first time. */
  readonly rounds: number;
  readonly enoughLoss: number;
}

/**
 * Measured in PyTorch with one edit a turn: 60 edits on Atlas; 20 of one phrasing each on SmolLM2, where no rate was found that writes them and leaves
 * unrelated prompts alone (statistics of so few rows say little). The published modules there: down- or up-projections of late layers.
 */
export function ultraEditSettings(model: Model): UltraEditSettings {
  const { layers: depth, hiddenSize } = model.config;
  const small = hiddenSize < ATLAS_LIKE;
  const first = Math.floor(small ? depth / 3 : depth * 0.8);
  return {
    layers: Array.from({ length: Math.min(4, depth - first) }, (_, i) => first + i),
    module: small ? model.architecture.downProjection : mlpInput(model),
    learningRate: small ? 1e-4 : 3e-5,
    rounds: 8,
    enoughLoss: small ? 0.1 : 0.5,
  };
}

// FT-L, replay, one LoRA and WISE-lite start with what was best of a few settings each on 60 edits of Atlas and 20 of SmolLM2-135M in sequence, in PyTorch.

/** A layer at a share of the depth, for methods that change one. */
const layerAt = ({ config: { layers } }: Model, share: number): number => Math.min(Math.floor(layers * share + 1e-9), layers - 1);

/** FT-L: fine-tuning of one down-projection under a bound. */
export interface FtlSettings extends DeltaSettings {
  /** How far each weight may move with one edit. */
  readonly bound: number;
}

export function ftlSettings(model: Model): FtlSettings {
  return {
    layer: layerAt(model, 5 / 6),
    module: model.architecture.downProjection,
    bound: 0.02,
    learningRate: model.config.hiddenSize < ATLAS_LIKE ? 5e-3 : 2e-3,
    leastSteps: 1,
    mostSteps: 40,
    enoughLoss: 0.05,
  };
}

/** Replay fine-tuning: one down-projection, trained on the edit and some earlier ones. */
export interface ReplaySettings extends DeltaSettings {
  /** Batches that the steps take in turn, each with other earlier edits. */
  readonly draws: number;
  /** Earlier edits in each, one phrasing of each. */
  readonly replayed: number;
}

export function replaySettings(model: Model): ReplaySettings {
  return {
    layer: layerAt(model, 2 / 3),
    module: model.architecture.downProjection,
    draws: 8,
    replayed: 8,
    learningRate: model.config.hiddenSize < ATLAS_LIKE ? 2e-3 : 1e-3,
    leastSteps: 8,
    mostSteps: 40,
    enoughLoss: 0.05,
  };
}

/** One LoRA on a few layers. */
export type LoraSettings = AdapterSettings;

export function loraSettings(model: Model): LoraSettings {
  const { layers, module } = defaultSettings(model);
  return { layers, module, rank: 8, alpha: 64, learningRate: 1e-3, leastSteps: 1, mostSteps: 40, enoughLoss: 0.05 };
}

/** WISE with one side memory. */
export interface WiseLiteSettings extends DeltaSettings {
  /** Margins between activations, in the units of the layer's output: unrelated prompts at most, edits at least, and the gap between the two. */
  readonly most: number;
  readonly least: number;
  readonly gap: number;
  /** The threshold over the least activation of an edit's prompt. */
  readonly activationShare: number;
}

export function wiseLiteSettings(model: Model): WiseLiteSettings {
  const common = {
    layer: layerAt(model, 5 / 6),
    module: model.architecture.downProjection,
    activationShare: 0.88,
    leastSteps: 8,
    mostSteps: 40,
    enoughLoss: 0.05,
  };
  // The larger margins are those of the released code.
  return model.config.hiddenSize < ATLAS_LIKE
    ? { ...common, most: 2, least: 12, gap: 8, learningRate: 2e-3 }
    : { ...common, most: 5, least: 20, gap: 10, learningRate: 4e-3 };
}
