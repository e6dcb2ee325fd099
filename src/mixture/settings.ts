import { MAX_EXPERTS } from "../kernels/router.ts";
import { EngineError } from "../lib/errors.ts";
import type { Model } from "../model/model.ts";

/** Settings of the method; names and defaults are those of arXiv 2408.11869 where it has them. */
export interface MethodSettings {
  /** Indices of the layers that carry a mixture, ascending. */
  readonly layers: readonly number[];
  /** The linear layer in each that is mixed, e.g. "mlp.c_fc". */
  readonly module: string;
  /** N, experts a layer. */
  readonly experts: number;
  /** k, experts picked a layer. */
  readonly topK: number;
  /** r, rank of an adapter. */
  readonly rank: number;
  readonly alpha: number;
  /** λ, weight of the guided loss. */
  readonly guidedLossWeight: number;
  readonly learningRate: number;
  /** Adam steps an edit batch. */
  readonly steps: number;
  /** Samples an Adam step. */
  readonly batchSize: number;
  /** ε: in scope when the nearest stored allocation code differs in fewer bits. */
  readonly hammingThreshold: number;
  readonly seed: number;
}

/** The paper's own values (section 4.1 there), which do not depend on the model. */
const PAPER = {
  experts: 4,
  topK: 2,
  rank: 8,
  alpha: 8,
  guidedLossWeight: 1e-2,
  learningRate: 1e-4,
  steps: 50,
  batchSize: 4,
  hammingThreshold: 12,
  seed: 1,
} as const;
const PAPER_LAYERS = 6;

/**
 * The paper's settings for a model: its values, the family's module, and six layers (of shallow models at most half of the depth)
 * from the share of the depth at which they begin in the family's model there: Llama-2-7B 21 to 26 of 32, GPT-2 XL 36 to 41 of 48.
 * The query is alike in all families, the input of the first of these modules, so that it needs no setting of its own.
 */
export function paperSettings(model: Pick<Model, "config" | "architecture">): MethodSettings {
  const depth = model.config.layers;
  const { module, start } = model.architecture.mixture;
  const count = Math.min(PAPER_LAYERS, Math.ceil(depth / 2));
  const first = Math.min(Math.round(depth * start), depth - count);
  // ε = 12 of 24 bits in the paper: half of the code, whatever its length.
  const hammingThreshold = Math.round((PAPER.hammingThreshold * count) / PAPER_LAYERS);
  return { ...PAPER, layers: Array.from({ length: count }, (_, i) => first + i), module, hammingThreshold };
}

/** Below this width the published values do not carry over; see docs/paper-mode.md for what was measured. */
const SMALL_WIDTH = 768;
/**
 * For small models: many experts, so that codes of different prompts differ in many bits; a small rate, so that an edit
 * moves the routers no further than its own prompts; a large alpha, so that the experts still learn at that rate.
 */
const SMALL = {
  experts: 32,
  topK: 4,
  rank: 8,
  alpha: 2048,
  guidedLossWeight: 10,
  learningRate: 4e-4,
  steps: 10,
  batchSize: 4,
  hammingThreshold: 5,
  seed: 1,
} as const;

/** From this width on, a small model is one like SmolLM2-135M (576 wide, 30 layers); below it one like Atlas (256 wide, 6). */
const MIDDLE_WIDTH = 384;
/**
 * For models like SmolLM2-135M, measured there in PyTorch on twelve edits of three phrasings, each on a fresh mixture: all hold, 92 % of
 * unseen rephrasings follow, 99 % of prompts far from the edit stay, but only 10 % of those with the same relation and another subject.
 * The last layers, as the subject reaches the last token in block 23 of 30 only; see docs/paper-mode.md.
 */
const MIDDLE = { ...SMALL, learningRate: 2e-4, hammingThreshold: 14 } as const;

/**
 * The settings a model starts with: the paper's, or for small models those measured on Atlas (last half of the layers) and SmolLM2
 * (last six), on the down-projection.
 */
export function defaultSettings(model: Pick<Model, "config" | "architecture">): MethodSettings {
  const { config, architecture } = model;
  if (config.hiddenSize >= SMALL_WIDTH) return paperSettings(model);
  const half = Math.ceil(config.layers / 2);
  const like = config.hiddenSize < MIDDLE_WIDTH ? { ...SMALL, count: half } : { ...MIDDLE, count: Math.min(PAPER_LAYERS, half) };
  const { count, ...values } = like;
  const first = config.layers - count;
  return { ...values, layers: Array.from({ length: count }, (_, i) => first + i), module: architecture.downProjection };
}

/** @throws EngineError `bad-settings` naming the first field that cannot be used with this model. */
export function checkSettings(settings: MethodSettings, model: Pick<Model, "config" | "architecture">): void {
  const { layers, module, experts, topK, rank, batchSize, steps, seed } = settings;
  const depth = model.config.layers;
  const ascending = layers.every(
    (layer, i) => Number.isInteger(layer) && layer >= 0 && layer < depth && (i === 0 || layer > (layers[i - 1] ?? -1)),
  );
  if (layers.length === 0 || !ascending) throw bad("layers", layers.join(", ") || "none", `ascending numbers from 0 to ${depth - 1}`);
  if (!model.architecture.modules.includes(module)) throw bad("module", module, `one of ${model.architecture.modules.join(", ")}`);
  checkWhole("experts (N)", experts, 1, MAX_EXPERTS);
  checkWhole("picked experts (k)", topK, 1, experts);
  checkWhole("rank (r)", rank, 1, 256);
  checkWhole("steps", steps, 1, 100_000);
  checkWhole("batch size", batchSize, 1, 256);
  checkWhole("threshold (ε)", settings.hammingThreshold, 0, 10_000);
  checkWhole("seed", seed, 0, 2 ** 31 - 1);
  for (const [name, value] of [
    ["alpha", settings.alpha],
    ["learning rate", settings.learningRate],
  ] as const) {
    if (!Number.isFinite(value) || value <= 0) throw bad(name, value, "a number above 0");
  }
  if (!Number.isFinite(settings.guidedLossWeight) || settings.guidedLossWeight < 0)
    throw bad("guided loss weight (λ)", settings.guidedLossWeight, "0 or more");
}

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) throw bad(name, value, `a whole number from ${least} to ${most}`);
}

function bad(name: string, got: unknown, expected: string): EngineError {
  return new EngineError(
    "bad-settings",
    `Setting ${name}: got ${String(got)}, expected ${expected}.`,
    "Correct this setting; the mixture was left as it is.",
  );
}
