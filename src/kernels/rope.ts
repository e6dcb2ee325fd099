import shader from "../../shaders/rope.wgsl?raw";
import { defineKernel, f32, i32, type Kernel } from "../gpu/defineKernel.ts";
import type { Tensor } from "../gpu/tensors.ts";

export const ropeKernel: Kernel<"x" | "positions" | "table", "direction"> = defineKernel({
  name: "Rope",
  shader,
  inputs: { x: f32("N", "C"), positions: i32("N"), table: f32("S", "D") },
  output: f32("N", "C"),
  uniforms: { direction: "f32" },
  workgroup: 64,
  dispatch: ({ C = 0, N = 0 }) => [Math.ceil(C / 64), N, 1],
  flops: ({ C = 0, N = 0 }) => 4 * N * C,
  check: ({ C = 0, D = 1 }) => (C % D === 0 && D % 2 === 0 ? undefined : `heads of ${D} in ${C} columns`),
  reference: ({ x, positions, table }, { N = 0, C = 0, D = 2, direction = 1 }) => {
    const out = new Float32Array(N * C);
    const half = D / 2;
    for (let n = 0; n < N; n++) {
      for (let c = 0; c < C; c++) {
        const j = c % D;
        const angle = (positions[n] ?? 0) * D + (j % half);
        const other = j < half ? -(x[n * C + c + half] ?? 0) : (x[n * C + c - half] ?? 0);
        out[n * C + c] = (x[n * C + c] ?? 0) * (table[angle] ?? 0) + other * direction * (table[angle + half] ?? 0);
      }
    }
    return out;
  },
  // A rotation's transpose is the rotation back.
  gradient: {
    save: ["positions", "table"],
    backward: (dy, { positions, table }, { direction }) => ({
      x: () => ropeKernel.run({ x: dy, positions, table }, { direction: -direction }),
    }),
  },
});

/** Cosines | sines of every position, (length, 2 * frequencies.length), angles in float32 as Hugging Face has them. */
export function ropeTable(frequencies: readonly number[], length: number): Float32Array {
  const half = frequencies.length;
  const table = new Float32Array(length * 2 * half);
  for (let s = 0; s < length; s++) {
    frequencies.forEach((frequency, j) => {
      const angle = Math.fround(s * Math.fround(frequency));
      table[s * 2 * half + j] = Math.cos(angle);
      table[s * 2 * half + half + j] = Math.sin(angle);
    });
  }
  return table;
}

/** Rotary positions (Su et al., 2104.09864; halves paired as in Hugging Face). x (N, heads * D), positions (N) int32, table (S, D). */
export const rope = (x: Tensor, positions: Tensor, table: Tensor): Tensor => ropeKernel.run({ x, positions, table }, { direction: 1 });
