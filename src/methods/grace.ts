import { encodeSample } from "../editing/promptText.ts";
import { padSamples, prepareBatch, type PreparedBatch, type TokenBatch } from "../editing/trainingBatch.ts";
import { emptyTensor, readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import { gatherRows } from "../kernels/losses.ts";
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import { checkSettings } from "../mixture/settings.ts";
import { runBlocks } from "../model/forward.ts";
import type { Model, Pass } from "../model/model.ts";
import { oneExpert } from "./adapters.ts";
import { addSample, dropEdit, nearestEntry, type Entry } from "./codebook.ts";
import { lastTokenInputs } from "./lastTokenInputs.ts";
import type { EditingMethod, MethodBase, MethodScope } from "./method.ts";
import { checkRadius } from "./nearest.ts";
import type { GraceSettings } from "./settings.ts";
import { joined, phrasingsOf, rowsOf, stateArray, unknownEdit } from "./shared.ts";
import { tune } from "./tune.ts";

/**
 * GRACE (Hartvigsen et al., arXiv 2211.11031): a codebook beside one linear layer. A key is the layer's input at the prompt's last token, a value
 * the vector that stands in for the layer's output when the nearest key's ball has the input in it: there and at every token after it, so that it
 * is part of each token of an answer, or there alone (`replace_last` of the released code, where later tokens know of it by attention only; in late
 * layers answers of several tokens then often cannot be written). Values start as the layer's own output (`warm`) and are trained by Adam.
 *
 * Simplified: an edit's phrasings enter the codebook one after another, but their values are trained together, and no longer than until the answer
 * is sure; equal answers are equal texts (the released code compares the means of the token ids); a ball that a split leaves without a width goes, as
 * the key is the same prompt's.
 *
 * Forgetting takes the edit's keys out, and values that no other edit shares. What stays: the halved radius of an entry that this edit split or took
 * over, and a shared value as last trained.
 */
export function createGrace({ model, tokenizer }: MethodBase, settings: GraceSettings): EditingMethod {
  const { layer, module, radius, replace } = settings;
  checkSettings(oneExpert({ ...settings, layers: [layer], rank: 1, alpha: 1 }, 0), model);
  checkRadius(radius);
  if (!["answer", "last"].includes(replace))
    throw new EngineError("bad-settings", `Setting replace: got ${replace}, expected answer or last.`, "Correct this setting.");
  const { columns: inputs, rows: outputs } = model.weight(`${model.architecture.block(layer)}.${module}.weight`);
  let entries: readonly Entry[] = [];
  let edits: readonly number[] = [];
  let written = 0;
  const keysOf = async (prompts: readonly (readonly number[])[]): Promise<Float32Array[]> => {
    const own = lastTokenInputs(model, prompts, layer, module);
    const keys = rowsOf(await readFloats(own), inputs);
    own.dispose();
    return keys;
  };
  return {
    id: "grace",
    async edit(draft, { signal } = {}) {
      const samples = phrasingsOf(draft).map((text) => encodeSample(tokenizer, text, draft.answer, model.config.contextLength));
      throwIfCancelled(signal);
      const edit = written + 1;
      const keys = await keysOf(samples.map(({ ids, promptLength }) => ids.slice(0, promptLength)));
      const tokens = padSamples(samples);
      const prepared = prepareBatch(model, { layers: [layer], module }, tokens);
      try {
        const starts = await outputsAt(model, prepared, tokens, settings);
        const answer = draft.answer.trim();
        const grown = keys.reduce<readonly Entry[]>(
          (all, key, i) => addSample(all, { edit, key, answer, value: starts[i] ?? new Float32Array() }, radius).entries,
          entries,
        );
        const chosen = keys.map((key) => grown.findIndex(({ members }) => members.some((member) => member.key === key)));
        const { values, ...trained } = await trainValues(grown, chosen, { prepared, tokens, firstLayer: layer }, signal);
        entries = grown.map((entry, at) => ({ ...entry, value: values.get(at) ?? entry.value }));
        edits = [...edits, edit];
        written = edit;
        return { edit, ...trained };
      } finally {
        prepared.dispose();
      }
    },
    async scope(prompts) {
      const found = (await keysOf(prompts)).map((key) => nearestEntry(entries, key));
      const scopes = found.map((nearest): MethodScope => {
        const entry = nearest && entries[nearest.at];
        if (!entry) return { deferred: true, edit: null, distance: null, bound: null };
        const { distance } = nearest;
        return { deferred: distance > entry.radius, edit: entry.members.at(-1)?.edit ?? null, distance, bound: entry.radius };
      });
      const asked = entries;
      return {
        scopes,
        intervene(rows, batch) {
          const values = rows.map((row) => asked[found[row]?.at ?? -1]?.value ?? new Float32Array(outputs));
          const own = tf.keep(tf.tensor2d(joined(values), [values.length, outputs]));
          const each = values.map((_, i) => i);
          const places = replacement(batch, each, values.length, replace);
          const onOutput = replacing(settings, places, own);
          return { firstLayer: layer, onOutput, dispose: () => tf.dispose([own, places.keep, places.pick]) };
        },
        dispose: () => undefined,
      };
    },
    async forget(edit) {
      if (!edits.includes(edit)) throw unknownEdit(edit);
      entries = dropEdit(entries, edit, radius);
      edits = edits.filter((one) => one !== edit);
    },
    async state() {
      const facts: GraceFacts = {
        written,
        edits,
        entries: entries.map((entry) => ({
          radius: entry.radius,
          answer: entry.answer,
          members: entry.members.map((member) => member.edit),
        })),
      };
      const keys = joined(entries.flatMap(({ members }) => members.map(({ key }) => key)));
      return { facts, arrays: { keys, values: joined(entries.map(({ value }) => value)) } };
    },
    async restore({ facts, arrays }) {
      const kept = facts as GraceFacts;
      const count = kept.entries.reduce((all, { members }) => all + members.length, 0);
      const keys = rowsOf(stateArray(arrays, "keys", count * inputs), inputs);
      const values = rowsOf(stateArray(arrays, "values", kept.entries.length * outputs), outputs);
      let next = 0;
      entries = kept.entries.map((entry, at) => ({
        ...entry,
        members: entry.members.map((edit) => ({ edit, key: keys[next++] ?? new Float32Array() })),
        value: values[at] ?? new Float32Array(),
      }));
      ({ written, edits } = kept);
    },
    dispose: () => void (entries = []),
  };

  /** Trains the values of the chosen entries, one entry a sequence. @returns them by place */
  async function trainValues(
    all: readonly Entry[],
    chosen: readonly number[],
    batch: { readonly prepared: PreparedBatch; readonly tokens: TokenBatch; readonly firstLayer: number },
    signal: AbortSignal | undefined,
  ) {
    const trained = [...new Set(chosen)];
    const flat = tf.keep(tf.tensor1d(joined(trained.map((at) => all[at]?.value ?? new Float32Array()))));
    const picks = chosen.map((at) => trained.indexOf(at));
    const places = replacement(batch.tokens, picks, trained.length, replace);
    const change = () => ({ onOutput: replacing(settings, places, tf.reshape(flat, [trained.length, outputs])) });
    try {
      const { steps, loss } = await tune(model, batch, flat, change, settings, signal);
      const rows = rowsOf(await readFloats(flat), outputs);
      return { steps, loss, values: new Map(trained.map((at, i) => [at, rows[i] ?? new Float32Array()])) };
    } finally {
      tf.dispose([flat, places.keep, places.pick]);
    }
  }
}

interface GraceFacts {
  readonly written: number;
  readonly edits: readonly number[];
  readonly entries: readonly { readonly radius: number; readonly answer: string; readonly members: readonly number[] }[];
}

/** The layer's own output at each prompt's last token, (B) of O floats. */
async function outputsAt(model: Model, { below, pass }: PreparedBatch, { queryRows }: TokenBatch, { layer, module }: GraceSettings) {
  const own = tf.tidy(() => {
    let seen: Tensor | undefined;
    const onOutput: Pass["onOutput"] = (at, name, _input, output) => {
      if (at === layer && name === module) seen = output;
      return output;
    };
    runBlocks(model, below, { ...pass, onOutput }, layer, layer + 1);
    return gatherRows.run({ x: seen ?? emptyTensor([0, 0], "float32"), rows: tf.tensor1d([...queryRows], "int32") }, {});
  });
  const width = own.shape[1] ?? 0;
  const values = rowsOf(await readFloats(own), width);
  own.dispose();
  return values;
}

interface Places {
  /** (B * T, 1): 0 where a value stands in, else 1. */
  readonly keep: Tensor;
  /** (B * T, K): 1 where value k stands in. */
  readonly pick: Tensor;
}

/** @param values which of the K values each sequence takes */
function replacement(tokens: TokenBatch, values: readonly number[], K: number, replace: GraceSettings["replace"]): Places {
  const { batch, length, queryRows } = tokens;
  const keep = new Float32Array(batch * length).fill(1);
  const pick = new Float32Array(batch * length * K);
  queryRows.forEach((first, b) => {
    const end = replace === "last" ? first + 1 : (b + 1) * length;
    for (let row = first; row < end; row++) {
      keep[row] = 0;
      pick[row * K + (values[b] ?? 0)] = 1;
    }
  });
  return { keep: tf.keep(tf.tensor2d(keep, [batch * length, 1])), pick: tf.keep(tf.tensor2d(pick, [batch * length, K])) };
}

/** @param values (K, O) */
const replacing =
  ({ layer, module }: GraceSettings, { keep, pick }: Places, values: Tensor): NonNullable<Pass["onOutput"]> =>
  (at, name, _input, output) =>
    at === layer && name === module ? tf.add(tf.mul(output, keep), tf.matMul(pick as tf.Tensor2D, values as tf.Tensor2D)) : output;
