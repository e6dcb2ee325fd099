import type { Kernel, Sizes } from "../gpu/defineKernel.ts";
import type { Tensor } from "../gpu/tensors.ts";

/** A kernel that is one of several with the same operands, chosen for each call by adapter and sizes. @param shown whose declaration it shows */
export function chooseKernel<I extends string, U extends string>(
  shown: Kernel<I, U>,
  choose: (inputs: Readonly<Record<I, Tensor>>, uniforms: Sizes) => Kernel<I, U>,
): Kernel<I, U> {
  return {
    spec: shown.spec,
    run: (inputs, uniforms) => choose(inputs, uniforms).run(inputs, uniforms),
    runInto: (target, inputs, uniforms) => choose(inputs, uniforms).runInto(target, inputs, uniforms),
    prepare: (target, inputs, uniforms) => choose(inputs, uniforms).prepare(target, inputs, uniforms),
  };
}
