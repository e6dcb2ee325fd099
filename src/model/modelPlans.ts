import type { TensorPlan } from "../weights/hostTensor.ts";
import type { ModelPlans } from "../weights/readModel.ts";
import { architectureFor } from "./architectures/registry.ts";
import { ggufConfig, ggufPlan, ropeFactors } from "./gguf.ts";
import { hasTiedHead, tensorPlan } from "./tensorPlan.ts";

/** How the files of every architecture become its tensors. */
export const modelPlans: ModelPlans = {
  folder: (config) => sparingTiedHead(config, tensorPlan(config)),
  gguf: { config: ggufConfig, plan: (config) => sparingTiedHead(config, ggufPlan(config)), factors: ropeFactors },
};

/** A tied embedding is the head too, and the head's error goes straight into the logits. */
function sparingTiedHead(config: unknown, plan: TensorPlan): TensorPlan {
  if (!hasTiedHead(config)) return plan;
  const { embedding } = architectureFor(config);
  return (name, shape) => {
    const planned = plan(name, shape);
    return planned?.name === embedding ? { ...planned, leastBits: 8 } : planned;
  };
}
