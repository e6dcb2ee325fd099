import { zeroVector, type Tensor } from "../gpu/tensors.ts";
import { linearLayer } from "../kernels/linearLayer.ts";
import { norm } from "../kernels/norm.ts";
import { missingTensor } from "./missingTensor.ts";
import type { Model, Pass } from "./model.ts";

/** A linear layer of a block, with whatever mixture or other change the pass puts on it. input (N, I) to (N, O). */
export function linearModule(model: Model, layer: number, module: string, input: Tensor, pass: Pass): Tensor {
  const name = `${model.architecture.block(layer)}.${module}`;
  const weight = model.weight(`${name}.weight`);
  const bias = model.vector(`${name}.bias`) ?? zeroVector(weight.rows);
  const output = linearLayer(input, weight, bias, pass.onLinear?.(layer, module, input));
  return pass.onOutput?.(layer, module, input, output) ?? output;
}

export function normModule(model: Model, name: string, x: Tensor, kind: "layer" | "rms"): Tensor {
  const weight = model.vector(`${name}.weight`) ?? missingTensor(`${name}.weight`);
  return norm.run(
    { x, weight, bias: model.vector(`${name}.bias`) ?? zeroVector(weight.size) },
    { eps: model.config.normEps, centred: kind === "layer" ? 1 : 0 },
  );
}

export function ropeOf(model: Model): Tensor {
  return model.rope ?? missingTensor("the rotary table");
}
