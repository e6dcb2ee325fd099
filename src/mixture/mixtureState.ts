import type { Dispatch } from "../gpu/dispatch.ts";
import { readFloats, tf, webgpuBackend, type Tensor } from "../gpu/tensors.ts";
import type { Mixture } from "../kernels/linearLayer.ts";
import { route, routerKernel } from "../kernels/router.ts";
import { createPrng, type Prng } from "../lib/prng.ts";
import type { PickedMixture } from "../model/decodeRecorder.ts";
import type { Model } from "../model/model.ts";
import { checkSettings, type MethodSettings } from "./settings.ts";

/** What training changes: the routers and the experts of every mixture layer. R = N * r. */
export interface MixtureState {
  readonly settings: MethodSettings;
  /** (L, N, d) */
  readonly routerWeight: tf.Variable;
  /** (L, N) */
  readonly routerBias: tf.Variable;
  /** A of each layer, (R, I). */
  readonly a: readonly tf.Variable[];
  /** B of each layer, (R, O). */
  readonly b: readonly tf.Variable[];
}

/** Host values of a mixture state, in the layouts above; the arrays of `a` and `b` are one a layer. */
export interface MixtureValues {
  readonly routerWeight: Float32Array;
  readonly routerBias: Float32Array;
  readonly a: readonly Float32Array[];
  readonly b: readonly Float32Array[];
}

export const mixtureVariables = (state: MixtureState): tf.Variable[] => [state.routerWeight, state.routerBias, ...state.a, ...state.b];
export const disposeMixture = (state: MixtureState): void => tf.dispose(mixtureVariables(state));

/** Input and output widths of the mixed linear layer. */
function widths(model: Model, { layers, module }: MethodSettings): { inputs: number; outputs: number } {
  const weight = model.weight(`${model.architecture.block(layers[0] ?? 0)}.${module}.weight`);
  return { inputs: weight.columns, outputs: weight.rows };
}

/**
 * A fresh mixture from the settings' seed. A: Kaiming-uniform with a = √5 over (d, r), whose fan-in PyTorch takes to be r;
 * B: zeros; routers: PyTorch's linear default, ±1/√d.
 * @throws EngineError `bad-settings`
 */
export function createMixture(model: Model, settings: MethodSettings): MixtureState {
  checkSettings(settings, model);
  const { inputs, outputs } = widths(model, settings);
  const { experts, rank } = settings;
  const count = settings.layers.length;
  const prng = createPrng(settings.seed);
  const routerBound = 1 / Math.sqrt(inputs);
  return mixtureFromValues(model, settings, {
    routerWeight: uniformArray(prng, count * experts * inputs, routerBound),
    routerBias: uniformArray(prng, count * experts, routerBound),
    a: settings.layers.map(() => uniformArray(prng, experts * rank * inputs, 1 / Math.sqrt(rank))),
    b: settings.layers.map(() => new Float32Array(experts * rank * outputs)),
  });
}

function uniformArray(prng: Prng, length: number, bound: number): Float32Array {
  return Float32Array.from({ length }, () => prng.uniform(-bound, bound));
}

export function mixtureFromValues(model: Model, settings: MethodSettings, values: MixtureValues): MixtureState {
  const { inputs, outputs } = widths(model, settings);
  const { experts, rank, layers } = settings;
  const variable = (data: Float32Array, shape: number[]): tf.Variable => {
    const made = tf.tidy(() => tf.variable(tf.tensor(data, shape, "float32")));
    webgpuBackend().uploadToGPU(made.dataId);
    return made;
  };
  return {
    settings,
    routerWeight: variable(values.routerWeight, [layers.length, experts, inputs]),
    routerBias: variable(values.routerBias, [layers.length, experts]),
    a: values.a.map((data) => variable(data, [experts * rank, inputs])),
    b: values.b.map((data) => variable(data, [experts * rank, outputs])),
  };
}

export async function readMixture(state: MixtureState): Promise<MixtureValues> {
  const read = (list: readonly Tensor[]): Promise<Float32Array[]> => Promise.all(list.map(readFloats));
  const [routerWeight = new Float32Array(), routerBias = new Float32Array()] = await read([state.routerWeight, state.routerBias]);
  return { routerWeight, routerBias, a: await read(state.a), b: await read(state.b) };
}

/** Runs work that changes the parameters; when it throws they are, bit for bit, what they were. Holds a copy on the GPU meanwhile. */
export async function withRollback<T>(state: MixtureState, work: () => Promise<T>): Promise<T> {
  // A clone would share the buffer that training writes.
  const copies = mixtureVariables(state).map((variable) => ({ variable, copy: tf.tidy(() => tf.keep(tf.mul(variable, 1))) }));
  try {
    return await work();
  } catch (thrown) {
    for (const { variable, copy } of copies) tf.tidy(() => variable.assign(tf.clone(copy)));
    throw thrown;
  } finally {
    tf.dispose(copies.map(({ copy }) => copy));
  }
}

/** Router outputs of queries (B, d). */
export const routeQueries = (state: MixtureState, query: Tensor) => route(query, state.routerWeight, state.routerBias, state.settings.topK);

/**
 * The hook that puts the mixtures into a forward pass.
 * @param gates (B, L, N) of the B sequences of the pass
 */
export function mixtureHook(state: MixtureState, gates: Tensor): (layer: number, module: string) => Mixture | undefined {
  const { layers, module, experts, alpha, rank } = state.settings;
  const batch = gates.shape[0] ?? 0;
  const layerGates = layers.map((_, i) => tf.reshape(tf.slice(gates, [0, i, 0], [batch, 1, experts]), [batch, experts]));
  return (layer, name) => {
    const i = name === module ? layers.indexOf(layer) : -1;
    const [a, b, own] = [state.a[i], state.b[i], layerGates[i]];
    return a && b && own ? { a, b, gates: own, scale: alpha / rank } : undefined;
  };
}

/** The dispatch that routes one query (d) into a target (1, L, 3 N): probabilities | gates | picked of each layer. */
export function prepareRoute(state: MixtureState, query: Tensor, target: Tensor): Dispatch {
  const { topK, experts } = state.settings;
  const inputs = { q: tf.reshape(query, [1, query.size]), w: state.routerWeight, bias: state.routerBias };
  return routerKernel.prepare(target, inputs, { topK, P: 3 * experts });
}

/**
 * The picked experts of each mixture layer, for decoding.
 * @param row the routing of the deciding token, L * N each; its probabilities are the gates
 * @param keep takes the tensors made here, for disposal
 */
export function pickedMixtures(
  state: MixtureState,
  row: { readonly probabilities: Float32Array; readonly picked: Uint8Array },
  keep: <T extends Tensor>(tensor: T) => T,
): (layer: number, module: string) => PickedMixture | undefined {
  const { layers, module, experts, alpha, rank } = state.settings;
  const picks = layers.map((_, i) => {
    const own = row.probabilities.subarray(i * experts, (i + 1) * experts);
    const picked = Array.from(own.keys()).filter((e) => row.picked[i * experts + e] === 1);
    return { picked: keep(tf.tensor1d(picked, "int32")), gates: keep(tf.tensor1d(picked.map((e) => own[e] ?? 0))) };
  });
  return (layer, name) => {
    const i = name === module ? layers.indexOf(layer) : -1;
    const [a, b, pick] = [state.a[i], state.b[i], picks[i]];
    return a && b && pick ? { a, b, rank, ...pick, scale: alpha / rank } : undefined;
  };
}
