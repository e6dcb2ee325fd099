/** Paper mode: ELDER as published (arXiv 2408.11869) and as its released code does it; see docs/paper-mode.md. */
import { readFloats, tf } from "../gpu/tensors.ts";
import { EngineError } from "../lib/errors.ts";
import { createPrng } from "../lib/prng.ts";
import { allocationKey, allocationMask, drawAllocation, type Allocation } from "../mixture/allocation.ts";
import type { AllocationCode } from "../mixture/deferral.ts";
import { routeQueries, withRollback, type MixtureState } from "../mixture/mixtureState.ts";
import type { Model } from "../model/model.ts";
import { storedCodes, type EditDraft, type EditFacts } from "./editLog.ts";
import { generate, type EditedModel } from "./generate.ts";
import { encodeSample, givesAnswer } from "./promptText.ts";
import { trainMixture, type TrainingOptions, type TrainingSet, type TrainingStep } from "./trainer.ts";
import { padSamples, prepareBatch, type Sample } from "./trainingBatch.ts";

/** Tokens generated to see what an answer is, beyond the answer's own length. */
const ANSWER_MARGIN = 8;

/**
 * Writes one piece of knowledge: allocates experts, trains, stores the samples' codes.
 * @param edits the edits so far; left alone
 * @returns the new edit, to be added to them; on any error the mixture is what it was
 * @throws EngineError `empty-prompt`, `empty-answer`, `text-too-long`, `answer-unchanged`, `allocations-exhausted`,
 *   `training-diverged`, `cancelled`
 */
export async function editInPaperMode(
  edited: Omit<EditedModel, "codes">,
  edits: readonly EditFacts[],
  draft: EditDraft,
  options: TrainingOptions = {},
): Promise<EditFacts> {
  const { model, tokenizer, mixture } = edited;
  const started = performance.now();
  const prompts = [draft.prompt, ...draft.rephrasings.filter((text) => text.trim() !== "")];
  const samples = prompts.map((prompt) => encodeSample(tokenizer, prompt, draft.answer, model.config.contextLength));
  const [first] = samples;
  if (!first) throw new EngineError("empty-prompt", "There is no prompt.", "Give the edit a prompt.");
  const answerTokens = first.ids.length - first.promptLength;
  const ask = async (codes: EditedModel["codes"], mode: "auto" | "off"): Promise<string> => {
    const params = {
      prompt: draft.prompt,
      maxTokens: answerTokens + ANSWER_MARGIN,
      sampling: { kind: "greedy" },
      edits: mode,
      stopAtSentence: true,
    } as const;
    return (await generate({ ...edited, codes }, params, { signal: options.signal })).text;
  };
  const before = await ask(storedCodes(edits), "auto");
  if (givesAnswer(before, draft.answer)) {
    throw new EngineError(
      "answer-unchanged",
      `The model already answers ${JSON.stringify(draft.answer.trim())} to this prompt.`,
      "Give an answer that differs from the one it has.",
    );
  }
  const baseAnswer = edits.length === 0 ? before : await ask([], "off");
  const allocation = nextAllocation(
    mixture,
    edits.map((edit) => edit.allocation),
  );
  return withRollback(mixture, async () => {
    const { curve, codes } = await trainInPaperMode(model, mixture, samples, allocation, options);
    const id = (edits.at(-1)?.id ?? 0) + 1;
    const answerAfter = await ask([...storedCodes(edits), ...codes.map((code) => ({ edit: id, code }))], "auto");
    return {
      ...draft,
      rephrasings: prompts.slice(1),
      id,
      baseAnswer: baseAnswer.trim(),
      allocation,
      codes,
      curve,
      seconds: (performance.now() - started) / 1000,
      answerAfter: answerAfter.trim(),
      holds: givesAnswer(answerAfter, draft.answer),
    };
  });
}

/** The method itself: trains the samples of one piece of knowledge towards its allocation. Wrap it in withRollback. */
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
  const { probabilities, gates, picked } = routeQueries(mixture, prepared.query);
  const bits = Array.from(await readFloats(picked));
  tf.dispose([probabilities, gates, picked]);
  prepared.dispose();
  const width = bits.length / samples.length;
  return samples.map((_, row) => bits.slice(row * width, (row + 1) * width));
}
