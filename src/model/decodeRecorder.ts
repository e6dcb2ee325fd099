import type { Dispatch } from "../gpu/dispatch.ts";
import { emptyTensor, tf, viewOf, zeroVector, type Tensor } from "../gpu/tensors.ts";
import { ACTIVATIONS, type ActivationName } from "../kernels/activation.ts";
import { decodeAttention } from "../kernels/decodeAttention.ts";
import { decodeEmbed } from "../kernels/decodeEmbed.ts";
import { decodeLinear, EPILOGUES, shrinkPicked } from "../kernels/decodeLinear.ts";
import { norm } from "../kernels/norm.ts";
import { piecesOf, type Matrix } from "../kernels/splitWeight.ts";
import { weightInputs, weightUniformValues } from "../kernels/weight.ts";
import type { KvCache } from "./attend.ts";
import { missingTensor } from "./missingTensor.ts";
import type { Model } from "./model.ts";

/** Part of a vector, from an element on. */
export interface Slice {
  readonly vector: Tensor;
  readonly at: number;
}

/** What happens to W x before it is written: nothing, x + W x, f(W x), or f(gate) W x. */
export type Epilogue =
  | { readonly kind: "none" }
  | { readonly kind: "add"; readonly other: Tensor }
  | { readonly kind: "activation"; readonly name: ActivationName }
  | { readonly kind: "gated"; readonly name: ActivationName; readonly other: Tensor };

/** The picked experts of one mixed layer. K picked of rank r each. */
export interface PickedMixture {
  /** A of all experts, (R, I). */
  readonly a: Tensor;
  /** B of all experts, (R, O). */
  readonly b: Tensor;
  readonly rank: number;
  /** (K) int32 */
  readonly picked: Tensor;
  /** (K) */
  readonly gates: Tensor;
  /** alpha / rank. */
  readonly scale: number;
}

/** Records the decode of one token: each call is one dispatch (two where a mixture is), its result a vector on the GPU. */
export interface DecodeRecorder {
  /** Row of a table at the present token or position, plus `other`. */
  embed(table: string, at: "token" | "position", other?: Tensor): Tensor;
  norm(name: string, x: Tensor, kind: "layer" | "rms"): Tensor;
  /** A linear module of a block, with its bias and mixture. */
  linear(layer: number, module: string, x: Tensor, epilogue?: Epilogue): Tensor;
  /** Linear modules of one input, in one dispatch where they are kept as one matrix and carry neither bias nor mixture. */
  linears(layer: number, modules: readonly string[], x: Tensor): Slice[];
  /** Attention of the new token; keys and values join the cache. */
  attend(layer: number, q: Slice, k: Slice, v: Slice): Tensor;
}

export interface DecodeOptions {
  readonly cache: KvCache;
  /** Token, position, step; (3) int32. */
  readonly state: Tensor;
  readonly mixture?: ((layer: number, module: string) => PickedMixture | undefined) | undefined;
  /** Sees the input (I) of each linear module and may add a dispatch that reads it. */
  readonly onLinear?: ((layer: number, module: string, input: Tensor) => Dispatch | undefined) | undefined;
}

/** One token through the model as recorded dispatches, up to its logits. Vectors made on the way are kept in `held`. */
export function recordDecode(model: Model, options: DecodeOptions, logits: Tensor, held: Tensor[]): Dispatch[] {
  const { decode, block } = model.architecture;
  const { config } = model;
  const dispatches: Dispatch[] = [];
  const keep = (made: Tensor): Tensor => {
    held.push(tf.keep(made));
    return made;
  };
  const vector = (size: number): Tensor => keep(emptyTensor([size], "float32"));
  const shrink = (x: Tensor, { a, rank, picked }: PickedMixture): Tensor => {
    const p = vector(picked.size * rank);
    dispatches.push(shrinkPicked.prepare(p, { x, a, picked }, { M: p.size }));
    return p;
  };
  const multiply = (target: Tensor, matrix: Matrix, bias: Tensor, x: Tensor, epilogue: Epilogue, mixture?: PickedMixture): Tensor => {
    const other = "other" in epilogue ? epilogue.other : zeroVector(matrix.rows);
    const p = mixture && shrink(x, mixture);
    const applied = { epilogue: EPILOGUES.indexOf(epilogue.kind), kind: "name" in epilogue ? ACTIVATIONS.indexOf(epilogue.name) : 0 };
    for (const { weight, first } of piecesOf(matrix)) {
      const whole = weight.rows === matrix.rows;
      const own = (outputs: Tensor): Tensor => (whole ? outputs : viewOf(outputs, first, [weight.rows]));
      const inputs = { x, ...weightInputs(weight), bias: own(bias), other: own(other) };
      const uniforms = { ...weightUniformValues(weight), ...applied };
      if (!mixture || !p) {
        dispatches.push(decodeLinear(weight.format, "base").prepare(own(target), inputs, uniforms));
        continue;
      }
      const { picked, gates, scale } = mixture;
      // Columns of B in a buffer of their own, as B is now: it does not change while a plan is in use.
      const b = whole ? mixture.b : keep(tf.slice(mixture.b, [0, first], [-1, weight.rows]));
      const terms = { p, picked, gates, b };
      dispatches.push(decodeLinear(weight.format, "mixture").prepare(own(target), { ...inputs, ...terms }, { ...uniforms, scale }));
    }
    return target;
  };
  const recorder: DecodeRecorder = {
    embed(table, at, other) {
      const matrix = model.weight(table);
      const target = vector(matrix.columns);
      for (const { weight, first } of piecesOf(matrix)) {
        const inputs = { state: options.state, ...weightInputs(weight), other: other ?? zeroVector(matrix.columns) };
        const uniforms = { ...weightUniformValues(weight), which: at === "token" ? 0 : 1, first };
        dispatches.push(decodeEmbed(weight.format).prepare(target, inputs, uniforms));
      }
      return target;
    },
    norm(name, x, kind) {
      const weight = model.vector(`${name}.weight`) ?? missingTensor(`${name}.weight`);
      const bias = model.vector(`${name}.bias`) ?? zeroVector(weight.size);
      const target = vector(weight.size);
      const row = (one: Tensor): Tensor => tf.reshape(one, [1, weight.size]);
      dispatches.push(norm.prepare(row(target), { x: row(x), weight, bias }, { eps: config.normEps, centred: kind === "layer" ? 1 : 0 }));
      return target;
    },
    linear(layer, module, x, epilogue = { kind: "none" }) {
      const name = `${block(layer)}.${module}`;
      const weight = model.weight(`${name}.weight`);
      const extra = options.onLinear?.(layer, module, x);
      if (extra) dispatches.push(extra);
      const bias = model.vector(`${name}.bias`) ?? zeroVector(weight.rows);
      return multiply(vector(weight.rows), weight, bias, x, epilogue, options.mixture?.(layer, module));
    },
    linears(layer, modules, x) {
      const names = modules.map((module) => `${block(layer)}.${module}`);
      const whole = model.joinedWeight(names.map((name) => `${name}.weight`));
      const plain = names.every((name) => !model.vector(`${name}.bias`)) && modules.every((module) => !options.mixture?.(layer, module));
      if (!whole || !plain) return modules.map((module) => ({ vector: recorder.linear(layer, module, x), at: 0 }));
      for (const module of modules) {
        const extra = options.onLinear?.(layer, module, x);
        if (extra) dispatches.push(extra);
      }
      const made = multiply(vector(whole.rows), whole, zeroVector(whole.rows), x, { kind: "none" });
      let at = 0;
      return names.map((name) => ({ vector: made, at: (at += model.weight(`${name}.weight`).rows) - model.weight(`${name}.weight`).rows }));
    },
    attend(layer, q, k, v) {
      const { heads, headSize, attentionScales } = config;
      const target = vector(heads * headSize);
      const inputs = { q: q.vector, k: k.vector, v: v.vector, ...options.cache.layer(layer), state: options.state };
      const uniforms = { C: target.size, qAt: q.at, kAt: k.at, vAt: v.at, scale: attentionScales[layer] ?? 1 };
      dispatches.push(
        model.rope
          ? decodeAttention("rotary").prepare(target, { ...inputs, table: model.rope }, uniforms)
          : decodeAttention("learned").prepare(target, inputs, { ...uniforms, D: headSize }),
      );
      return target;
    },
  };
  // Views made on the way go; the vectors themselves are held.
  tf.tidy(() => {
    let stream = decode.embed(recorder);
    for (let layer = 0; layer < config.layers; layer++) stream = decode.block(recorder, layer, stream, config);
    const head = model.weight(model.untiedHead ?? model.architecture.embedding);
    multiply(logits, head, zeroVector(config.vocabularySize), decode.finish(recorder, stream), { kind: "none" });
  });
  return dispatches;
}
