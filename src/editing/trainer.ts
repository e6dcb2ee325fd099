import { readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import type { Model } from "../model/model.ts";
import { mixtureVariables, type MixtureState } from "../mixture/mixtureState.ts";
import { createAdam, type AdamConstants } from "./adam.ts";
import { lossTargets, mixtureLosses, type Losses, type LossTargets } from "./losses.ts";
import { prepareBatch, type PreparedBatch, type TokenBatch } from "./trainingBatch.ts";

/** The two losses before an Adam step. */
export interface TrainingStep {
  /** 1-based. */
  readonly step: number;
  readonly steps: number;
  /** Mean cross-entropy of the target tokens, nats. */
  readonly lmLoss: number;
  /** Σ over layers and assigned experts of −log s, mean over the batch. */
  readonly guidedLoss: number;
}

export interface TrainingOptions {
  readonly signal?: AbortSignal;
  readonly onStep?: (step: TrainingStep) => void;
  /** PyTorch's defaults where absent. */
  readonly adam?: AdamConstants;
}

export interface TrainingSet {
  readonly tokens: TokenBatch;
  /** Each sequence's assigned experts, L * N of 0 and 1. */
  readonly masks: readonly (readonly number[])[];
}

/** Both losses and the gradient of each variable at the state as it is; dispose of them. */
export function lossesAndGradients(model: Model, state: MixtureState, prepared: PreparedBatch, targets: LossTargets) {
  let lm: Tensor | undefined;
  let guided: Tensor | undefined;
  const { value, grads } = tf.variableGrads(() => {
    const losses = mixtureLosses(model, state, prepared, targets);
    lm = tf.keep(losses.lm);
    guided = tf.keep(losses.guided);
    return losses.total;
  }, mixtureVariables(state));
  value.dispose();
  if (!lm || !guided) throw new Error("The losses were not computed");
  return { lm, guided, grads };
}

/**
 * The paper's schedule: a fresh Adam, `steps` steps, sets taken in turn, no replay. Changes the parameters in
 * place: wrap it in withRollback where an error must leave them as they were.
 * @returns the curve, one entry a step
 * @throws EngineError `cancelled`, `training-diverged` when a loss is no longer finite
 */
export async function trainMixture(
  model: Model,
  state: MixtureState,
  sets: readonly TrainingSet[],
  options: TrainingOptions = {},
): Promise<TrainingStep[]> {
  const { steps, learningRate, layers } = state.settings;
  const optimizer = createAdam(mixtureVariables(state), learningRate, options.adam);
  const prepared = sets.map(({ tokens, masks }) => ({
    batch: prepareBatch(model, state.settings, tokens),
    targets: lossTargets(tokens, masks, layers.length),
  }));
  const curve: TrainingStep[] = [];
  try {
    for (let step = 1; step <= steps; step++) {
      const set = prepared[(step - 1) % prepared.length];
      if (!set) throw new EngineError("empty-answer", "There is nothing to train on.", "Give a prompt and an answer.");
      const { lm, guided, grads } = lossesAndGradients(model, state, set.batch, set.targets);
      optimizer.step(grads);
      tf.dispose(grads);
      const losses = await readLosses({ lm, guided });
      throwIfCancelled(options.signal);
      checkFinite(losses, `At step ${step}`);
      const entry = { step, steps, ...losses };
      curve.push(entry);
      options.onStep?.(entry);
    }
    // The losses of a step are those before it: the last step is looked at too.
    for (const { batch, targets } of prepared) {
      const after = tf.tidy(() => pick(mixtureLosses(model, state, batch, targets)));
      checkFinite(await readLosses(after), "After the last step");
    }
    return curve;
  } finally {
    prepared.forEach(({ batch, targets }) => {
      batch.dispose();
      targets.dispose();
    });
    optimizer.dispose();
  }
}

const pick = ({ lm, guided }: Losses): Pick<Losses, "lm" | "guided"> => ({ lm, guided });

async function readLosses({ lm, guided }: Pick<Losses, "lm" | "guided">): Promise<Pick<TrainingStep, "lmLoss" | "guidedLoss">> {
  const [[lmLoss = NaN], [guidedLoss = NaN]] = await Promise.all([readFloats(lm), readFloats(guided)]);
  tf.dispose([lm, guided]);
  return { lmLoss, guidedLoss };
}

function checkFinite({ lmLoss, guidedLoss }: Pick<TrainingStep, "lmLoss" | "guidedLoss">, when: string): void {
  if (Number.isFinite(lmLoss) && Number.isFinite(guidedLoss)) return;
  throw new EngineError(
    "training-diverged",
    `${when} the losses were ${lmLoss} and ${guidedLoss}, expected finite numbers.`,
    "Set a smaller learning rate and train again; the edits made so far stay.",
  );
}
