import { encodeSample } from "../editing/promptText.ts";
import { nextAllocation, trainInPaperMode } from "../editing/paperMode.ts";
import { readFloats, tf } from "../gpu/tensors.ts";
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
} from "../mixture/mixtureState.ts";
import { joinParts, splitParts } from "../mixture/parameters.ts";
import { lastTokenInputs } from "./lastTokenInputs.ts";
import type { EditingMethod, MethodBase, MethodScope } from "./method.ts";
import { lastLoss, phrasingsOf, stateArray, unknownEdit } from "./shared.ts";
import type { PaperSettings } from "./settings.ts";

/** One edit as the method keeps it. */
interface PaperEdit {
  readonly edit: number;
  readonly allocation: Allocation;
  /** One a training sample; empty once forgotten: its experts stay as trained, and nobody else gets its allocation. */
  readonly codes: readonly AllocationCode[];
}

/**
 * ELDER as published (arXiv 2408.11869, and the modules released with it): every formula of `editing/paperMode.ts`, without asking the model before
 * and after. Forgetting drops the edit's codes, so that its prompts are deferred unless another edit's code is near; the method has no more to offer.
 */
export function createPaper({ model, tokenizer, seed }: MethodBase, given: PaperSettings): EditingMethod {
  const settings = { ...given, seed };
  const mixture = createMixture(model, settings);
  const [first = 0] = settings.layers;
  let edits: readonly PaperEdit[] = [];
  const stored = (): StoredCode[] => edits.flatMap(({ edit, codes }) => codes.map((code) => ({ edit, code })));
  return {
    id: "paper",
    async edit(draft, { signal } = {}) {
      const samples = phrasingsOf(draft).map((text) => encodeSample(tokenizer, text, draft.answer, model.config.contextLength));
      const allocation = nextAllocation(
        mixture,
        edits.map((edit) => edit.allocation),
      );
      const options = signal ? { signal } : {};
      const { curve, codes } = await withRollback(mixture, () => trainInPaperMode(model, mixture, samples, allocation, options));
      const edit = edits.length + 1;
      edits = [...edits, { edit, allocation, codes }];
      return { edit, steps: curve.length, loss: lastLoss(curve) };
    },
    async scope(prompts) {
      const query = lastTokenInputs(model, prompts, first, settings.module);
      const routed = routeQueries(mixture, query);
      const [gates, picked] = await Promise.all([readFloats(routed.gates), readFloats(routed.picked)]);
      tf.dispose([query, routed.probabilities, routed.gates, routed.picked]);
      const width = settings.layers.length * settings.experts;
      const scopes = prompts.map((_, row): MethodScope => {
        const code = Array.from(picked.subarray(row * width, (row + 1) * width));
        const { inScope, nearestEdit, distance, threshold } = decideScope(code, stored(), settings.hammingThreshold);
        return { deferred: !inScope, edit: nearestEdit, distance, bound: threshold };
      });
      return {
        scopes,
        intervene(rows) {
          const experts = settings.experts;
          const own = settings.layers.map((_, i) => {
            const values = rows.flatMap((row) => Array.from(gates.subarray(row * width + i * experts, row * width + (i + 1) * experts)));
            return tf.keep(tf.tensor2d(values, [rows.length, experts]));
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
    state: async () => ({ facts: { edits }, arrays: { parameters: joinParts(mixture.layout, await readMixture(mixture)) } }),
    async restore({ facts, arrays }) {
      const parameters = stateArray(arrays, "parameters", mixture.layout.size);
      writeMixture(mixture, splitParts(mixture.layout, parameters));
      edits = (facts as { edits: readonly PaperEdit[] }).edits;
    },
    dispose: () => disposeMixture(mixture),
  };
}
