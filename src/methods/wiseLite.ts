import { padSamples } from "../editing/trainingBatch.ts";
import { readFloats, tf, type Tensor } from "../gpu/tensors.ts";
import { encodePrompt } from "../editing/promptText.ts";
import { createDelta } from "./delta.ts";
import { lastTokenInputs } from "./lastTokenInputs.ts";
import type { EditingMethod, MethodBase, MethodScope } from "./method.ts";
import { PLAIN_PROMPTS } from "./plainPrompts.ts";
import { sequentialMethod } from "./sequential.ts";
import type { WiseLiteSettings } from "./settings.ts";
import { tune } from "./tune.ts";

/** Under the root, so that the slope of a length is finite at 0. */
const SMOOTH = 1e-12;

/**
 * WISE (arXiv 2405.14768) with one side memory: a copy of a late MLP down-projection, W + Δ, which only prompts above a threshold meet. A prompt's
 * activation is |x Δ|, with x the projection's input; edits are trained to activate and unrelated prompts not to, by a margin; the threshold is a share
 * of the least activation that an edit's prompt had right after its training. All later tokens follow the prompt's decision.
 *
 * Lite: one side memory, all of it trained (the paper trains random shards of it and merges those by TIES, and keeps several memories for retrieval);
 * Adam without decay or clamp for SGD; activations are read at the prompt's last token (the released code takes the mean over all tokens of prompt
 * and answer, behind the activation function); unrelated prompts are built in. For forgetting see `sequentialMethod`.
 */
export function createWiseLite(base: MethodBase, settings: WiseLiteSettings): EditingMethod {
  const { model, tokenizer } = base;
  const delta = createDelta(model, settings);
  const { contextLength } = model.config;
  const { layer, module } = settings;
  const plain = tf.keep(
    lastTokenInputs(
      model,
      PLAIN_PROMPTS.map((text) => encodePrompt(tokenizer, text, contextLength)),
      layer,
      module,
    ),
  );
  /** Activations (N) of inputs (N, I). */
  const activations = (inputs: Tensor): Tensor => tf.sqrt(tf.add(tf.sum(tf.square(delta.of(inputs)), 1), SMOOTH));
  const readActivations = async (inputs: Tensor): Promise<number[]> => {
    const own = tf.tidy(() => activations(inputs));
    const values = await readFloats(own);
    own.dispose();
    return Array.from(values);
  };
  return sequentialMethod<number | null>("wise-lite", base, {
    ...delta,
    blank: null,
    async learn(samples, { note: least }, signal) {
      const batch = delta.prepare(padSamples(samples));
      const { query } = batch.prepared;
      const margin = (): Tensor => marginLoss(activations(query), activations(plain), settings);
      const more = (): Tensor => tf.engine().gradients(margin, [delta.flat]).grads[0] as Tensor;
      try {
        const { steps, loss } = await tune(model, batch, delta.flat, () => delta.change, settings, signal, { more });
        return { steps, loss, note: Math.min(least ?? Infinity, ...(await readActivations(query))) };
      } finally {
        batch.prepared.dispose();
      }
    },
    async decide(prompts, least) {
      const bound = settings.activationShare * (least ?? Infinity);
      const inputs = lastTokenInputs(model, prompts, layer, module);
      const values = await readActivations(inputs);
      inputs.dispose();
      // As a distance: the threshold over the activation.
      return values.map((value): MethodScope => ({ deferred: value < bound, edit: null, distance: bound / value, bound: 1 }));
    },
    dispose() {
      delta.dispose();
      plain.dispose();
    },
  });
}

/**
 * The margin between the activations of edits e and of unrelated prompts u: u below `most`, e above `least`, and each e above each u by `gap`
 * (α, β and γ in the paper). Each of the three is the mean over those that fall short, as in the released code.
 * @param edits (E)
 * @param unrelated (U)
 */
export function marginLoss(
  edits: Tensor,
  unrelated: Tensor,
  { most, least, gap }: Pick<WiseLiteSettings, "most" | "least" | "gap">,
): tf.Scalar {
  const pairs = tf.add(tf.sub(tf.reshape(unrelated, [-1, 1]), tf.reshape(edits, [1, -1])), gap);
  return tf.addN([tf.sub(unrelated, most), tf.sub(least, edits), pairs].map(meanShort)) as tf.Scalar;
}

/** The mean of those above 0; 0 where there is none. */
function meanShort(values: Tensor): Tensor {
  const short = tf.relu(values);
  return tf.div(tf.sum(short), tf.maximum(tf.sum(tf.step(values)), 1));
}
