import type { Prng } from "../lib/prng.ts";

/** Softmax of a row of logits, in float64. */
export function softmaxRow(logits: Float32Array): Float64Array {
  const highest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const weights = Float64Array.from(logits, (logit) => Math.exp(logit - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The largest index; the lowest of equals. */
export function argMax(row: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if ((row[i] ?? -Infinity) > (row[best] ?? -Infinity)) best = i;
  return best;
}

/** The `count` most probable tokens, most probable first. */
export function mostProbable(probabilities: ArrayLike<number>, count: number): { id: number; probability: number }[] {
  return Array.from(probabilities, (probability, id) => ({ id, probability }))
    .sort((a, b) => b.probability - a.probability || a.id - b.id)
    .slice(0, count);
}

export interface SamplingRule {
  readonly temperature: number;
  /** Keep this many; 0 keeps all. */
  readonly topK: number;
  /** Keep the most probable up to this sum, one at least; 1 keeps all. */
  readonly topP: number;
}

/** Draws a token: temperature, then top k, then top p (Holtzman et al. 2020). */
export function sampleToken(logits: Float32Array, rule: SamplingRule, prng: Prng): number {
  const tempered = softmaxRow(logits.map((logit) => logit / rule.temperature));
  let kept = mostProbable(tempered, rule.topK > 0 ? rule.topK : tempered.length);
  let mass = 0;
  kept = kept.filter(({ probability }, rank) => {
    const before = mass;
    mass += probability;
    return rank === 0 || before < rule.topP;
  });
  const total = kept.reduce((sum, { probability }) => sum + probability, 0);
  let left = prng.next() * total;
  for (const { id, probability } of kept) {
    left -= probability;
    if (left < 0) return id;
  }
  return kept.at(-1)?.id ?? 0;
}
