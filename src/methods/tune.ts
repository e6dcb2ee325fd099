/** Training of one flat tensor through a change to the forward pass, and gradients at the answers' rows. */
import { createAdam } from "../editing/adam.ts";
import { readReport } from "../editing/losses.ts";
import { checkFinite } from "../editing/trainer.ts";
import { IGNORED, type PreparedBatch, type TokenBatch } from "../editing/trainingBatch.ts";
import { emptyTensor, tf, type Tensor } from "../gpu/tensors.ts";
import { crossEntropy, gatherRows, REPORT, trainingReport } from "../kernels/losses.ts";
import { throwIfCancelled } from "../lib/errors.ts";
import { headLogits, runBlocks } from "../model/forward.ts";
import type { Model, Pass } from "../model/model.ts";

export interface TuneSettings {
  readonly learningRate: number;
  /** Adam steps: at least, at most, and the mean cross-entropy of the answers' tokens (nats) at which training ends between the two. */
  readonly leastSteps: number;
  readonly mostSteps: number;
  readonly enoughLoss: number;
}

/** A batch run up to the first block that is changed. */
export interface TuneBatch {
  readonly prepared: PreparedBatch;
  readonly tokens: TokenBatch;
  readonly firstLayer: number;
}

type Change = Pick<Pass, "onLinear" | "onOutput">;

/** Rows of B * T whose logits predict the answers' tokens. */
export const answerRows = ({ labels, length }: TokenBatch): number[] =>
  [...labels.keys()].filter((n) => n % length !== 0 && labels[n] !== IGNORED).map((n) => n - 1);

/** The mean cross-entropy of the answers' tokens, and its gradient. M rows. */
export function answerLoss(model: Model, { prepared, tokens, firstLayer }: TuneBatch) {
  const own = answerRows(tokens);
  const rows = tf.keep(tf.tensor1d(own, "int32"));
  const labels = tf.keep(
    tf.tensor1d(
      own.map((n) => tokens.labels[n + 1] ?? 0),
      "int32",
    ),
  );
  const losses = tf.keep(tf.zeros([own.length]));
  const slopes = tf.keep(emptyTensor([own.length, model.config.vocabularySize], "float32"));
  return {
    /** (M), written by `gradients`. */
    losses,
    /** @param parameters that `change` makes the pass depend on. Call it in a tidy. */
    gradients(parameters: Tensor[], change: () => Change): Tensor[] {
      const logitsOf = (): Tensor => {
        const stream = runBlocks(model, prepared.below, { ...prepared.pass, ...change() }, firstLayer, model.config.layers);
        const logits = headLogits(model, gatherRows.run({ x: stream, rows }, {}));
        crossEntropy.runInto(slopes, { logits, labels, losses }, {});
        return logits;
      };
      return tf.engine().gradients(logitsOf, parameters, slopes).grads;
    },
    dispose: () => tf.dispose([rows, labels, losses, slopes]),
  };
}

/** What a method adds to each step; both are called in a tidy. */
export interface TuneHooks {
  /** The gradient (P) of further terms of the loss. */
  readonly more?: () => Tensor;
  /** Called after the step, to change the parameters in place: a clamp. */
  readonly settle?: () => void;
}

/**
 * Adam on a flat tensor, in place; whoever calls puts it back on an error.
 * @param batches one or several, taken in turn
 * @param flat (P), P a multiple of 4
 * @returns steps taken, and the loss before the last of them
 * @throws EngineError `cancelled`, `training-diverged`
 */
export async function tune(
  model: Model,
  batches: TuneBatch | readonly TuneBatch[],
  flat: Tensor,
  change: () => Change,
  { learningRate, leastSteps, mostSteps, enoughLoss }: TuneSettings,
  signal?: AbortSignal,
  { more, settle }: TuneHooks = {},
): Promise<{ readonly steps: number; readonly loss: number }> {
  const adam = createAdam(flat, learningRate);
  const sets = [batches].flat().map((batch) => answerLoss(model, batch));
  const report = tf.keep(tf.zeros([REPORT]));
  // No routers are trained: nothing is allocated.
  const none = tf.keep(tf.zeros<tf.Rank.R3>([1, 1, 1]));
  let loss = NaN;
  try {
    for (let step = 1; step <= mostSteps; step++) {
      tf.tidy(() => {
        const answers = sets[(step - 1) % sets.length] as (typeof sets)[number];
        const [gradient] = answers.gradients([flat], change) as [Tensor];
        adam.step(more ? tf.add(gradient, more()) : gradient, report);
        settle?.();
        const inputs = { losses: answers.losses, probabilities: none, allocation: none, tallies: adam.tallies };
        trainingReport.runInto(report, inputs, { S: REPORT });
      });
      const told = await readReport(report);
      throwIfCancelled(signal);
      checkFinite(told, step);
      loss = told.lmLoss;
      if (step >= leastSteps && loss <= enoughLoss) return { steps: step, loss };
    }
    return { steps: mostSteps, loss };
  } finally {
    for (const part of [adam, ...sets, report, none]) part.dispose();
  }
}
