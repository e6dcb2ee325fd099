/** Methods that keep all edits in the same parameters, one trained after another. */
import { encodeSample } from "../editing/promptText.ts";
import { copyTensor } from "../gpu/dispatch.ts";
import { readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import type { Sample } from "../editing/trainingBatch.ts";
import { withRollback } from "../mixture/mixtureState.ts";
import type { EditingMethod, Intervention, Knowledge, MethodBase, MethodId, MethodScope } from "./method.ts";
import { phrasingsOf, stateArray, unknownEdit } from "./shared.ts";

/** What was written before, and what the learner noted of it. */
export interface Past<Note> {
  /** The edits so far, in their order. */
  readonly earlier: readonly Knowledge[];
  readonly note: Note;
}

export interface Learned<Note> {
  readonly steps: number;
  readonly loss: number;
  readonly note: Note;
}

/** How one method learns. */
export interface Learner<Note> {
  /** Everything that it trains, in place. */
  readonly flat: Tensor;
  /** The note before the first edit. Notes are plain JSON. */
  readonly blank: Note;
  /** Sets the parameters to what they are before the first edit. */
  clear(): void;
  /** Trains one edit's samples. Whoever calls puts the parameters back on an error. */
  learn(samples: readonly Sample[], past: Past<Note>, signal?: AbortSignal): Promise<Learned<Note>>;
  /** Where prompts stand once there is an edit; absent: none is deferred. */
  decide?(prompts: readonly (readonly number[])[], note: Note): Promise<MethodScope[]>;
  /** @param sequences in the batch */
  intervene(sequences: number): Intervention;
  dispose(): void;
}

interface Facts<Note> {
  readonly written: number;
  readonly edits: readonly { readonly edit: number; readonly draft: Knowledge }[];
  readonly note: Note;
}

const CHANGED: MethodScope = { deferred: false, edit: null, distance: null, bound: null };

/**
 * The method around a learner. An edit cannot be taken out of parameters that all share: forgetting begins anew and trains the edits that remain,
 * from their texts, which the state keeps. What is left is bit for bit what it is without ever writing the edit, at the cost of writing all the others.
 */
export function sequentialMethod<Note>(id: MethodId, { model, tokenizer }: MethodBase, learner: Learner<Note>): EditingMethod {
  let edits: { readonly edit: number; readonly draft: Knowledge }[] = [];
  let drafts: Knowledge[] = [];
  let written = 0;
  let note = learner.blank;
  const learn = (draft: Knowledge, past: Past<Note>, signal?: AbortSignal): Promise<Learned<Note>> => {
    const samples = phrasingsOf(draft).map((text) => encodeSample(tokenizer, text, draft.answer, model.config.contextLength));
    return learner.learn(samples, past, signal);
  };
  return {
    id,
    async edit({ prompt, answer, rephrasings }, { signal } = {}) {
      const draft = { prompt, answer, rephrasings };
      const { steps, loss, note: noted } = await withRollback(learner, () => learn(draft, { earlier: drafts, note }, signal));
      written += 1;
      note = noted;
      edits.push({ edit: written, draft });
      drafts.push(draft);
      return { edit: written, steps, loss };
    },
    async scope(prompts) {
      const none: MethodScope = { ...CHANGED, deferred: true };
      const scopes =
        edits.length === 0 || !learner.decide
          ? prompts.map(() => (edits.length === 0 ? none : CHANGED))
          : await learner.decide(prompts, note);
      return { scopes, intervene: (rows) => learner.intervene(rows.length), dispose: () => undefined };
    },
    async forget(edit) {
      const rest = edits.filter((one) => one.edit !== edit);
      if (rest.length === edits.length) throw unknownEdit(edit);
      const earlier: Knowledge[] = [];
      note = await withRollback(learner, async () => {
        learner.clear();
        let noted = learner.blank;
        for (const { draft } of rest) {
          ({ note: noted } = await learn(draft, { earlier, note: noted }));
          earlier.push(draft);
        }
        return noted;
      });
      edits = rest;
      drafts = earlier;
    },
    async state() {
      const facts: Facts<Note> = { written, edits: [...edits], note };
      return { facts, arrays: { parameters: await readFloats(learner.flat) } };
    },
    async restore({ facts, arrays }) {
      const parameters = stateArray(arrays, "parameters", learner.flat.size);
      const kept = facts as Facts<Note>;
      tf.tidy(() => copyTensor(tf.tensor1d(parameters), learner.flat));
      edits = [...kept.edits];
      drafts = edits.map(({ draft }) => draft);
      ({ written, note } = kept);
    },
    dispose: () => learner.dispose(),
  };
}
