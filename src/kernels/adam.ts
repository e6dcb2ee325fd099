import shader from "../../shaders/adam.wgsl?raw";
import { defineKernel, f32, f32x4, updated, type Sizes } from "../gpu/defineKernel.ts";

/** Sum of squares and faults of one workgroup. */
export const TALLIES = 2;
const MOST_WORKGROUPS = 1024;

/** Workgroups that take N parameters. */
export const adamWorkgroups = (parameters: number): number => Math.min(MOST_WORKGROUPS, Math.max(1, Math.ceil(parameters / 256)));

/** One Adam step of parameters (N) and moments (2, N), in place; see the shader for what is tallied and when nothing changes. */
export const adamKernel = defineKernel({
  name: "Adam",
  shader,
  inputs: { g: f32x4("N"), report: f32("S"), moments: updated(f32x4("P", "N")), tallies: updated(f32("W", "F")) },
  output: f32x4("N"),
  uniforms: { beta1: "f32", beta2: "f32", rate: "f32", epsilon: "f32", correction1: "f32", correction2: "f32", reach: "f32" },
  workgroup: 64,
  dispatch: ({ W = 1 }) => [W, 1, 1],
  flops: ({ N = 0 }) => 30 * N,
  check: ({ N = 0, S = 0, P = 0, F = 0 }) =>
    N % 4 === 0 && S === 4 && P === 2 && F === TALLIES ? undefined : `${N} parameters, ${P} moments, ${F} tallies, a report of ${S}`,
  inPlace: true,
  reference: (inputs, sizes) => {
    const { N = 0, W = 1, F = 2 } = sizes;
    const frozen = inputs.report[3] !== 0;
    inputs.tallies.fill(0);
    for (let w = 0; w < W; w++) inputs.tallies[w * F + 1] = frozen ? 64 : 0;
    if (frozen) return inputs.result as Float32Array;
    for (let n = 0; n < N; n += 4) {
      const group = Math.floor(n / 256) % W;
      inputs.tallies[group * F]! += [0, 1, 2, 3].reduce((sum, j) => sum + (inputs.g[n + j] ?? 0) ** 2, 0);
      inputs.tallies[group * F + 1]! += stepFour(inputs, sizes, n);
    }
    return inputs.result as Float32Array;
  },
});

type Host = Readonly<Record<"g" | "moments" | "result", Float32Array | Int32Array>>;

/** Steps four elements, or none where one is at fault. @returns how many are */
function stepFour({ g, moments, result }: Host, sizes: Sizes, first: number): number {
  const { N = 0, beta1 = 0, beta2 = 0, rate = 0, epsilon = 0, correction1 = 1, correction2 = 1, reach = 0 } = sizes;
  const steps = [0, 1, 2, 3].map((j) => {
    const slope = g[first + j] ?? 0;
    const m = beta1 * (moments[first + j] ?? 0) + (1 - beta1) * slope;
    const v = beta2 * (moments[N + first + j] ?? 0) + (1 - beta2) * slope * slope;
    const next = (result[first + j] ?? 0) - (rate * (m / correction1)) / (Math.sqrt(v / correction2) + epsilon);
    return { m, v, next, bad: !Number.isFinite(slope) || !(Math.abs(next) <= reach) };
  });
  const faults = steps.filter(({ bad }) => bad).length;
  if (faults > 0) return faults;
  steps.forEach(({ m, v, next }, j) => {
    moments[first + j] = m;
    moments[N + first + j] = v;
    result[first + j] = next;
  });
  return 0;
}
