import type { AllocationCode } from "../mixture/deferral.ts";
import { encodeSample } from "../editing/promptText.ts";
import { readFloats } from "../gpu/tensors.ts";
import { checkSettings } from "../mixture/settings.ts";
import type { Model } from "../model/model.ts";
import { adapterWidths, applyAdapters, oneExpert, trainAdapter, type Adapter } from "./adapters.ts";
import { startAdapterSequence } from "./adapterSequence.ts";
import { readImprovedFacts } from "./keptFacts.ts";
import { lastTokenInputs } from "./lastTokenInputs.ts";
import type { LiveMethod } from "./live.ts";
import type { MethodBase } from "./method.ts";
import { createScopeIndex, distance, scopeKeys, type ScopeKey } from "./scopeKeys.ts";
import type { ImprovedSettings } from "./settings.ts";
import { checkedThreshold, lastLoss, phrasingsOf, rowsOf, stateArray, unknownEdit } from "./shared.ts";

interface ImprovedEdit {
  readonly edit: number;
  /** The prompt and its rephrasings, without what makes no other question: case, and spaces in a row. */
  readonly phrasings: readonly string[];
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
export function createImproved({ model, tokenizer, seed }: MethodBase, settings: ImprovedSettings): LiveMethod {
  const { layers, rank, keyLayer, keyModule } = settings;
  checkSettings(oneExpert(settings, 0), model);
  const edits = new Map<number, ImprovedEdit>();
  const index = createScopeIndex();
  let written = 0;
  let threshold = 1;
  let strengths: ReadonlyMap<number, number> | undefined;
  const strengthOf = (edit: number): number => (strengths ? (strengths.get(edit) ?? 0) : 1);
  const isOn = (edit: number): boolean => strengths?.has(edit) ?? true;
  /** Only edits in force are in the index: one that is off lets the one that it stood in for answer again. */
  const indexAll = (): void => {
    for (const { edit, keys, replacedBy } of edits.values()) {
      index.remove(edit);
      if (isOn(edit) && !inForceAfter(replacedBy)) index.add(edit, keys);
    }
  };
  const inForceAfter = (replacedBy: number | null): boolean =>
    replacedBy !== null && (isOn(replacedBy) || inForceAfter(edits.get(replacedBy)?.replacedBy ?? null));
  const put = (own: ImprovedEdit): void => {
    edits.set(own.edit, own);
    index.remove(own.edit);
    if (isOn(own.edit) && !inForceAfter(own.replacedBy)) index.add(own.edit, own.keys);
  };
  const queriesOf = async (prompts: readonly (readonly number[])[]): Promise<Float32Array[]> => {
    const inputs = lastTokenInputs(model, prompts, keyLayer, keyModule);
    const values = await readFloats(inputs);
    const width = inputs.shape[1] ?? 0;
    inputs.dispose();
    return rowsOf(values, width);
  };
  const keysOf = async (draft: Parameters<LiveMethod["edit"]>[0]) => {
    const phrasings = phrasingsOf(draft);
    const samples = phrasings.map((text) => encodeSample(tokenizer, text, draft.answer, model.config.contextLength));
    const queries = await queriesOf(samples.map(({ ids, promptLength }) => ids.slice(0, promptLength)));
    return { phrasings: phrasings.map(plainText), samples, queries, keys: scopeKeys(phrasings, queries, draft.subject, settings) };
  };
  const sameFact = (own: Pick<ImprovedEdit, "phrasings" | "keys">): ImprovedEdit[] =>
    [...edits.values()].filter((other) => other.replacedBy === null && ofOneFact(other, own, settings.sameFact));
  return {
    id: "improved",
    settings,
    async edit(draft, { signal, onStep } = {}) {
      const edit = written + 1;
      const { phrasings, samples, keys } = await keysOf(draft);
      const { adapter, curve } = await trainAdapter(model, settings, samples, seed * 1_000_003 + edit, { signal, onStep });
      for (const other of sameFact({ phrasings, keys })) put({ ...other, replacedBy: edit });
      put({ edit, phrasings, keys, adapter, replacedBy: null });
      written = edit;
      return { edit, steps: curve.length, loss: lastLoss(curve) };
    },
    async scope(prompts) {
      const queries = await queriesOf(prompts);
      const scopes = prompts.map((ids, row) => index.decide(tokenizer.decode([...ids]), queries[row] as Float32Array));
      const adapterOf = (row: number): Adapter | undefined => edits.get(scopes[row]?.edit ?? 0)?.adapter;
      const strengthAt = (row: number): number => strengthOf(scopes[row]?.edit ?? 0);
      return {
        scopes,
        intervene: (rows) => applyAdapters(settings, rows.map(adapterOf), rows.map(strengthAt)),
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
    use(next) {
      strengths = next;
      indexAll();
    },
    get threshold() {
      return threshold;
    },
    setThreshold(next) {
      threshold = checkedThreshold(next);
      index.setReach(next);
    },
    kept: () => ({ allocation: null, codes: [] satisfies AllocationCode[] }),
    async foresee(draft) {
      const { phrasings, queries, keys } = await keysOf(draft);
      const scope = index.decide(draft.prompt, queries[0] ?? new Float32Array());
      return { scope, replaces: sameFact({ phrasings, keys }).map(({ edit }) => edit), shared: [] };
    },
    queries: queriesOf,
    origin: () => null,
    startSequence: (capacity) =>
      startAdapterSequence({ model, tokenizer, settings, index, adapterOf: (edit) => edits.get(edit)?.adapter, strengthOf }, capacity),
    async state() {
      const facts = [...edits.values()].map(({ edit, phrasings, keys, replacedBy }) => ({
        edit,
        phrasings,
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
      const kept = readImprovedFacts(facts);
      const { inputs, outputs } = adapterWidths(model, settings);
      const keyWidth = linearColumns(model, keyLayer, keyModule);
      const restored = kept.edits.map(({ edit, phrasings, keys, replacedBy }) => ({
        edit,
        phrasings,
        replacedBy,
        keys: keys.map((own, i) => ({ ...own, key: stateArray(arrays, `key ${edit}.${i}`, keyWidth) })),
        adapter: layers.map((_, i) => ({
          a: stateArray(arrays, `A ${edit}.${i}`, rank * inputs),
          b: stateArray(arrays, `B ${edit}.${i}`, rank * outputs),
        })),
      }));
      for (const edit of edits.keys()) index.remove(edit);
      edits.clear();
      for (const own of restored) edits.set(own.edit, own);
      indexAll();
      written = kept.written;
    },
    dispose: () => edits.clear(),
  };
}

const linearColumns = (model: Model, layer: number, module: string): number =>
  model.weight(`${model.architecture.block(layer)}.${module}.weight`).columns;

/** Whether two edits write the same fact: a phrasing in common, which cannot have two answers, or one name and keys next to each other. */
function ofOneFact(one: Pick<ImprovedEdit, "phrasings" | "keys">, other: Pick<ImprovedEdit, "phrasings" | "keys">, most: number): boolean {
  if (one.phrasings.some((text) => other.phrasings.includes(text))) return true;
  const [[own], [its]] = [one.keys, other.keys];
  return own !== undefined && its !== undefined && nameOf(own) === nameOf(its) && distance(own.key, its.key) < most;
}

const plainText = (text: string): string => text.trim().replaceAll(/\s+/gu, " ").toLowerCase();
const nameOf = ({ name }: ScopeKey): string => name.join(" ").toLowerCase();
