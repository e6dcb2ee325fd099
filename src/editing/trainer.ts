import { meterOf } from "../gpu/meter.ts";
import { tf, webgpuBackend } from "../gpu/tensors.ts";
import { REPORT, trainingReport } from "../kernels/losses.ts";
import { assemble } from "../lib/assemble.ts";
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import type { MixtureState } from "../mixture/mixtureState.ts";
import type { Model } from "../model/model.ts";
import { createAdam, type AdamConstants } from "./adam.ts";
import { emptyGradient, encodeLosses, lossTargets, readReport, type Losses } from "./losses.ts";
import { prepareBatch, type TokenBatch } from "./trainingBatch.ts";

/** The two losses before an Adam step. */
export interface TrainingStep extends Pick<Losses, "lmLoss" | "guidedLoss"> {
  /** 1-based. */
  readonly step: number;
  readonly steps: number;
  /** Dispatches on the GPU: forward, backward and Adam. */
  readonly dispatches: number;
}

export interface TrainingOptions {
  readonly signal?: AbortSignal;
  readonly onStep?: (step: TrainingStep) => void;
  /** PyTorch's defaults where absent. */
  readonly adam?: AdamConstants;
  /** Ends the training before all steps are done; asked after each. */
  readonly enough?: (step: TrainingStep) => boolean;
}

export interface TrainingSet {
  readonly tokens: TokenBatch;
  /** Each sequence's assigned experts, L * N of 0 and 1. */
  readonly masks: readonly (readonly number[])[];
}

/**
 * The paper's schedule: a fresh Adam, `steps` steps, sets taken in turn, no replay. Changes the parameters in
 * place: wrap it in withRollback where an error must leave them as they were.
 * @returns the curve, one entry a step
 * @throws EngineError `cancelled`, `training-diverged` when a loss, gradient or parameter is no longer finite
 */
export async function trainMixture(
  model: Model,
  state: MixtureState,
  sets: readonly TrainingSet[],
  options: TrainingOptions = {},
): Promise<TrainingStep[]> {
  const { steps } = state.settings;
  const training = startTraining(model, state, sets, options.adam);
  const curve: TrainingStep[] = [];
  try {
    for (let step = 1; step <= steps; step++) {
      const { losses, dispatches } = await training.step(step - 1);
      throwIfCancelled(options.signal);
      checkFinite(losses, step);
      const entry = { step, steps, lmLoss: losses.lmLoss, guidedLoss: losses.guidedLoss, dispatches };
      curve.push(entry);
      options.onStep?.(entry);
      if (options.enough?.(entry)) break;
    }
    return curve;
  } finally {
    training.dispose();
  }
}

/** Everything that lives through the steps. One small tensor is read back in each: the report. */
function startTraining(model: Model, state: MixtureState, sets: readonly TrainingSet[], constants?: AdamConstants) {
  const { made, dispose } = assemble((own) => ({
    adam: own(createAdam(state.flat, state.settings.learningRate, constants)),
    gradient: own(emptyGradient(state)),
    report: own(tf.keep(tf.zeros([REPORT]))),
    prepared: sets.map(({ tokens, masks }) => ({
      batch: own(prepareBatch(model, state.settings, tokens)),
      targets: own(lossTargets(model, state, tokens, masks)),
    })),
  }));
  const { adam, gradient, report, prepared } = made;
  return {
    async step(turn: number): Promise<{ losses: Losses; dispatches: number }> {
      const set = prepared[turn % prepared.length];
      if (!set) throw new EngineError("empty-answer", "There is nothing to train on.", "Give a prompt and an answer.");
      const { batch, targets } = set;
      const before = dispatchesSoFar();
      tf.tidy(() => {
        const probabilities = encodeLosses(model, state, batch, targets, gradient);
        adam.step(gradient.flat, report);
        const { losses, allocation } = targets;
        trainingReport.runInto(report, { losses, probabilities, allocation, tallies: adam.tallies }, { S: REPORT });
      });
      const dispatches = dispatchesSoFar() - before;
      return { losses: await readReport(report), dispatches };
    },
    dispose,
  };
}

const dispatchesSoFar = (): number => meterOf(webgpuBackend().device)?.read().dispatches ?? 0;

/** @throws EngineError `training-diverged` */
export function checkFinite({ lmLoss, guidedLoss, faults }: Losses, step: number): void {
  if (Number.isFinite(lmLoss) && Number.isFinite(guidedLoss) && faults === 0) return;
  throw new EngineError(
    "training-diverged",
    `At step ${step} the losses were ${lmLoss} and ${guidedLoss}, with ${faults} gradients or parameters out of bounds; expected finite numbers and none.`,
    "Set a smaller learning rate and train again; the edits made so far stay.",
  );
}
