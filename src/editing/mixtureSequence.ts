/** A sequence through shared experts and their routers: paper mode's. */
import { emptyTensor, tf, type Tensor } from "../gpu/tensors.ts";
import { linearInput } from "../model/forward.ts";
import type { Model } from "../model/model.ts";
import { scopeAt, type StoredCode } from "../mixture/deferral.ts";
import { layerHook, pickedMixtures, prepareRoute, routeTokens, type MixtureState } from "../mixture/mixtureState.ts";
import { codeOfRow, openSequence, overridden, type Reading, type RoutingRows, type Sequence, type SequenceWay } from "./sequence.ts";

/** What answers: a mixture with the codes of the edits in force, and the strength of each edit where it is not 1. */
export interface CodedMixture {
  readonly mixture: MixtureState;
  readonly codes: readonly StoredCode[];
  readonly strengths?: ReadonlyMap<number, number> | undefined;
  /** It answers every prompt, whatever the codes. */
  readonly everywhere?: boolean | undefined;
}

/** @param capacity tokens the sequence may grow to */
export const startSequence = (model: Model, mixture: MixtureState, capacity: number): Sequence =>
  startMixtureSequence(model, { mixture, codes: [] }, capacity);

/** @param capacity tokens the sequence may grow to */
export const startMixtureSequence = (model: Model, coded: CodedMixture, capacity: number): Sequence =>
  openSequence(model, mixtureWay(model, coded), capacity);

function mixtureWay(model: Model, { mixture: state, codes, strengths, everywhere }: CodedMixture): SequenceWay {
  const { layers, module, experts, hammingThreshold } = state.settings;
  const [first = 0] = layers;
  let reading: Reading | undefined;
  return {
    firstLayer: first,
    read(stream, pass) {
      const { routed, distances } = routeTokens(state, linearInput(model, stream, pass, first, module), codes);
      return distances ? [routed, distances] : [routed];
    },
    decide([routed = new Float32Array(), distances = new Float32Array()], ids) {
      const rows = rowsOf(state, routed);
      const toStored = (token: number): Float32Array => distances.subarray(token * codes.length, (token + 1) * codes.length);
      const last = ids.length - 1;
      const nearest = ids.map((_, token) => (codes.length === 0 ? null : toStored(token).reduce((a, b) => Math.min(a, b), Infinity)));
      reading = { rows, nearest, scope: scopeAt(codeOfRow(rows, last), codes, toStored(last), hammingThreshold, everywhere) };
      return reading;
    },
    change(overrides, keep) {
      if (!reading) throw new Error("A change comes after the decision");
      const strength = strengths?.get(reading.scope.nearestEdit ?? 0) ?? 1;
      const picks = lastPicks(reading.rows).map((own, i) =>
        overridden(layers[i] ?? 0, own, overrides).map(({ expert, weight }) => ({ expert, weight: weight * strength })),
      );
      const gates = picks.map((own): Tensor => {
        const values = new Float32Array(experts);
        for (const { expert, weight } of own) values[expert] = weight;
        return keep(tf.tensor2d(values, [1, experts]));
      });
      return { onLinear: layerHook(state, gates), mixture: pickedMixtures(state, picks, keep) };
    },
    watched: (keep) => keep(emptyTensor([1, layers.length, 3 * experts], "float32")),
    watch: (watched) => (layer, name, input) => (layer === first && name === module ? prepareRoute(state, input, watched) : undefined),
    rowOf: (watched) => rowsOf(state, watched),
  };
}

/** Experts that are picked for the last token in each layer, with their router probabilities. */
function lastPicks({ tokens, layers, experts, probabilities, picked }: RoutingRows): { expert: number; weight: number }[][] {
  const from = (tokens - 1) * layers.length * experts;
  return layers.map((_, i) =>
    Array.from({ length: experts }, (_expert, expert) => ({ expert, at: from + i * experts + expert }))
      .filter(({ at }) => picked[at] === 1)
      .map(({ expert, at }) => ({ expert, weight: probabilities[at] ?? 0 })),
  );
}

/** Rows as the router kernel writes them: probabilities | gates | picked of each layer. */
function rowsOf({ settings: { layers, experts } }: MixtureState, routed: Float32Array): RoutingRows {
  const count = routed.length / 3;
  const probabilities = new Float32Array(count);
  const picked = new Uint8Array(count);
  for (let at = 0; at < count; at += experts) {
    probabilities.set(routed.subarray(3 * at, 3 * at + experts), at);
    picked.set(routed.subarray(3 * at + 2 * experts, 3 * (at + experts)), at);
  }
  return { tokens: count / (layers.length * experts), layers, experts, probabilities, picked };
}
