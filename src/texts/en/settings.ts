import type { NumericSetting } from "../../store/settingsForm.ts";

// The words of the mixture's settings.

export const settings = {
  title: "Mixture settings",
  layers: "Layers with a mixture",
  layersNote: "Later layers hold facts; everything below the first of them stays untouched.",
  module: "Mixed module",
  moduleNote: "The linear layer in each of them that gets the experts.",
  apply: "Apply settings",
  reset: "Undo changes",
  unchanged: "These settings are in use.",
  fresh: "Applying starts a fresh mixture; your edits can then be written again.",
  improved: "These are paper mode's; improved mode takes the seed from them.",
  keeps: "Applying keeps the edits.",
  failed: "The settings were not applied",
  fields: {
    experts: ["Experts N", "Adapters in each layer, among which the router picks."],
    topK: ["Picked k", "Experts in use at a time, in each layer."],
    rank: ["Rank r", "Width of one adapter: more can hold more, and costs more."],
    alpha: ["Alpha", "An expert's output is scaled by alpha / r."],
    guidedLossWeight: ["Guided weight λ", "How hard the routers are pulled to an edit's allocation."],
    learningRate: ["Learning rate", "Step size of Adam. Small models need more than the paper's 1e-4."],
    steps: ["Steps", "Adam steps for one edit."],
    batchSize: ["Batch size", "Samples (edit and rephrasings) in one step."],
    hammingThreshold: ["Threshold ε", "In scope when the nearest stored code differs in fewer bits than this."],
    seed: ["Seed", "Fixes adapters, routers and allocations: the same seed gives the same edits."],
  } satisfies Record<NumericSetting, readonly [string, string]>,
} as const;
