import { readFloats, tf, type Tensor } from "../../src/gpu/tensors.ts";
import { batchLogits } from "../../src/editing/batchForward.ts";
import { emptyGradient, lossTargets, measureLosses } from "../../src/editing/losses.ts";
import { trainMixture } from "../../src/editing/trainer.ts";
import { prepareBatch, type PreparedBatch, type TokenBatch } from "../../src/editing/trainingBatch.ts";
import type { Model } from "../../src/model/model.ts";
import { allocationMask } from "../../src/mixture/allocation.ts";
import { decideScope } from "../../src/mixture/deferral.ts";
import { mixtureFromValues, readMixture, routeQueries, type MixtureState, type MixtureValues } from "../../src/mixture/mixtureState.ts";
import { splitParts } from "../../src/mixture/parameters.ts";
import type { ElderReference } from "./folder.ts";
import type { Report } from "./report.ts";

const TOLERANCE = 1e-4;
/** Gradients, and parameters after Adam steps. */
const LOOSE = 1e-3;

/** The golden mixture at step 0, from the authors' layout: A (N, d, r), B (N, r, o) a layer. */
export function goldenMixture(model: Model, reference: ElderReference): MixtureState {
  return mixtureFromValues(model, reference.facts.settings, goldenValues("init", reference));
}

function goldenValues(prefix: string, { elder, facts }: ElderReference): MixtureValues {
  const layers = facts.settings.layers;
  const read = (layer: number, name: string) => elder.readTensor(`${prefix}.layers.${layer}.${name}`);
  return {
    routerWeight: concat(layers.map((layer) => read(layer, "gate.weight").data)),
    routerBias: concat(layers.map((layer) => read(layer, "gate.bias").data)),
    a: layers.map((layer) => {
      const { data, shape } = read(layer, "A");
      return turned(data, shape);
    }),
    b: layers.map((layer) => read(layer, "B").data),
  };
}

const concat = (parts: readonly Float32Array[]): Float32Array => Float32Array.from(parts.flatMap((part) => [...part]));

/** (N, d, r) to (N, r, d), our (R, I). */
function turned(data: Float32Array, [experts = 0, inputs = 0, rank = 0]: readonly number[]): Float32Array {
  return Float32Array.from({ length: data.length }, (_, k) => {
    const i = k % inputs;
    const r = Math.floor(k / inputs) % rank;
    const e = Math.floor(k / inputs / rank);
    return e < experts ? (data[(e * inputs + i) * rank + r] ?? 0) : 0;
  });
}

interface Context {
  readonly model: Model;
  readonly state: MixtureState;
  readonly folder: ElderReference;
  readonly report: Report;
}

interface MaskedBatch {
  readonly prepared: PreparedBatch;
  readonly mask: readonly number[];
}

/** Routing, losses, gradients, Adam steps and deferral of paper mode, in the order in which they depend on each other. */
export async function checkElder(model: Model, state: MixtureState, folder: ElderReference, report: Report): Promise<void> {
  const { elder, facts } = folder;
  const { experts } = facts.settings;
  const context = { model, state, folder, report };
  const tokens = editBatch(folder);
  const masks = allocationMasks(folder);
  const prepared = prepareBatch(model, facts.settings, tokens);
  const targets = lossTargets(model, state, tokens, masks);
  const batch = { prepared, mask: tokens.mask };

  report.close("query", await readFloats(prepared.query), elder.readTensor("query").data, TOLERANCE);
  const routed = await routing(state, prepared.query);
  report.close("router probabilities", routed.probabilities, elder.readTensor("router_probs").data, TOLERANCE);
  report.equal("router top k", topK(routed.picked, experts), elder.readIntegers("router_topk").data);
  report.equal("allocation code", routed.picked, elder.readIntegers("code").data);
  await closeLogits(context, "logits, mixtures on", "logits", batch, routed.gates, TOLERANCE);

  const gradient = emptyGradient(state);
  const losses = await measureLosses(model, state, prepared, targets, gradient);
  report.close("LM loss", [losses.lmLoss], [facts.lmLoss], TOLERANCE);
  report.close("guided loss", [losses.guidedLoss], [facts.guidedLoss], TOLERANCE);
  const gradients = splitParts(state.layout, await readFloats(gradient.flat));
  await closeValues("gradient of", gradients, goldenValues("grad", folder), folder, report);
  gradient.dispose();
  routed.gates.dispose();

  const curve = await trainMixture(model, state, [{ tokens, masks }], { adam: facts.adam });
  report.close(
    "loss curve",
    curve.flatMap(({ lmLoss, guidedLoss }) => [lmLoss, guidedLoss]),
    facts.curve.flat(),
    LOOSE,
  );
  await closeValues("trained", await readMixture(state), goldenValues("trained", folder), folder, report);
  const after = await measureLosses(model, state, prepared, targets);
  report.close("losses after training", [after.lmLoss, after.guidedLoss], facts.final, LOOSE);
  const trained = await routing(state, prepared.query);
  await closeLogits(context, "logits, trained", "trained.logits", batch, trained.gates, LOOSE);
  report.equal("stored codes", trained.picked, elder.readIntegers("stored_codes").data);
  tf.dispose(trained.gates);
  prepared.dispose();
  targets.dispose();
  await checkProbes(context);
}

async function checkProbes(context: Context): Promise<void> {
  const { model, state, folder, report } = context;
  const { elder, facts } = folder;
  const { data: ids, shape } = elder.readIntegers("probe.input_ids");
  const [batch = 0, length = 0] = shape;
  const mask = Array.from(elder.readIntegers("probe.attention_mask").data);
  const queryRows = Array.from({ length: batch }, (_, b) => b * length + mask.slice(b * length, (b + 1) * length).lastIndexOf(1));
  const prepared = prepareBatch(model, facts.settings, { batch, length, ids, mask, queryRows, labels: new Int32Array(batch * length) });
  const { picked, gates } = await routing(state, prepared.query);
  report.equal("probe codes", picked, elder.readIntegers("probe.code").data);
  const bits = facts.settings.layers.length * facts.settings.experts;
  const codes = rowsOf(Array.from(elder.readIntegers("stored_codes").data), bits);
  const stored = codes.map((code, edit) => ({ edit, code }));
  const decisions = rowsOf(picked, bits).map((code) => decideScope(code, stored, facts.settings.hammingThreshold));
  report.equal(
    "probe Hamming distances",
    decisions.map(({ distance }) => distance ?? -1),
    elder.readIntegers("probe.min_hamming").data,
  );
  report.equal(
    "probe scope",
    decisions.map(({ inScope }) => Number(inScope)),
    elder.readIntegers("probe.in_scope").data,
  );
  const on = tf.tensor3d(
    decisions.map(({ inScope }) => Number(inScope)),
    [batch, 1, 1],
  );
  const off = tf.zerosLike(gates);
  const decided = tf.mul(gates, on);
  await closeLogits(context, "probe logits, mixtures off", "probe.base_logits", { prepared, mask }, off, TOLERANCE);
  await closeLogits(context, "probe logits, as deferral decides", "probe.logits", { prepared, mask }, decided, LOOSE);
  tf.dispose([on, off, decided, gates]);
  prepared.dispose();
}

function editBatch({ elder }: ElderReference): TokenBatch {
  const { data: ids, shape } = elder.readIntegers("input_ids");
  const [batch = 0, length = 0] = shape;
  const mask = Array.from(elder.readIntegers("attention_mask").data);
  const promptLengths = elder.readIntegers("prompt_len").data;
  // Padding may stand before the tokens; the prompt begins at the first token.
  const queryRows = Array.from(
    { length: batch },
    (_, b) => b * length + mask.slice(b * length, (b + 1) * length).indexOf(1) + (promptLengths[b] ?? 1) - 1,
  );
  return { batch, length, ids, mask, queryRows, labels: elder.readIntegers("labels").data };
}

function allocationMasks({ elder, facts }: ElderReference): number[][] {
  const { layers, topK: k, experts } = facts.settings;
  return rowsOf(Array.from(elder.readIntegers("allocation").data), layers.length * k).map((row) => allocationMask(rowsOf(row, k), experts));
}

async function routing(state: MixtureState, query: Tensor): Promise<{ probabilities: Float32Array; picked: number[]; gates: Tensor }> {
  const routed = routeQueries(state, query);
  const [probabilities, picked] = await Promise.all([readFloats(routed.probabilities), readFloats(routed.picked)]);
  tf.dispose([routed.probabilities, routed.picked]);
  return { probabilities, picked: Array.from(picked), gates: routed.gates };
}

/** Holds the logits of the real tokens to their golden values; what padding predicts means nothing. */
async function closeLogits(
  context: Context,
  what: string,
  golden: string,
  batch: MaskedBatch,
  gates: Tensor,
  tolerance: number,
): Promise<void> {
  const logits = batchLogits(context.model, context.state, batch.prepared, gates);
  const got = await readFloats(logits);
  logits.dispose();
  const expected = context.folder.elder.readTensor(golden).data;
  const width = expected.length / batch.mask.length;
  const real = (_: number, k: number): boolean => batch.mask[Math.floor(k / width)] === 1;
  context.report.close(what, got.length === expected.length ? got.filter(real) : got, expected.filter(real), tolerance);
}

/** Picked flags (…, N) to the indices of the picked, ascending. */
function topK(picked: readonly number[], experts: number): number[] {
  return rowsOf(picked, experts).flatMap((row) => row.flatMap((bit, e) => (bit === 1 ? [e] : [])));
}

function rowsOf<T>(values: readonly T[], width: number): T[][] {
  return Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width));
}

async function closeValues(
  what: string,
  got: MixtureValues,
  expected: MixtureValues,
  { facts }: ElderReference,
  report: Report,
): Promise<void> {
  report.close(`${what} router weights`, got.routerWeight, expected.routerWeight, LOOSE);
  report.close(`${what} router biases`, got.routerBias, expected.routerBias, LOOSE);
  facts.settings.layers.forEach((layer, i) => {
    report.close(`${what} A, layer ${layer}`, got.a[i] ?? [], expected.a[i] ?? [], LOOSE);
    report.close(`${what} B, layer ${layer}`, got.b[i] ?? [], expected.b[i] ?? [], LOOSE);
  });
}
