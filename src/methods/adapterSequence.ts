/** A sequence through adapters that are each edit's own, behind the edit's name and radius: improved mode's. */
import { openSequence, overridden, type Reading, type RoutingRows, type Sequence, type SequenceWay } from "../editing/sequence.ts";
import { emptyTensor, tf } from "../gpu/tensors.ts";
import { linearInput, runBlocks } from "../model/forward.ts";
import type { Model } from "../model/model.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { stackAdapters, type Adapter, type AdapterSettings } from "./adapters.ts";
import type { ScopeIndex } from "./scopeKeys.ts";
import { rowsOf } from "./shared.ts";

export interface AdaptedModel {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly settings: AdapterSettings & { readonly keyLayer: number; readonly keyModule: string };
  readonly index: Pick<ScopeIndex, "decide" | "near">;
  adapterOf(edit: number): Adapter | undefined;
  strengthOf(edit: number): number;
}

/** Edits that a trace tells of at most: those nearest to the prompt's last token. */
const SHOWN = 16;

/** @param capacity tokens the sequence may grow to */
export const startAdapterSequence = (adapted: AdaptedModel, capacity: number): Sequence =>
  openSequence(adapted.model, adapterWay(adapted), capacity);

function adapterWay({ model, tokenizer, settings, index, adapterOf, strengthOf }: AdaptedModel): SequenceWay {
  const { layers, module, rank, alpha, keyLayer, keyModule } = settings;
  const [firstLayer = 0] = layers;
  let reading: Reading | undefined;
  const read = (): Reading => {
    if (!reading) throw new Error("A change comes after the decision");
    return reading;
  };
  return {
    firstLayer,
    read: (stream, pass) => [linearInput(model, runBlocks(model, stream, pass, firstLayer, keyLayer), pass, keyLayer, keyModule)],
    decide([queries = new Float32Array()], ids) {
      const tokens = rowsOf(queries, queries.length / ids.length).map((query, token) => ({
        query,
        text: tokenizer.decode(ids.slice(0, token + 1)),
      }));
      reading = decideTokens(index, tokens, layers);
      return reading;
    },
    change(overrides, keep) {
      const { rows, scope } = read();
      const owners = rows.owners ?? [];
      const own = scope.inScope && scope.nearestEdit !== null ? [{ expert: owners.indexOf(scope.nearestEdit), weight: 1 }] : [];
      const adapters = owners.map((edit) => adapterOf(edit) ?? []);
      const stacked = adapters.length === 0 ? [] : stackAdapters(settings, adapters);
      const picks = layers.map((layer) => overridden(layer, own, overrides).filter(({ expert }) => expert in adapters));
      const weighted = picks.map((picked) =>
        picked.map(({ expert, weight }) => ({ expert, weight: weight * strengthOf(owners[expert] ?? 0) })),
      );
      const changes = stacked.map(({ a, b }, i) => {
        const gates = new Float32Array(owners.length);
        for (const { expert, weight } of weighted[i] ?? []) gates[expert] = weight;
        const experts = (weighted[i] ?? []).map(({ expert }) => expert);
        const weights = (weighted[i] ?? []).map(({ weight }) => weight);
        const common = { a: keep(a), b: keep(b), scale: alpha / rank };
        return {
          prompt: { ...common, gates: keep(tf.tensor2d(gates, [1, gates.length])) },
          token:
            experts.length === 0
              ? undefined
              : { ...common, rank, picked: keep(tf.tensor1d(experts, "int32")), gates: keep(tf.tensor1d(weights)) },
        };
      });
      const at = (layer: number, name: string) => (name === module ? changes[layers.indexOf(layer)] : undefined);
      return { onLinear: (layer, name) => at(layer, name)?.prompt, mixture: (layer, name) => at(layer, name)?.token };
    },
    // Generated tokens decide nothing here: the prompt's row stands for them.
    watched: (keep) => keep(emptyTensor([1], "float32")),
    rowOf: () => lastRow(read().rows),
  };
}

function decideTokens(
  index: AdaptedModel["index"],
  tokens: readonly { readonly query: Float32Array; readonly text: string }[],
  layers: readonly number[],
): Reading {
  const last = tokens.at(-1);
  const near = last ? index.near(last.text, last.query) : [];
  const owners = [...near]
    .sort((a, b) => a.distance / a.bound - b.distance / b.bound)
    .slice(0, SHOWN)
    .map(({ edit }) => edit)
    .sort((a, b) => a - b);
  const width = layers.length * owners.length;
  const probabilities = new Float32Array(tokens.length * width);
  const picked = new Uint8Array(tokens.length * width);
  const nearest = tokens.map(({ query, text }, token) => {
    const found = new Map(index.near(text, query).map((one) => [one.edit, one]));
    const decision = index.decide(text, query);
    owners.forEach((edit, expert) => {
      const one = found.get(edit);
      const nearness = one ? Math.max(0, 1 - one.distance / (2 * one.bound)) : 0;
      layers.forEach((_, i) => {
        const at = token * width + i * owners.length + expert;
        probabilities[at] = nearness;
        picked[at] = Number(!decision.deferred && decision.edit === edit);
      });
    });
    return decision.distance;
  });
  const decided = last ? index.decide(last.text, last.query) : { deferred: true, edit: null, distance: null, bound: null };
  return {
    rows: { tokens: tokens.length, layers, experts: owners.length, probabilities, picked, owners },
    nearest,
    scope: {
      inScope: !decided.deferred,
      distance: decided.distance,
      nearestEdit: decided.edit,
      threshold: decided.bound ?? 0,
      measure: "cosine",
      bits: 0,
      code: [],
      distances: near.map(({ edit, distance }) => ({ edit, distance })),
    },
  };
}

function lastRow({ tokens, layers, experts, probabilities, picked, ...rest }: RoutingRows): RoutingRows {
  const from = (tokens - 1) * layers.length * experts;
  return { ...rest, tokens: 1, layers, experts, probabilities: probabilities.subarray(from), picked: picked.subarray(from) };
}
