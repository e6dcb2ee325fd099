import { encodeSample } from "../editing/promptText.ts";
import { readFloats } from "../gpu/tensors.ts";
import { throwIfCancelled } from "../lib/errors.ts";
import { checkSettings } from "../mixture/settings.ts";
import { adapterWidths, applyAdapters, oneExpert, trainAdapter, type Adapter } from "./adapters.ts";
import { addPoint, dropPoints, nearestPoint, type Cluster } from "./clusters.ts";
import { lastTokenInputs } from "./lastTokenInputs.ts";
import type { EditingMethod, MethodBase, MethodScope } from "./method.ts";
import { checkRadius } from "./nearest.ts";
import type { MeloSettings } from "./settings.ts";
import { joined, lastLoss, phrasingsOf, rowsOf, stateArray, unknownEdit } from "./shared.ts";

/**
 * MELO (Yu et al., arXiv 2312.11795): a LoRA whose rank is cut into blocks, one a batch of edits, and clusters of keys that say which block an input
 * wakes, if any. A key is a linear layer's input at the prompt's last token; the clusters follow the released `VecDB`.
 *
 * Simplified: a batch is one edit with its phrasings, which enter the clusters one after another; blocks are adapters of their own rank and wait on the
 * host; keys are the inputs of the key layer (the released code takes its outputs); the rate does not decay and training ends once the answer is sure;
 * a cluster that a split leaves without keys goes (the released code keeps it, with no block).
 *
 * Forgetting takes the edit's keys and block away and moves the centres of its clusters back. What stays: radii that it halved, and keys of others that it
 * left outside of them.
 */
export function createMelo({ model, tokenizer, seed }: MethodBase, settings: MeloSettings): EditingMethod {
  const { radius, keyLayer, keyModule } = settings;
  checkSettings(oneExpert(settings, 0), model);
  checkSettings(oneExpert({ ...settings, layers: [keyLayer], module: keyModule }, 0), model);
  checkRadius(radius);
  const keyWidth = model.weight(`${model.architecture.block(keyLayer)}.${keyModule}.weight`).columns;
  const blocks = new Map<number, Adapter>();
  let clusters: readonly Cluster[] = [];
  let written = 0;
  const keysOf = async (prompts: readonly (readonly number[])[]): Promise<Float32Array[]> => {
    const own = lastTokenInputs(model, prompts, keyLayer, keyModule);
    const keys = rowsOf(await readFloats(own), keyWidth);
    own.dispose();
    return keys;
  };
  return {
    id: "melo",
    async edit(draft, { signal } = {}) {
      const samples = phrasingsOf(draft).map((text) => encodeSample(tokenizer, text, draft.answer, model.config.contextLength));
      throwIfCancelled(signal);
      const edit = written + 1;
      const keys = await keysOf(samples.map(({ ids, promptLength }) => ids.slice(0, promptLength)));
      const { adapter, curve } = await trainAdapter(model, settings, samples, seed * 1_000_003 + edit, { signal });
      clusters = keys.reduce((all, key) => addPoint(all, { edit, key }, draft.answer.trim(), radius), clusters);
      blocks.set(edit, adapter);
      written = edit;
      return { edit, steps: curve.length, loss: lastLoss(curve) };
    },
    async scope(prompts) {
      const scopes = (await keysOf(prompts)).map((key): MethodScope => {
        const nearest = nearestPoint(clusters, key);
        if (!nearest) return { deferred: true, edit: null, distance: null, bound: null };
        const { edit, distance, radius: bound } = nearest;
        return { deferred: distance > bound, edit, distance, bound };
      });
      const adapters = scopes.map(({ edit }) => blocks.get(edit ?? 0));
      return {
        scopes,
        intervene: (rows) =>
          applyAdapters(
            settings,
            rows.map((row) => adapters[row]),
          ),
        dispose: () => undefined,
      };
    },
    async forget(edit) {
      if (!blocks.delete(edit)) throw unknownEdit(edit);
      clusters = dropPoints(clusters, edit, radius);
    },
    async state() {
      const facts: MeloFacts = {
        written,
        edits: [...blocks.keys()],
        clusters: clusters.map((own) => ({ radius: own.radius, answer: own.answer, points: own.points.map(({ edit }) => edit) })),
      };
      const keys = joined(clusters.flatMap(({ points }) => points.map(({ key }) => key)));
      const centres = joined(clusters.map(({ centre }) => centre));
      return { facts, arrays: { keys, centres, blocks: joined([...blocks.values()].flatMap((own) => own.flatMap(({ a, b }) => [a, b]))) } };
    },
    async restore({ facts, arrays }) {
      const kept = facts as MeloFacts;
      const count = kept.clusters.reduce((all, { points }) => all + points.length, 0);
      const keys = rowsOf(stateArray(arrays, "keys", count * keyWidth), keyWidth);
      const centres = rowsOf(stateArray(arrays, "centres", kept.clusters.length * keyWidth), keyWidth);
      const adapters = readBlocks(arrays, kept.edits.length);
      let next = 0;
      clusters = kept.clusters.map((own, at) => ({
        ...own,
        points: own.points.map((edit) => ({ edit, key: keys[next++] ?? new Float32Array() })),
        centre: centres[at] ?? new Float32Array(),
      }));
      blocks.clear();
      kept.edits.forEach((edit, i) => blocks.set(edit, adapters[i] ?? []));
      written = kept.written;
    },
    dispose: () => blocks.clear(),
  };

  function readBlocks(arrays: Readonly<Record<string, Float32Array>>, count: number): Adapter[] {
    const { inputs, outputs } = adapterWidths(model, settings);
    const [a, b] = [settings.rank * inputs, settings.rank * outputs];
    const size = settings.layers.length * (a + b);
    return rowsOf(stateArray(arrays, "blocks", count * size), size).map((own) =>
      rowsOf(own, a + b).map((part) => ({ a: part.slice(0, a), b: part.slice(a) })),
    );
  }
}

interface MeloFacts {
  readonly written: number;
  readonly edits: readonly number[];
  readonly clusters: readonly { readonly radius: number; readonly answer: string; readonly points: readonly number[] }[];
}
