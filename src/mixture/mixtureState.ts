import { settleAllocations } from "../gpu/allocations.ts";
import { copyTensor, type Dispatch } from "../gpu/dispatch.ts";
import { building, emptyTensor, readFloats, tf, webgpuBackend, type Tensor } from "../gpu/tensors.ts";
import type { Mixture, MixtureGradients } from "../kernels/linearLayer.ts";
import { route, routerKernel } from "../kernels/router.ts";
import { codeDistances, packCodes } from "../kernels/codeDistances.ts";
import { createPrng, type Prng } from "../lib/prng.ts";
import type { PickedMixture } from "../model/decodeRecorder.ts";
import type { Model } from "../model/model.ts";
import { joinParts, listParts, parameterLayout, splitParts, viewParts, type MixtureParts, type ParameterLayout } from "./parameters.ts";
import type { StoredCode } from "./deferral.ts";
import { checkSettings, type MethodSettings } from "./settings.ts";

/** What training changes: the routers and the experts of every mixture layer, as views of one flat tensor. */
export interface MixtureState extends MixtureParts<Tensor> {
  readonly settings: MethodSettings;
  readonly layout: ParameterLayout;
  /** All parameters, changed in place. */
  readonly flat: Tensor;
}

/** Host values of a mixture state. */
export type MixtureValues = MixtureParts<Float32Array>;

export const disposeMixture = (state: MixtureState): void => tf.dispose([...listParts(state), state.flat]);

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
  const { experts, rank, layers } = settings;
  const layout = parameterLayout({ layers: layers.length, experts, rank, ...widths(model, settings) });
  return building((keep) => {
    const flat = keep(tf.tensor1d(joinParts(layout, values)));
    return { settings, layout, flat, ...viewParts(layout, flat) };
  });
}

export const readMixture = async ({ layout, flat }: MixtureState): Promise<MixtureValues> => splitParts(layout, await readFloats(flat));

export function writeMixture({ layout, flat }: MixtureState, values: MixtureValues): void {
  tf.tidy(() => copyTensor(tf.tensor1d(joinParts(layout, values)), flat));
}

/** Runs work that changes the parameters; when it throws they are, bit for bit, what they were. Holds a copy on the GPU meanwhile. */
export async function withRollback<T>({ flat }: Pick<MixtureState, "flat">, work: () => Promise<T>): Promise<T> {
  const copy = building((keep) => {
    const made = keep(emptyTensor(flat.shape, "float32"));
    copyTensor(flat, made);
    return made;
  });
  try {
    // Without the copy there is no way back.
    await settleAllocations(webgpuBackend().device);
    return await work();
  } catch (thrown) {
    copyTensor(copy, flat);
    throw thrown;
  } finally {
    copy.dispose();
  }
}

/** Router outputs of queries (B, d). */
export const routeQueries = (state: MixtureState, query: Tensor) => route(query, state.routerWeight, state.routerBias, state.settings.topK);

type Hook = (layer: number, module: string) => Mixture | undefined;

/**
 * The hook that puts the mixtures into a forward pass.
 * @param gates (B, L, N) of the B sequences of the pass
 */
export function mixtureHook(state: MixtureState, gates: Tensor): Hook {
  const { layers, experts } = state.settings;
  const batch = gates.shape[0] ?? 0;
  return layerHook(
    state,
    layers.map((_, i) => tf.reshape(tf.slice(gates, [0, i, 0], [batch, 1, experts]), [batch, experts])),
  );
}

/**
 * The same from the gates (B, N) of each layer.
 * @param gradients where the gradients of each layer's mixture go
 */
export function layerHook(state: MixtureState, gates: readonly Tensor[], gradients?: readonly MixtureGradients[]): Hook {
  const { layers, module, alpha, rank } = state.settings;
  return (layer, name) => {
    const i = name === module ? layers.indexOf(layer) : -1;
    const [a, b, own] = [state.a[i], state.b[i], gates[i]];
    return a && b && own ? { a, b, gates: own, scale: alpha / rank, gradients: gradients?.[i] } : undefined;
  };
}

/**
 * Every token's routing and its code's distances to the stored codes, in two dispatches.
 * @param queries (T, d)
 * @returns routed (T, L, 3 N): probabilities | gates | picked of each layer; distances (T, S), absent where nothing is stored
 */
export function routeTokens(state: MixtureState, queries: Tensor, stored: readonly StoredCode[]): { routed: Tensor; distances?: Tensor } {
  const { topK, experts } = state.settings;
  const routed = routerKernel.run({ q: queries, w: state.routerWeight, bias: state.routerBias }, { topK, P: 3 * experts });
  if (stored.length === 0) return { routed };
  const words = packCodes(stored.map(({ code }) => code));
  const codes = tf.tensor(words, [stored.length, words.length / stored.length], "int32");
  return { routed, distances: codeDistances.run({ routed, codes }, {}) };
}

/** The dispatch that routes one query (d) into a target (1, L, 3 N): probabilities | gates | picked of each layer. */
export function prepareRoute(state: MixtureState, query: Tensor, target: Tensor): Dispatch {
  const { topK, experts } = state.settings;
  const inputs = { q: tf.reshape(query, [1, query.size]), w: state.routerWeight, bias: state.routerBias };
  return routerKernel.prepare(target, inputs, { topK, P: 3 * experts });
}

/**
 * The experts of each mixture layer that answer, for decoding.
 * @param picks of each layer, with the weight of each; a layer without any is left alone
 * @param keep takes the tensors made here, for disposal
 */
export function pickedMixtures(
  state: MixtureState,
  picks: readonly (readonly { readonly expert: number; readonly weight: number }[])[],
  keep: <T extends Tensor>(tensor: T) => T,
): (layer: number, module: string) => PickedMixture | undefined {
  const { layers, module, alpha, rank } = state.settings;
  const tensors = picks.map((own) =>
    own.length === 0
      ? undefined
      : {
          picked: keep(
            tf.tensor1d(
              own.map(({ expert }) => expert),
              "int32",
            ),
          ),
          gates: keep(tf.tensor1d(own.map(({ weight }) => weight))),
        },
  );
  return (layer, name) => {
    const i = name === module ? layers.indexOf(layer) : -1;
    const [a, b, pick] = [state.a[i], state.b[i], tensors[i]];
    return a && b && pick ? { a, b, rank, ...pick, scale: alpha / rank } : undefined;
  };
}
