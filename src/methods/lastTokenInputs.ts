import { tf, type Tensor } from "../gpu/tensors.ts";
import { gatherRows } from "../kernels/losses.ts";
import { linearInput, runBlocks } from "../model/forward.ts";
import type { Model } from "../model/model.ts";
import { batchPass, embedBatch, padPrompts } from "./answers.ts";

/** Sequences a forward pass, at most. */
const BATCH = 16;

/**
 * The base model's input of one linear module at each prompt's last token: what queries and keys are made of.
 * @returns (B, I), to be disposed of by the caller
 */
export function lastTokenInputs(model: Model, prompts: readonly (readonly number[])[], layer: number, module: string): Tensor {
  return tf.tidy(() => {
    const parts: Tensor[] = [];
    for (let from = 0; from < prompts.length; from += BATCH) {
      const batch = padPrompts(prompts.slice(from, from + BATCH));
      const pass = batchPass(model, batch);
      const inputs = linearInput(model, runBlocks(model, embedBatch(model, batch), pass, 0, layer), pass, layer, module);
      parts.push(gatherRows.run({ x: inputs, rows: tf.tensor1d([...batch.queryRows], "int32") }, {}));
    }
    return parts.length === 1 ? (parts[0] as Tensor) : tf.concat(parts, 0);
  });
}
