import { encodeSample } from "../editing/promptText.ts";
import { trainMixture, type TrainingStep } from "../editing/trainer.ts";
import { padSamples, type Sample } from "../editing/trainingBatch.ts";
import { readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import { createMixture, disposeMixture, readMixture } from "../mixture/mixtureState.ts";
import { checkSettings, type MethodSettings } from "../mixture/settings.ts";
import { lastTokenInputs } from "./lastTokenInputs.ts";
import type { Model } from "../model/model.ts";
import type { EditingMethod, Intervention, MethodBase } from "./method.ts";
import { createScopeIndex, distance, scopeKeys, type ScopeKey } from "./scopeKeys.ts";
import type { ImprovedSettings } from "./settings.ts";
import { lastLoss, phrasingsOf, stateArray, unknownEdit } from "./shared.ts";

/** A and B of each layer, (r, I) and (r, O), one after another. */
type Adapter = readonly { readonly a: Float32Array; readonly b: Float32Array }[];

interface ImprovedEdit {
  readonly edit: number;
  readonly keys: readonly ScopeKey[];
  readonly adapter: Adapter;
  /** The later edit of the same fact that stands in for this one; null where there is none. */
  readonly replacedBy: number | null;
}

/**
 * Improved mode: ELDER's adapters and its deferral, with what was measured to keep reliability, generalization and locality together as edits
 * pile up (docs/improved-mode.md). Each edit has experts of its own, so that none can undo another, and the deferral rule asks two things of a
 * prompt: that the edit's name stands in it, and that its query is near the edit's key. Adapters wait in host memory; those that a batch needs are
 * uploaded for it, so that the GPU holds nothing for an edit that is not answering. Forgetting is exact.
 */
export function createImproved({ model, tokenizer, seed }: MethodBase, settings: ImprovedSettings): EditingMethod {
  const { layers, rank, keyLayer, keyModule } = settings;
  checkSettings(mixtureSettings(settings, 0), model);
  const edits = new Map<number, ImprovedEdit>();
  const index = createScopeIndex();
  let written = 0;
  const put = (own: ImprovedEdit): void => {
    edits.set(own.edit, own);
    index.remove(own.edit);
    if (own.replacedBy === null) index.add(own.edit, own.keys);
  };
  const queriesOf = async (prompts: readonly (readonly number[])[]): Promise<Float32Array[]> => {
    const inputs = lastTokenInputs(model, prompts, keyLayer, keyModule);
    const width = inputs.shape[1] ?? 0;
    const values = await readFloats(inputs);
    inputs.dispose();
    return prompts.map((_, row) => values.slice(row * width, (row + 1) * width));
  };
  return {
    id: "improved",
    async edit(draft, { signal } = {}) {
      const phrasings = phrasingsOf(draft);
      const samples = phrasings.map((text) => encodeSample(tokenizer, text, draft.answer, model.config.contextLength));
      const edit = written + 1;
      const queries = await queriesOf(samples.map(({ ids, promptLength }) => ids.slice(0, promptLength)));
      const keys = scopeKeys(phrasings, queries, draft.subject, settings);
      const { adapter, curve } = await trainAdapter(samples, mixtureSettings(settings, seed * 1_000_003 + edit), signal);
      for (const other of edits.values())
        if (other.replacedBy === null && ofOneFact(other.keys, keys, settings.sameFact)) put({ ...other, replacedBy: edit });
      put({ edit, keys, adapter, replacedBy: null });
      written = edit;
      return { edit, steps: curve.length, loss: lastLoss(curve) };
    },
    async scope(prompts) {
      const queries = await queriesOf(prompts);
      const scopes = prompts.map((ids, row) => index.decide(tokenizer.decode([...ids]), queries[row] as Float32Array));
      const adapterOf = (row: number): ImprovedEdit | undefined => edits.get(scopes[row]?.edit ?? 0);
      return {
        scopes,
        intervene: (rows) => adaptersOf(settings, rows.map(adapterOf)),
        dispose: () => undefined,
      };
    },
    async forget(edit) {
      const own = edits.get(edit);
      if (!own) throw unknownEdit(edit);
      edits.delete(edit);
      index.remove(edit);
      for (const other of edits.values()) if (other.replacedBy === edit) put({ ...other, replacedBy: own.replacedBy });
    },
    async state() {
      const facts = [...edits.values()].map(({ edit, keys, replacedBy }) => ({
        edit,
        keys: keys.map(({ name, radius }) => ({ name, radius })),
        replacedBy,
      }));
      const arrays = [...edits.values()].flatMap(({ edit, keys, adapter }) => [
        ...keys.map(({ key }, i) => [`key ${edit}.${i}`, key] as const),
        ...adapter.flatMap(({ a, b }, i) => [[`A ${edit}.${i}`, a] as const, [`B ${edit}.${i}`, b] as const]),
      ]);
      return { facts: { written, edits: facts }, arrays: Object.fromEntries(arrays) };
    },
    async restore({ facts, arrays }) {
      const kept = facts as KeptFacts;
      const { inputs, outputs } = widths(model, settings);
      const keyWidth = linearOf(model, keyLayer, keyModule).columns;
      const restored = kept.edits.map(({ edit, keys, replacedBy }) => ({
        edit,
        replacedBy,
        keys: keys.map((own, i) => ({ ...own, key: stateArray(arrays, `key ${edit}.${i}`, keyWidth) })),
        adapter: layers.map((_, i) => ({
          a: stateArray(arrays, `A ${edit}.${i}`, rank * inputs),
          b: stateArray(arrays, `B ${edit}.${i}`, rank * outputs),
        })),
      }));
      for (const edit of edits.keys()) index.remove(edit);
      edits.clear();
      restored.forEach(put);
      written = kept.written;
    },
    dispose: () => edits.clear(),
  };

  /** Trains fresh adapters on one edit's phrasings, all of them in each step, until they give the answer. */
  async function trainAdapter(samples: readonly Sample[], own: MethodSettings, signal?: AbortSignal) {
    const mixture = createMixture(model, own);
    const mask = layers.map(() => 1);
    const enough = ({ step, lmLoss }: TrainingStep): boolean => step >= settings.leastSteps && lmLoss <= settings.enoughLoss;
    try {
      const sets = [{ tokens: padSamples(samples), masks: samples.map(() => mask) }];
      const curve = await trainMixture(model, mixture, sets, { enough, ...(signal ? { signal } : {}) });
      const { a, b } = await readMixture(mixture);
      return { adapter: a.map((part, i): Adapter[number] => ({ a: part, b: b[i] ?? new Float32Array() })), curve };
    } finally {
      disposeMixture(mixture);
    }
  }
}

/** What is kept of the edits beside their arrays. */
interface KeptFacts {
  readonly written: number;
  readonly edits: readonly {
    readonly edit: number;
    readonly keys: readonly Omit<ScopeKey, "key">[];
    readonly replacedBy: number | null;
  }[];
}

/** An edit's adapters are a mixture of one expert, which is always picked: the routers have nothing to say. */
const mixtureSettings = ({ layers, module, rank, alpha, learningRate, mostSteps }: ImprovedSettings, seed: number): MethodSettings => ({
  layers,
  module,
  experts: 1,
  topK: 1,
  rank,
  alpha,
  guidedLossWeight: 0,
  learningRate,
  steps: mostSteps,
  batchSize: 1,
  hammingThreshold: 0,
  seed: seed % 2 ** 31,
});

const linearOf = (model: Model, layer: number, module: string) => model.weight(`${model.architecture.block(layer)}.${module}.weight`);

function widths(model: Model, { layers, module }: ImprovedSettings): { inputs: number; outputs: number } {
  const { columns, rows } = linearOf(model, layers[0] ?? 0, module);
  return { inputs: columns, outputs: rows };
}

/** Whether two edits write the same fact: one name, and keys next to each other. */
function ofOneFact([one]: readonly ScopeKey[], [other]: readonly ScopeKey[], most: number): boolean {
  if (!one || !other || one.name.join(" ").toLowerCase() !== other.name.join(" ").toLowerCase()) return false;
  return distance(one.key, other.key) < most;
}

/** The adapters of a batch as one mixture a layer: an expert for each edit in it, a gate of 1 for each row's own. */
function adaptersOf({ layers, module, rank, alpha }: ImprovedSettings, rows: readonly (ImprovedEdit | undefined)[]): Intervention {
  const edits = [...new Set(rows.filter((edit) => edit !== undefined))];
  const gates = tf.keep(
    tf.tensor2d(
      rows.flatMap((own) => edits.map((edit) => Number(edit === own))),
      [rows.length, edits.length],
    ),
  );
  const stacked = (parts: readonly Float32Array[]): Tensor => {
    const all = new Float32Array(parts.reduce((size, part) => size + part.length, 0));
    parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
    const height = rank * parts.length;
    return tf.keep(tf.tensor2d(all, [height, all.length / height]));
  };
  const uploaded = layers.map((_, i) => ({
    a: stacked(edits.map(({ adapter }) => adapter[i]?.a ?? new Float32Array())),
    b: stacked(edits.map(({ adapter }) => adapter[i]?.b ?? new Float32Array())),
  }));
  return {
    firstLayer: layers[0] ?? 0,
    onLinear(layer, name) {
      const own = name === module ? uploaded[layers.indexOf(layer)] : undefined;
      return own && { ...own, gates, scale: alpha / rank };
    },
    dispose: () => tf.dispose([gates, ...uploaded.flatMap(({ a, b }) => [a, b])]),
  };
}
