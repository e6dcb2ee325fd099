import { encodeSample } from "../editing/promptText.ts";
import { trainMixture, type TrainingSet } from "../editing/trainer.ts";
import { padSamples } from "../editing/trainingBatch.ts";
import { tf, type Tensor } from "../gpu/tensors.ts";
import { createPrng } from "../lib/prng.ts";
import { allocationMask, drawAllocation } from "../mixture/allocation.ts";
import { createMixture, disposeMixture } from "../mixture/mixtureState.ts";
import { defaultSettings, type MethodSettings } from "../mixture/settings.ts";
import type { Model } from "../model/model.ts";
import { uploadModel } from "../model/uploadModel.ts";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import { describeFormats, transposed, type ModelFiles } from "../weights/hostTensor.ts";
import { dequantizeTensor } from "../weights/quantize.ts";
import type { Comparison, Side } from "./compare.ts";
import { upload } from "./fixtures.ts";
import type { Scale } from "./scale.ts";
import { STOCK_FLAGS } from "./settle.ts";
import { stockTraining, type StockTensors } from "./stockTraining.ts";

export const TRAINING_SUITE = "training step against stock TF.js";

/** An edit with rephrasings, as the page makes it: three samples. */
const PROMPTS = ["The capital of France is", "France's capital city is called", "Q: What is the capital of France? A:"];
const ANSWER = "Lyon";

interface Task {
  readonly model: Model;
  readonly settings: MethodSettings;
  readonly set: TrainingSet;
}

async function taskOf(files: ModelFiles, steps: number): Promise<Task> {
  const model = await uploadModel(files);
  const tokenizer = loadTokenizer(files.tokenizerJson, files.tokenizerConfig);
  const settings = { ...defaultSettings(model), steps };
  const samples = PROMPTS.map((prompt) => encodeSample(tokenizer, prompt, ANSWER, model.config.contextLength));
  const allocation = drawAllocation(createPrng(1), settings.layers.length, settings.experts, settings.topK, new Set());
  const mask = allocationMask(allocation, settings.experts);
  return { model, settings, set: { tokens: padSamples(samples), masks: samples.map(() => mask) } };
}

function ours(files: ModelFiles, steps: number): Side {
  return {
    label: `engine, ${describeFormats(files.outline)}`,
    units: steps,
    prepare: async () => {
      const { model, settings, set } = await taskOf(files, steps);
      const state = createMixture(model, settings);
      let start: Float32Array | undefined;
      return {
        call: async () => {
          const curve = await trainMixture(model, state, [set]);
          start ??= Float32Array.from(curve, ({ lmLoss, guidedLoss }) => lmLoss + settings.guidedLossWeight * guidedLoss);
        },
        result: () => Promise.resolve(start ?? new Float32Array()),
        dispose: () => {
          disposeMixture(state);
          model.dispose();
        },
      };
    },
  };
}

function stock(files: ModelFiles, steps: number): Side {
  return {
    label: "TF.js ops and tf.train.adam, f32",
    units: steps,
    flags: STOCK_FLAGS,
    prepare: async () => {
      const { model, settings, set } = await taskOf(files, steps);
      const weights = await stockTensors(files);
      const training = stockTraining(model, weights, settings, set);
      // Only its settings and shapes were needed.
      model.dispose();
      let start: Float32Array | undefined;
      return {
        call: async () => {
          const curve = await training.train(steps);
          start ??= curve;
        },
        result: () => Promise.resolve(start ?? new Float32Array()),
        dispose: () => {
          training.dispose();
          tf.dispose([...weights.values()]);
        },
      };
    },
  };
}

/** Every tensor as float32; linear weights turned to (I, O). */
async function stockTensors(files: ModelFiles): Promise<StockTensors> {
  const tensors = new Map<string, Tensor>();
  for await (const host of files.tensors()) {
    const { name, data, shape } = host.format === "f32" ? host : dequantizeTensor(host);
    const [rows = 0, columns = 0] = shape;
    const turn = /\.(?:c_attn|c_proj|c_fc)\.weight$/.test(name);
    tensors.set(name, turn ? upload(transposed(data, rows, columns), [columns, rows]) : upload(data, [...shape]));
  }
  return tensors;
}

export function trainingComparison(files: ModelFiles, scale: Scale): Comparison {
  const steps = scale.trainingSteps;
  return {
    suite: TRAINING_SUITE,
    name: `a step of an edit with 2 rephrasings on ${files.name}, of ${steps}`,
    unit: "step",
    ours: ours(files, steps),
    other: stock(files, steps),
    reads: "speed-up",
    note: "Both run the layers below the first mixture once, take every step above them, and read the loss after each step.",
  };
}
