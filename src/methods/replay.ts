import { encodeSample } from "../editing/promptText.ts";
import { padSamples, type Sample } from "../editing/trainingBatch.ts";
import { createPrng } from "../lib/prng.ts";
import { createDelta } from "./delta.ts";
import type { EditingMethod, Knowledge, MethodBase } from "./method.ts";
import { sequentialMethod } from "./sequential.ts";
import type { ReplaySettings } from "./settings.ts";
import { phrasingsOf } from "./shared.ts";
import { tune } from "./tune.ts";

/** One phrasing of an earlier edit. */
export interface Replayed {
  readonly prompt: string;
  readonly answer: string;
}

/**
 * Replay fine-tuning: one MLP down-projection, freely changed, on batches of the edit and some earlier ones. Localized fine-tuning that goes over all
 * edits in mini-batches rather than over one at a time (LocFT-BF, arXiv 2509.22072), made sequential: in place of epochs over edits that are yet to
 * come, each edit brings a few batches of earlier ones drawn by the seed, so that its cost does not grow with their number. Earlier edits are kept as
 * text, on the host. Every input is answered with the changed weight. For forgetting see `sequentialMethod`.
 */
export function createReplay(base: MethodBase, settings: ReplaySettings): EditingMethod {
  const { model, tokenizer, seed } = base;
  const delta = createDelta(model, settings);
  const sampleOf = ({ prompt, answer }: Replayed): Sample => encodeSample(tokenizer, prompt, answer, model.config.contextLength);
  return sequentialMethod<null>("replay", base, {
    ...delta,
    blank: null,
    async learn(samples, { earlier }, signal) {
      const drawn = drawReplayed(earlier, seed, settings);
      const batches = drawn.map((own) => delta.prepare(padSamples([...samples, ...own.map(sampleOf)])));
      try {
        const told = await tune(model, batches, delta.flat, () => delta.change, settings, signal);
        return { ...told, note: null };
      } finally {
        for (const { prepared } of batches) prepared.dispose();
      }
    },
  });
}

/**
 * What is trained again with the next edit: `draws` batches of `replayed` earlier edits, one phrasing each, all different within a batch. An edit whose
 * prompt was edited again is out of date and left out of those drawn.
 */
export function drawReplayed(
  earlier: readonly Knowledge[],
  seed: number,
  { draws, replayed }: Pick<ReplaySettings, "draws" | "replayed">,
): Replayed[][] {
  const prng = createPrng(seed * 1_000_003 + earlier.length + 1);
  const isLast = (at: number): boolean => earlier.findLastIndex(({ prompt }) => prompt === earlier[at]?.prompt) === at;
  return Array.from({ length: earlier.length > 0 ? draws : 1 }, () => {
    const places = new Set<number>();
    while (places.size < Math.min(replayed, earlier.length)) places.add(prng.below(earlier.length));
    return [...places].filter(isLast).flatMap((at) => {
      const draft = earlier[at];
      if (!draft) return [];
      const phrasings = phrasingsOf(draft);
      return [{ prompt: phrasings[prng.below(phrasings.length)] ?? draft.prompt, answer: draft.answer }];
    });
  });
}
