import { trainMixture, type TrainingStep } from "../editing/trainer.ts";
import { padSamples } from "../editing/trainingBatch.ts";
import { copyTensor } from "../gpu/dispatch.ts";
import { tf } from "../gpu/tensors.ts";
import { createMixture, disposeMixture, layerHook } from "../mixture/mixtureState.ts";
import { oneExpert } from "./adapters.ts";
import type { EditingMethod, MethodBase } from "./method.ts";
import { sequentialMethod } from "./sequential.ts";
import type { LoraSettings } from "./settings.ts";
import { lastLoss } from "./shared.ts";

/**
 * One LoRA (Hu et al., arXiv 2106.09685) on some layers, trained on one edit after another: ELDER's own baseline, that is its mixture with N = 1, no
 * router and no deferral. Adam begins anew with each edit. Every input is answered with the LoRA. For forgetting see `sequentialMethod`.
 */
export function createLora(base: MethodBase, settings: LoraSettings): EditingMethod {
  const { model, seed } = base;
  const { layers } = settings;
  const own = oneExpert(settings, seed);
  const mixture = createMixture(model, own);
  const mask = layers.map(() => 1);
  const enough = ({ step, lmLoss }: TrainingStep): boolean => step >= settings.leastSteps && lmLoss <= settings.enoughLoss;
  return sequentialMethod<null>("lora", base, {
    flat: mixture.flat,
    blank: null,
    clear() {
      const fresh = createMixture(model, own);
      copyTensor(fresh.flat, mixture.flat);
      disposeMixture(fresh);
    },
    async learn(samples, _past, signal) {
      const sets = [{ tokens: padSamples(samples), masks: samples.map(() => mask) }];
      const curve = await trainMixture(model, mixture, sets, { enough, ...(signal ? { signal } : {}) });
      return { steps: curve.length, loss: lastLoss(curve), note: null };
    },
    intervene(sequences) {
      // The one expert's gate is the softmax of one number.
      const gates = tf.keep(tf.ones([sequences, 1]));
      const onLinear = layerHook(
        mixture,
        layers.map(() => gates),
      );
      return { firstLayer: layers[0] ?? 0, onLinear, dispose: () => gates.dispose() };
    },
    dispose: () => disposeMixture(mixture),
  });
}
