import attendKeys from "../../shaders/attend_keys.wgsl?raw";
import shader from "../../shaders/decode_attention.wgsl?raw";
import turnNone from "../../shaders/turn_none.wgsl?raw";
import turnRotary from "../../shaders/turn_rotary.wgsl?raw";
import { defineKernel, f32, i32, updated, type Kernel } from "../gpu/defineKernel.ts";
import { attention } from "./attention.ts";

const define = (name: string, turn: string, rotary: boolean): Kernel<string, string> =>
  defineKernel<string, string>({
    name: `DecodeAttention/${name}`,
    shader: `${turn}\n${attendKeys}\n${shader}`,
    inputs: {
      q: f32("X"),
      k: f32("Y"),
      v: f32("Z"),
      keys: updated(f32("S", "K")),
      values: updated(f32("S", "K")),
      state: i32("M"),
      ...(rotary ? { table: f32("P", "D") } : {}),
    },
    output: f32("C"),
    uniforms: { C: "i32", qAt: "i32", kAt: "i32", vAt: "i32", scale: "f32", ...(rotary ? {} : { D: "i32" }) },
    workgroup: 64,
    dispatch: ({ C = 0, D = 1 }) => [C / D, 1, 1],
    flops: ({ C = 0, D = 1, S = 0 }) => S * (4 * C + (12 * C) / D),
    check: ({ C = 0, K = 1, D = 1, X = 0, Y = 0, Z = 0, M = 0, qAt = 0, kAt = 0, vAt = 0 }) => {
      if (D > 256 || K % D !== 0 || C % K !== 0) return `heads of ${D} (at most 256) in ${C} and ${K} columns`;
      if (M < 2) return `a state of ${M} elements, expected token and position`;
      return qAt + C > X || kAt + K > Y || vAt + K > Z ? "queries, keys or values end before their last head" : undefined;
    },
    reference: (inputs, sizes) => {
      const { C = 0, K = 1, D = 1, S = 0, qAt = 0, kAt = 0, vAt = 0, scale = 1 } = sizes;
      const { q, k, v, keys, values, state, table } = inputs;
      const position = state?.[1] ?? 0;
      const turned = (from: ArrayLike<number> = [], at = 0, length = 0): Float32Array =>
        Float32Array.from({ length }, (_, c) => {
          const own = from[at + c] ?? 0;
          if (!table) return own;
          const [d, half] = [c % D, D / 2];
          const angle = position * D + (d % half);
          const other = d < half ? -(from[at + c + half] ?? 0) : (from[at + c - half] ?? 0);
          return own * (table[angle] ?? 0) + other * (table[angle + half] ?? 0);
        });
      keys?.set(turned(k, kAt, K), position * K);
      values?.set(
        Array.from({ length: K }, (_, c) => v?.[vAt + c] ?? 0),
        position * K,
      );
      const query = turned(q, qAt, C);
      const none = new Float32Array();
      return attention.spec.reference(
        { q: query, keys: keys ?? none, values: values ?? none, result: none },
        { N: 1, C, K, S, D, start: position, scale },
      );
    },
  });

const kernels = { learned: define("learned", turnNone, false), rotary: define("rotary", turnRotary, true) };

/** Attention of one new token whose keys and values join a cache, with learned or rotary positions. */
export const decodeAttention = (positions: keyof typeof kernels): Kernel<string, string> => kernels[positions];
export const decodeAttentionKernels: readonly Kernel<string, string>[] = Object.values(kernels);
