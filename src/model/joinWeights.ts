import { aligned } from "../gpu/tensors.ts";
import type { HostTensor } from "../weights/hostTensor.ts";

/** Matrices with one input, laid row under row, and where each part begins. */
export interface JoinedHost {
  readonly whole: HostTensor;
  /** Of each part: its first element among the weights' 32-bit words and among the scales'. */
  readonly starts: readonly { readonly words: number; readonly scales: number }[];
}

type Words = Float32Array | Uint32Array;
const wordsOf = (host: HostTensor): Words => {
  if (host.format === "f32") return host.data;
  if (host.format === "f16") return new Uint32Array(host.halves.buffer, host.halves.byteOffset, host.halves.length / 2);
  return host.words;
};
const scalesOf = (host: HostTensor): Uint32Array => ("scales" in host ? host.scales : new Uint32Array());

/**
 * One matrix of several, so that one dispatch multiplies all of them; each stays usable as a view of the whole.
 * Undefined where they cannot be joined: other formats or widths, or parts that begin where no binding may.
 */
export function joinMatrices(parts: readonly HostTensor[]): JoinedHost | undefined {
  const [first] = parts;
  if (!first || parts.length < 2) return undefined;
  const groupOf = (host: HostTensor): number => ("group" in host ? host.group : 1);
  const alike = parts.every(
    (part) =>
      part.format === first.format && part.shape[1] === first.shape[1] && groupOf(part) === groupOf(first) && part.shape.length === 2,
  );
  if (!alike || !beginAligned(parts.map(wordsOf)) || !beginAligned(parts.map(scalesOf)) || !pairsAreWhole(parts)) return undefined;
  const starts: { words: number; scales: number }[] = [];
  let [words, scales] = [0, 0];
  for (const part of parts) {
    starts.push({ words, scales });
    words += wordsOf(part).length;
    scales += scalesOf(part).length;
  }
  return { whole: concatenate(first, parts), starts };
}

/** Every part but the first begins where the others end: that must be a place a binding may begin at. */
const beginAligned = (parts: readonly Words[]): boolean => parts.slice(0, -1).every(({ length }) => length === aligned(length));

/** Scales are pairs of f16: a part with an odd number of them would leave half a word. Those of int4m have a word of their own. */
const pairsAreWhole = (parts: readonly HostTensor[]): boolean =>
  parts.every(
    (part) => !("group" in part) || part.format === "int4m" || ((part.shape[0] ?? 0) * ((part.shape[1] ?? 0) / part.group)) % 2 === 0,
  );

function concatenate(first: HostTensor, parts: readonly HostTensor[]): HostTensor {
  const name = parts.map((part) => part.name).join(" + ");
  const shape: [number, number] = [parts.reduce((sum, part) => sum + (part.shape[0] ?? 0), 0), first.shape[1] ?? 0];
  const length = parts.reduce((sum, part) => sum + wordsOf(part).length, 0);
  if (first.format === "f32") return { ...first, name, shape, data: fill(new Float32Array(length), parts.map(wordsOf)) };
  const words = fill(new Uint32Array(length), parts.map(wordsOf));
  if (first.format === "f16") return { ...first, name, shape, halves: new Uint16Array(words.buffer) };
  const scales = fill(new Uint32Array(parts.reduce((sum, part) => sum + scalesOf(part).length, 0)), parts.map(scalesOf));
  return { ...first, name, shape, words, scales };
}

function fill<T extends Words>(target: T, parts: readonly Words[]): T {
  let at = 0;
  for (const part of parts) {
    target.set(part, at);
    at += part.length;
  }
  return target;
}
