import { padSamples } from "../editing/trainingBatch.ts";
import { copyTensor } from "../gpu/dispatch.ts";
import { emptyTensor, tf } from "../gpu/tensors.ts";
import { createDelta } from "./delta.ts";
import type { EditingMethod, MethodBase } from "./method.ts";
import { sequentialMethod } from "./sequential.ts";
import type { FtlSettings } from "./settings.ts";
import { tune } from "./tune.ts";

/**
 * FT-L: fine-tuning of one late MLP down-projection on the edit alone, where no weight may move further than a bound with each edit (the L∞
 * constraint of Zhu et al., arXiv 2012.00363, as the baseline FT+L of ROME has it, arXiv 2202.05262: a clamp to the weights before the edit, after each
 * Adam step). Every input is answered with the changed weight. For forgetting see `sequentialMethod`.
 */
export function createFtl(base: MethodBase, settings: FtlSettings): EditingMethod {
  const { model } = base;
  const delta = createDelta(model, settings);
  return sequentialMethod<null>("ft-l", base, {
    ...delta,
    blank: null,
    async learn(samples, _past, signal) {
      const batch = delta.prepare(padSamples(samples));
      const before = tf.keep(emptyTensor(delta.flat.shape, "float32"));
      copyTensor(delta.flat, before);
      const clamp = (): void => {
        const moved = tf.clipByValue(tf.sub(delta.flat, before), -settings.bound, settings.bound);
        copyTensor(tf.add(before, moved), delta.flat);
      };
      try {
        const told = await tune(model, batch, delta.flat, () => delta.change, settings, signal, { settle: clamp });
        return { ...told, note: null };
      } finally {
        batch.prepared.dispose();
        before.dispose();
      }
    },
  });
}
