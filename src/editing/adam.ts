import { tf, type Tensor } from "../gpu/tensors.ts";
import { adamMoments, adamUpdate } from "../kernels/adam.ts";

/** beta1, beta2, epsilon. */
export type AdamConstants = readonly [number, number, number];
const PYTORCH_DEFAULTS: AdamConstants = [0.9, 0.999, 1e-8];

export interface Adam {
  /** @param gradients by variable name */
  step(gradients: Readonly<Record<string, Tensor>>): void;
  dispose(): void;
}

/** Adam (Kingma and Ba, 1412.6980) without decay, in place: two dispatches a variable. */
export function createAdam(variables: readonly tf.Variable[], rate: number, [beta1, beta2, epsilon] = PYTORCH_DEFAULTS): Adam {
  const moments = variables.map(({ size }) => tf.keep(tf.zeros([2, size])));
  let steps = 0;
  return {
    step(gradients) {
      steps += 1;
      const corrections = { correction1: 1 - beta1 ** steps, correction2: 1 - beta2 ** steps };
      tf.tidy(() => {
        variables.forEach((variable, i) => {
          const [gradient, moment] = [gradients[variable.name], moments[i]];
          if (!gradient || !moment) throw new Error(`No gradient of ${variable.name}`);
          adamMoments.runInto(moment, { g: tf.reshape(gradient, [variable.size]) }, { P: 2, beta1, beta2 });
          // A reshaped view shares the variable's buffer.
          adamUpdate.runInto(tf.reshape(variable, [variable.size]), { moments: moment }, { rate, epsilon, ...corrections });
        });
      });
    },
    dispose: () => tf.dispose(moments),
  };
}
