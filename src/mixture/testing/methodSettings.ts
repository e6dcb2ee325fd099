import type { MethodSettings } from "../settings.ts";

/** Settings for the tiny models of src/model/testing: two of their three blocks, two of four experts. */
export const tinySettings: MethodSettings = {
  layers: [1, 2],
  module: "mlp.c_fc",
  experts: 4,
  topK: 2,
  rank: 4,
  alpha: 4,
  guidedLossWeight: 0.1,
  learningRate: 0.01,
  steps: 30,
  batchSize: 4,
  hammingThreshold: 4,
  seed: 1,
};
