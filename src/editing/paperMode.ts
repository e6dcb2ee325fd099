/** Paper mode: ELDER as published (arXiv 2408.11869) and as its released code does it; see docs/paper-mode.md. */
import { readFloats, tf } from "../gpu/tensors.ts";
import { createPrng } from "../lib/prng.ts";
import { allocationKey, allocationMask, drawAllocation, type Allocation } from "../mixture/allocation.ts";
import type { AllocationCode } from "../mixture/deferral.ts";
import { routeQueries, type MixtureState } from "../mixture/mixtureState.ts";
import type { Model } from "../model/model.ts";
import { trainMixture, type TrainingOptions, type TrainingSet, type TrainingStep } from "./trainer.ts";
import { padSamples, prepareBatch, type Sample } from "./trainingBatch.ts";

/** Trains the samples of one piece of knowledge towards its allocation. Wrap it in withRollback. */
export async function trainInPaperMode(
  model: Model,
  mixture: MixtureState,
  samples: readonly Sample[],
  allocation: Allocation,
  options: TrainingOptions = {},
): Promise<{ readonly curve: readonly TrainingStep[]; readonly codes: readonly AllocationCode[] }> {
  const curve = await trainMixture(model, mixture, trainingSets(samples, allocation, mixture), options);
  return { curve, codes: await sampleCodes(model, mixture, samples) };
}

/**
 * The n-th edit's experts depend on the seed and the edits before it alone, so that a replay gives the same codes.
 * @param before allocations of the edits so far
 */
export function nextAllocation({ settings }: MixtureState, before: readonly Allocation[]): Allocation {
  const taken = new Set(before.map(allocationKey));
  const prng = createPrng(settings.seed * 1_000_003 + before.length + 1);
  return drawAllocation(prng, settings.layers.length, settings.experts, settings.topK, taken);
}

/** Batches of at most `batchSize` samples, taken in turn. */
function trainingSets(samples: readonly Sample[], allocation: Allocation, { settings }: MixtureState): TrainingSet[] {
  const mask = allocationMask(allocation, settings.experts);
  const sets: TrainingSet[] = [];
  for (let from = 0; from < samples.length; from += settings.batchSize) {
    const batch = samples.slice(from, from + settings.batchSize);
    sets.push({ tokens: padSamples(batch), masks: batch.map(() => mask) });
  }
  return sets;
}

/** The allocation code of each sample: what the trained routers pick for its last prompt token. */
async function sampleCodes(model: Model, mixture: MixtureState, samples: readonly Sample[]): Promise<AllocationCode[]> {
  const prepared = prepareBatch(model, mixture.settings, padSamples(samples));
  let bits: number[];
  try {
    const picked = tf.tidy(() => routeQueries(mixture, prepared.query).picked);
    bits = Array.from(await readFloats(picked).finally(() => picked.dispose()));
  } finally {
    prepared.dispose();
  }
  const width = bits.length / samples.length;
  return samples.map((_, row) => bits.slice(row * width, (row + 1) * width));
}
