import shader from "../../shaders/code_distances.wgsl?raw";
import { defineKernel, f32, i32 } from "../gpu/defineKernel.ts";
import { hammingDistance } from "../lib/hamming.ts";

const MOST_WORDS = 256;

/** Codes of 0 and 1 as words: bit j in bit j % 32 of word j / 32. */
export function packCodes(codes: readonly (readonly number[])[]): Int32Array {
  const words = Math.ceil((codes[0]?.length ?? 0) / 32);
  const packed = new Int32Array(codes.length * words);
  codes.forEach((code, s) => code.forEach((bit, j) => (packed[s * words + Math.floor(j / 32)]! |= bit << (j % 32))));
  return packed;
}

/** Distances (N, S) of the codes in router outputs (N, L, 3 E) to stored codes (S, W), packed by packCodes. */
export const codeDistances = defineKernel({
  name: "CodeDistances",
  shader,
  inputs: { routed: f32("N", "L", "P"), codes: i32("S", "W") },
  output: f32("N", "S"),
  uniforms: {},
  workgroup: 64,
  dispatch: ({ N = 0 }) => [N, 1, 1],
  flops: ({ N = 0, S = 0, W = 0, L = 0, P = 0 }) => N * (3 * S * W + L * P),
  check: ({ L = 0, P = 0, W = 0 }) =>
    W === Math.ceil((L * P) / 96) && W <= MOST_WORDS ? undefined : `${W} words for ${(L * P) / 3} bits, at most ${MOST_WORDS}`,
  reference: ({ routed, codes }, { N = 0, L = 0, P = 0, S = 0, W = 0 }) => {
    const E = P / 3;
    const bitsOf = (words: ArrayLike<number>): number[] =>
      Array.from({ length: 32 * W }, (_, j) => ((words[j >> 5] ?? 0) >>> (j % 32)) & 1);
    const rows = Array.from({ length: N }, (_, n) =>
      Array.from({ length: 32 * W }, (__, j) => (j < L * E ? Number(routed[(n * L + Math.floor(j / E)) * P + 2 * E + (j % E)] !== 0) : 0)),
    );
    const stored = Array.from({ length: S }, (_, s) => bitsOf(codes.subarray(s * W, (s + 1) * W)));
    return Float32Array.from(rows.flatMap((row) => stored.map((code) => hammingDistance(row, code))));
  },
});
