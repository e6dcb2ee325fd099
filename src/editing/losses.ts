import { building, emptyTensor, readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import { adamWorkgroups, TALLIES } from "../kernels/adam.ts";
import { crossEntropy, gatherRows, REPORT, trainingReport } from "../kernels/losses.ts";
import { emptyGateRows, routeLayers, routerGradient, type GateRows } from "../kernels/router.ts";
import { headLogits, runBlocks } from "../model/forward.ts";
import type { Model } from "../model/model.ts";
import { layerHook, type MixtureState } from "../mixture/mixtureState.ts";
import { listParts, viewParts, type MixtureParts } from "../mixture/parameters.ts";
import { IGNORED, type PreparedBatch, type TokenBatch } from "./trainingBatch.ts";

/** The constants of the two losses for one batch, and what is written on the way to its gradient. M target tokens. */
export interface LossTargets {
  /** Rows of B * T that predict the targets, (M) int32. */
  readonly rows: Tensor;
  /** The targets, (M) int32. */
  readonly labels: Tensor;
  /** 1 at each assigned expert, (B, L, N). */
  readonly allocation: Tensor;
  /** Cross-entropy of each target, (M). */
  readonly losses: Tensor;
  /** Gradient of their mean, (M, V). */
  readonly logitSlopes: Tensor;
  /** Gradient of the gates. */
  readonly gateSlopes: GateRows;
  dispose(): void;
}

/** @param masks each sequence's assigned experts, L * N of 0 and 1 */
export function lossTargets(
  model: Model,
  { settings }: MixtureState,
  tokens: TokenBatch,
  masks: readonly (readonly number[])[],
): LossTargets {
  const { layers, experts } = settings;
  // Logits at a token predict the next one.
  const targets = [...tokens.labels.keys()].filter((n) => n % tokens.length !== 0 && tokens.labels[n] !== IGNORED);
  const rows = targets.map((n) => n - 1);
  const labels = targets.map((n) => tokens.labels[n] ?? 0);
  return building((keep) => {
    const made = {
      rows: keep(tf.tensor1d(rows, "int32")),
      labels: keep(tf.tensor1d(labels, "int32")),
      allocation: keep(tf.tensor3d(masks.flat(), [tokens.batch, layers.length, experts])),
      losses: keep(tf.zeros([targets.length])),
      logitSlopes: keep(emptyTensor([targets.length, model.config.vocabularySize], "float32")),
    };
    const slopes = emptyGateRows(tokens.batch, layers.length, experts);
    const all = [...Object.values(made), ...[slopes.whole, slopes.rows.rows, ...slopes.rows.layers].map(keep)];
    return { ...made, gateSlopes: slopes.rows, dispose: () => tf.dispose(all) };
  });
}

/** The gradient of every parameter in one flat tensor, laid out as the parameters are. */
export interface Gradient {
  readonly flat: Tensor;
  readonly parts: MixtureParts<Tensor>;
  dispose(): void;
}

export function emptyGradient({ layout }: MixtureState): Gradient {
  const { flat, parts } = building((keep) => {
    const whole = keep(tf.zeros([layout.size]));
    return { flat: whole, parts: viewParts(layout, whole) };
  });
  return { flat, parts, dispose: () => tf.dispose([...listParts(parts), flat]) };
}

/**
 * Encodes both losses of the method with the mixtures on, as the routers pick them now (arXiv 2408.11869, section 3.3):
 * the mean cross-entropy of the target tokens, whose terms go into the targets, and Σ over layers and assigned experts of
 * −log s, mean over the batch. Call it in a tidy.
 * @param gradient where the gradient of lm + λ guided goes
 * @returns the routers' probabilities, (B, L, N), of which the guided loss is made
 */
export function encodeLosses(model: Model, state: MixtureState, batch: PreparedBatch, targets: LossTargets, gradient?: Gradient): Tensor {
  const { layers, topK, guidedLossWeight } = state.settings;
  const { probabilities, gates } = routeLayers(batch.query, state.routerWeight, state.routerBias, topK);
  const { rows, labels, losses, allocation, logitSlopes, gateSlopes } = targets;
  const mixtureSlopes =
    gradient && gateSlopes.layers.map((own, i) => ({ a: part(gradient.parts.a, i), b: part(gradient.parts.b, i), gates: own }));
  const logitsOf = (): Tensor => {
    const onLinear = layerHook(state, gates.layers, mixtureSlopes);
    const stream = runBlocks(model, batch.below, { ...batch.pass, onLinear }, layers[0] ?? 0, model.config.layers);
    const logits = headLogits(model, gatherRows.run({ x: stream, rows }, {}));
    crossEntropy.runInto(logitSlopes, { logits, labels, losses }, {});
    return logits;
  };
  if (!gradient) {
    logitsOf();
    return probabilities;
  }
  // The tape spans from experts and gates to the logits; at both ends the gradient is a kernel's.
  tf.engine().gradients(logitsOf, [...state.a, ...state.b, ...gates.layers], logitSlopes);
  const { routerWeight, routerBias } = gradient.parts;
  const inputs = { q: batch.query, probabilities, allocation, gates: gates.rows, slopes: gateSlopes.rows, biasSlope: routerBias };
  routerGradient.runInto(routerWeight, inputs, { pull: guidedLossWeight / batch.batch });
  return probabilities;
}

function part(list: readonly Tensor[], layer: number): Tensor {
  const tensor = list[layer];
  if (!tensor) throw new Error(`No mixture layer ${layer}`);
  return tensor;
}

/** What a training step reads back. */
export interface Losses {
  /** Mean cross-entropy of the target tokens, nats. */
  readonly lmLoss: number;
  /** Σ over layers and assigned experts of −log s, mean over the batch. */
  readonly guidedLoss: number;
  /** Gradients and parameters that are no finite numbers, or are beyond all bounds. */
  readonly faults: number;
}

/** @param report of trainingReport */
export async function readReport(report: Tensor): Promise<Losses> {
  const [lmLoss = NaN, guidedLoss = NaN, , faults = NaN] = await readFloats(report);
  return { lmLoss, guidedLoss, faults };
}

/** Both losses at the state as it is, and their gradient where asked for; nothing else changes. */
export async function measureLosses(
  model: Model,
  state: MixtureState,
  batch: PreparedBatch,
  targets: LossTargets,
  gradient?: Gradient,
): Promise<Losses> {
  const report = tf.tidy(() => {
    const probabilities = encodeLosses(model, state, batch, targets, gradient);
    const tallies = tf.zeros<tf.Rank.R2>([adamWorkgroups(0), TALLIES]);
    return trainingReport.run({ losses: targets.losses, probabilities, allocation: targets.allocation, tallies }, { S: REPORT });
  });
  const losses = await readReport(report);
  report.dispose();
  return losses;
}
