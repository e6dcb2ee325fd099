import { building, tf, type Tensor } from "../gpu/tensors.ts";
import { adamKernel, adamWorkgroups, TALLIES } from "../kernels/adam.ts";

/** beta1, beta2, epsilon. */
export type AdamConstants = readonly [number, number, number];
const PYTORCH_DEFAULTS: AdamConstants = [0.9, 0.999, 1e-8];

/** Parameters beyond this are divergence: products of two layers' would soon overflow float32. Trained ones are below 100. */
const REACH = 1e5;

export interface Adam {
  /**
   * One step in one dispatch. What is at fault is left as it is.
   * @param report of the last step, (4): once it tells of faults nothing changes any more
   */
  step(gradient: Tensor, report: Tensor): void;
  /** Sum of squares and faults of each workgroup in the last step, (W, 2). */
  readonly tallies: Tensor;
  dispose(): void;
}

/** Adam (Kingma and Ba, 1412.6980) without decay of flat parameters, in place. */
export function createAdam(parameters: Tensor, rate: number, [beta1, beta2, epsilon] = PYTORCH_DEFAULTS): Adam {
  const [moments, tallies] = building((keep) => [
    keep(tf.zeros([2, parameters.size])),
    keep(tf.zeros([adamWorkgroups(parameters.size), TALLIES])),
  ]);
  let steps = 0;
  return {
    tallies,
    step(g, report) {
      steps += 1;
      const corrections = { correction1: 1 - beta1 ** steps, correction2: 1 - beta2 ** steps };
      adamKernel.runInto(parameters, { g, report, moments, tallies }, { beta1, beta2, rate, epsilon, reach: REACH, ...corrections });
    },
    dispose: () => tf.dispose([moments, tallies]),
  };
}
