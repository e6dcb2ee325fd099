import reductions from "../../shaders/best_of_workgroup.wgsl?raw";
import shader from "../../shaders/sample.wgsl?raw";
import { defineKernel, f32, i32, updated } from "../gpu/defineKernel.ts";

/** A new token's hash in 32 bits (PCG output permutation, O'Neill 2014). */
function mixed(value: number): number {
  const state = (Math.imul(value, 747796405) + 2891336453) >>> 0;
  const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
  return ((word >>> 22) ^ word) >>> 0;
}

const gumbel = (token: number, step: number, seed: number): number => {
  const bits = mixed((token ^ mixed((step ^ mixed(seed >>> 0)) >>> 0)) >>> 0);
  return -Math.log(-Math.log(((bits >>> 9) + 0.5) / 8388608));
};

interface Rule {
  readonly topK: number;
  readonly topP: number;
  readonly temperature: number;
}

/** Tokens that may be drawn: the topK largest (equals of the last stay), of those the most probable up to topP. */
export function keptTokens(logits: ArrayLike<number>, { topK, topP, temperature }: Rule): number[] {
  const order = Array.from({ length: logits.length }, (_, i) => i).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);
  const least = topK > 0 && topK < order.length ? (logits[order[topK - 1] ?? 0] ?? 0) : -Infinity;
  const kept = order.filter((token) => (logits[token] ?? 0) >= least);
  const weight = (token: number): number => Math.exp(((logits[token] ?? 0) - (logits[order[0] ?? 0] ?? 0)) / temperature);
  const wanted = topP * kept.reduce((sum, token) => sum + weight(token), 0);
  let mass = 0;
  let last = Infinity;
  return kept.filter((token) => {
    const stays = topP >= 1 || mass < wanted || logits[token] === last;
    if (mass < wanted) last = logits[token] ?? 0;
    mass += weight(token);
    return stays;
  });
}

function drawToken(logits: ArrayLike<number>, rule: Rule, step: number, seed: number): number {
  const noisy = (token: number): number => (logits[token] ?? 0) / rule.temperature + gumbel(token, step, seed);
  return keptTokens(logits, rule).reduce((best, token) => (noisy(token) > noisy(best) ? token : best));
}

/** Draws a token from logits (V) and moves the decoding state on; see the shader for the layout of the result. */
export const sampleKernel = defineKernel({
  name: "Sample",
  shader: `${reductions}\n${shader}`,
  inputs: { logits: f32("V"), state: updated(i32("M")) },
  output: f32("R"),
  uniforms: { R: "i32", F: "i32", topK: "i32", topP: "f32", temperature: "f32", seed: "i32" },
  workgroup: 256,
  dispatch: () => [1, 1, 1],
  // Some forty passes over the logits: the cuts of topK and topP are found by bisection.
  flops: ({ V = 0 }) => 600 * V,
  check: ({ V = 0, R = 0, F = 0, M = 0 }) =>
    F >= 1 && F <= V && R === 2 + 2 * F && M >= 3 ? undefined : `${F} candidates of ${V} logits in ${R} figures, state of ${M}`,
  reference: ({ logits, state }, { V = 0, F = 0, topK = 0, topP = 1, temperature = 0, seed = 0 }) => {
    const order = Array.from({ length: V }, (_, i) => i).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);
    const top = order.slice(0, F);
    const step = state[2] ?? 0;
    const chosen = temperature > 0 ? drawToken(logits, { topK, topP, temperature }, step, seed) : (top[0] ?? 0);
    const highest = logits[top[0] ?? 0] ?? 0;
    const total = Array.from(logits).reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
    const probability = (token: number): number => Math.exp((logits[token] ?? 0) - highest) / total;
    state.set([chosen, (state[1] ?? 0) + 1, step + 1]);
    return Float32Array.of(chosen, ...top, probability(chosen), ...top.map(probability));
  },
});
