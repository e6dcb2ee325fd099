import { aligned, tf, viewOf, type Tensor } from "../gpu/tensors.ts";

/** One value for each part of a mixture; `a` and `b` have one a layer. R = N * r. */
export interface MixtureParts<T> {
  /** (L, N, d) */
  readonly routerWeight: T;
  /** (L, N) */
  readonly routerBias: T;
  /** A of each layer, (R, I). */
  readonly a: readonly T[];
  /** B of each layer, (R, O). */
  readonly b: readonly T[];
}

export interface MixtureSizes {
  readonly layers: number;
  readonly experts: number;
  readonly rank: number;
  readonly inputs: number;
  readonly outputs: number;
}

interface Place {
  readonly start: number;
  readonly shape: readonly number[];
}

/** Where each part stands in one flat run of floats, at starts that kernels can bind; the gaps stay zero. */
export interface ParameterLayout {
  readonly size: number;
  readonly places: MixtureParts<Place>;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export function parameterLayout({ layers, experts, rank, inputs, outputs }: MixtureSizes): ParameterLayout {
  let size = 0;
  const place = (...shape: number[]): Place => {
    const start = size;
    size += aligned(sizeOf(shape));
    return { start, shape };
  };
  const each = (columns: number): Place[] => Array.from({ length: layers }, () => place(experts * rank, columns));
  const places = { routerWeight: place(layers, experts, inputs), routerBias: place(layers, experts), a: each(inputs), b: each(outputs) };
  return { size, places };
}

export function mapParts<T, U>({ routerWeight, routerBias, a, b }: MixtureParts<T>, map: (part: T) => U): MixtureParts<U> {
  return { routerWeight: map(routerWeight), routerBias: map(routerBias), a: a.map(map), b: b.map(map) };
}

export const listParts = <T>({ routerWeight, routerBias, a, b }: MixtureParts<T>): T[] => [routerWeight, routerBias, ...a, ...b];

/** Host values in the places of the layout. */
export function joinParts({ size, places }: ParameterLayout, values: MixtureParts<Float32Array>): Float32Array {
  const flat = new Float32Array(size);
  const arrays = listParts(values);
  listParts(places).forEach(({ start }, i) => flat.set(arrays[i] ?? [], start));
  return flat;
}

export function splitParts({ places }: ParameterLayout, flat: Float32Array): MixtureParts<Float32Array> {
  return mapParts(places, ({ start, shape }) => flat.slice(start, start + sizeOf(shape)));
}

/** Kept views of a flat tensor; dispose of them with it. */
export const viewParts = ({ places }: ParameterLayout, flat: Tensor): MixtureParts<Tensor> =>
  mapParts(places, ({ start, shape }) => tf.keep(viewOf(flat, start, shape)));
