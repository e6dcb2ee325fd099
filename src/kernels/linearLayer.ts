import type { Kernel } from "../gpu/defineKernel.ts";
import { tf, zeroVector, type Tensor } from "../gpu/tensors.ts";
import { linear, linearDx } from "./linear.ts";
import { gateGradient, mixtureOuter } from "./mixture.ts";
import { matrixInputs, type Matrix } from "./splitWeight.ts";
import type { Weight } from "./weight.ts";

/** The mixture on one linear layer, as tensors. R = experts * rank. */
export interface Mixture {
  /** A, (R, I). */
  readonly a: Tensor;
  /** B, (R, O). */
  readonly b: Tensor;
  /** Gates of each sequence, (B, E); the rows of x divide into B sequences of equal length. */
  readonly gates: Tensor;
  /** alpha / rank. */
  readonly scale: number;
  /** Where the gradients are written, each shaped as its own; new tensors where absent. */
  readonly gradients?: MixtureGradients | undefined;
}

export interface MixtureGradients {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly gates: Tensor;
}

type Attributes = { readonly weight: Matrix; readonly scale: number; readonly gradients?: MixtureGradients };

/** Runs a kernel into the target where there is one. */
function into<I extends string, U extends string>(
  target: Tensor | undefined,
  kernel: Kernel<I, U>,
  inputs: Record<I, Tensor>,
  uniforms: Record<U, number>,
) {
  if (!target) return kernel.run(inputs, uniforms);
  kernel.runInto(target, inputs, uniforms);
  return target;
}

const asWeight = (values: Tensor): Weight => {
  const [rows = 0, columns = 0] = values.shape;
  return { format: "f32", rows, columns, group: 1, w: values };
};

/*
 * Two differentiable ops over the kernels; a packed weight is a constant of them.
 *   Linear:        y = x Wᵀ + bias                        dx = dy W
 *   LoraMixture:   P = x Aᵀ, y = x Wᵀ + bias + s g P B    U = dy Bᵀ, dx = dy W + s g U A, dA = s (g U)ᵀ x,
 *                                                         dB = s (g P)ᵀ dy, dg = s sum P U
 */
tf.registerKernel({
  kernelName: "Linear",
  backendName: "webgpu",
  kernelFunc: ({ inputs, attrs }) => {
    const { x, bias } = inputs as { x: Tensor; bias: Tensor };
    return linear(x, (attrs as unknown as Attributes).weight, bias);
  },
});
tf.registerGradient({
  kernelName: "Linear",
  gradFunc: (dy, _saved, attrs) => ({ x: () => linearDx(dy as Tensor, (attrs as unknown as Attributes).weight) }),
});

tf.registerKernel({
  kernelName: "LoraMixture",
  backendName: "webgpu",
  kernelFunc: ({ inputs, attrs }) => {
    const { x, bias, a, b, gates } = inputs as Record<"x" | "bias" | "a" | "b" | "gates", Tensor>;
    const { weight, scale } = attrs as unknown as Attributes;
    const p = linear(x, asWeight(a), zeroVector(a.shape[0] ?? 0));
    return [linear(x, weight, bias, { p, gates, basis: b, scale }), p];
  },
});
tf.registerGradient({
  kernelName: "LoraMixture",
  inputsToSave: ["x", "a", "b", "gates"],
  outputsToSave: [false, true],
  gradFunc: (dys, saved, attrs) => {
    const dy = (dys as Tensor[])[0] as Tensor;
    const [x, a, b, gates, p] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
    const { weight, scale, gradients } = attrs as unknown as Attributes;
    const u = linear(dy, asWeight(b), zeroVector(b.shape[0] ?? 0));
    const [B = 0, E = 0] = gates.shape;
    return {
      x: () => linearDx(dy, weight, { p: u, gates, basis: a, scale }),
      a: () => into(gradients?.a, mixtureOuter, { p: u, gates, x }, { scale }),
      b: () => into(gradients?.b, mixtureOuter, { p, gates, x: dy }, { scale }),
      gates: () => into(gradients?.gates, gateGradient, { p, u }, { B, E, scale }),
    };
  },
});

/** y (N, O) = x (N, I) through the layer, with its mixture where there is one. Differentiable in x, a, b and gates. */
export function linearLayer(x: Tensor, weight: Matrix, bias: Tensor, mixture?: Mixture): Tensor {
  // Kept among the inputs so that TF.js counts them as used; the attribute carries the layout.
  const inputs = { x, bias, ...matrixInputs(weight) };
  if (!mixture) return tf.engine().runKernel("Linear", inputs, { weight, scale: 0 } as never);
  const { a, b, gates, scale, gradients } = mixture;
  const outputs: Tensor[] = tf.engine().runKernel("LoraMixture", { ...inputs, a, b, gates }, { weight, scale, gradients } as never);
  return outputs[0] as Tensor;
}
