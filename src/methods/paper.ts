import { encodePrompt, encodeSample } from "../editing/promptText.ts";
import { nextAllocation, trainInPaperMode } from "../editing/paperMode.ts";
import { readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import type { Allocation } from "../mixture/allocation.ts";
import { decideScope, type AllocationCode, type StoredCode } from "../mixture/deferral.ts";
import {
  createMixture,
  disposeMixture,
  layerHook,
  readMixture,
  routeQueries,
  withRollback,
  writeMixture,
  type MixtureState,
} from "../mixture/mixtureState.ts";
import { joinParts, splitParts } from "../mixture/parameters.ts";
import { startMixtureSequence } from "../editing/mixtureSequence.ts";
import { isImported, readPaperFacts, type KeptPaperEdit } from "./keptFacts.ts";
import { lastTokenInputs } from "./lastTokenInputs.ts";
import type { LiveMethod } from "./live.ts";
import type { MethodBase, MethodScope, MethodState } from "./method.ts";
import { checkedThreshold, lastLoss, phrasingsOf, rowsOf, stateArray, unknownEdit } from "./shared.ts";
import type { PaperSettings } from "./settings.ts";

/**
 * ELDER as published (arXiv 2408.11869, and the modules released with it): every formula of `editing/paperMode.ts`, without asking the model before
 * and after. A mixture that was imported without its edits answers every prompt: where it applies is not known. Forgetting drops the edit's codes, so that its prompts are deferred unless another edit's code is near; the method has no more to offer.
 */
export function createPaper({ model, tokenizer, seed }: MethodBase, given: PaperSettings): LiveMethod & { readonly mixture: MixtureState } {
  const settings = { ...given, seed };
  let mixture = createMixture(model, settings);
  const [first = 0] = settings.layers;
  let edits: readonly KeptPaperEdit[] = [];
  let strengths: ReadonlyMap<number, number> | undefined;
  /** The parameters that were imported without their edits. */
  let imported: Float32Array | undefined;
  const strengthOf = (edit: number | null): number => (strengths && edit !== null ? (strengths.get(edit) ?? 1) : 1);
  const stored = (): StoredCode[] =>
    edits.filter(({ edit }) => strengths?.has(edit) ?? true).flatMap(({ edit, codes }) => codes.map((code) => ({ edit, code })));
  const decide = (code: AllocationCode): MethodScope => {
    const { inScope, nearestEdit, distance, threshold } = decideScope(
      code,
      stored(),
      mixture.settings.hammingThreshold,
      imported !== undefined,
    );
    return { deferred: !inScope, edit: nearestEdit, distance, bound: threshold };
  };
  const allocations = (): Allocation[] => edits.map(({ allocation }) => allocation);
  const routed = async (prompts: readonly (readonly number[])[]) => {
    const [gates, picked] = tf.tidy((): [Tensor, Tensor] => {
      const answer = routeQueries(mixture, lastTokenInputs(model, prompts, first, settings.module));
      return [answer.gates, answer.picked];
    });
    const [weights, bits] = await Promise.all([readFloats(gates), readFloats(picked)]).finally(() => tf.dispose([gates, picked]));
    return { gates: weights, codes: rowsOf(bits, settings.layers.length * settings.experts).map((row) => Array.from(row)) };
  };
  return {
    id: "paper",
    settings,
    get mixture() {
      return mixture;
    },
    async edit(draft, { signal, onStep } = {}) {
      const samples = phrasingsOf(draft).map((text) => encodeSample(tokenizer, text, draft.answer, model.config.contextLength));
      const allocation = nextAllocation(mixture, allocations());
      const options = { ...(signal ? { signal } : {}), ...(onStep ? { onStep } : {}) };
      const { curve, codes } = await withRollback(mixture, () => trainInPaperMode(model, mixture, samples, allocation, options));
      const edit = edits.length + 1;
      edits = [...edits, { edit, allocation, codes }];
      return { edit, steps: curve.length, loss: lastLoss(curve) };
    },
    async scope(prompts) {
      const { gates, codes } = await routed(prompts);
      const scopes = codes.map(decide);
      const width = settings.layers.length * settings.experts;
      return {
        scopes,
        intervene(rows) {
          const own = settings.layers.map((_, i) => {
            const values = rows.flatMap((row) => {
              const from = row * width + i * settings.experts;
              const strength = strengthOf(scopes[row]?.edit ?? null);
              return Array.from(gates.subarray(from, from + settings.experts), (gate) => gate * strength);
            });
            return tf.keep(tf.tensor2d(values, [rows.length, settings.experts]));
          });
          return { firstLayer: first, onLinear: layerHook(mixture, own), dispose: () => tf.dispose(own) };
        },
        dispose: () => undefined,
      };
    },
    async forget(edit) {
      if (!edits.some((one) => one.edit === edit && one.codes.length > 0)) throw unknownEdit(edit);
      edits = edits.map((one) => (one.edit === edit ? { ...one, codes: [] } : one));
    },
    use: (next) => void (strengths = next),
    get threshold() {
      return mixture.settings.hammingThreshold;
    },
    setThreshold: (next) => void (mixture = { ...mixture, settings: { ...settings, hammingThreshold: checkedThreshold(next) } }),
    kept: (edit) => edits.find((one) => one.edit === edit) ?? { allocation: null, codes: [] },
    async foresee(draft) {
      const { codes } = await routed([encodePrompt(tokenizer, draft.prompt, model.config.contextLength)]);
      const next = nextAllocation(mixture, allocations());
      const shared = edits
        .filter(({ codes: own }) => own.length > 0)
        .map(({ edit, allocation }) => ({ edit, experts: commonExperts(next, allocation), of: next.flat().length }))
        .filter(({ experts }) => experts > 0);
      return { scope: decide(codes[0] ?? []), replaces: [], shared: shared.sort((a, b) => b.experts - a.experts || a.edit - b.edit) };
    },
    async queries(prompts) {
      const inputs = lastTokenInputs(model, prompts, first, settings.module);
      const values = await readFloats(inputs).finally(() => inputs.dispose());
      return rowsOf(values, values.length / prompts.length);
    },
    origin: () => (imported ? importedState(imported) : null),
    startSequence: (capacity) =>
      startMixtureSequence(model, { mixture, codes: stored(), strengths, everywhere: imported !== undefined }, capacity),
    async state() {
      const parameters = joinParts(mixture.layout, await readMixture(mixture));
      return imported
        ? { facts: { edits, imported: true }, arrays: { parameters, imported } }
        : { facts: { edits }, arrays: { parameters } };
    },
    async restore({ facts, arrays }) {
      const { layers, experts, topK } = settings;
      const kept = readPaperFacts(facts, { layers: layers.length, experts, topK });
      const parameters = stateArray(arrays, "parameters", mixture.layout.size);
      const began = isImported(facts) ? stateArray(arrays, "imported", mixture.layout.size) : undefined;
      writeMixture(mixture, splitParts(mixture.layout, parameters));
      [edits, imported] = [kept, began];
    },
    dispose: () => disposeMixture(mixture),
  };
}

/** What a mixture is that comes without its edits. @param parameters all of it, as `parameterLayout` has them */
export const importedState = (parameters: Float32Array): MethodState => ({
  facts: { edits: [], imported: true },
  arrays: { parameters, imported: parameters },
});

const commonExperts = (a: Allocation, b: Allocation): number =>
  a.reduce((total, experts, i) => total + experts.filter((expert) => b[i]?.includes(expert)).length, 0);
