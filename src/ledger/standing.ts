import { encodeSample, hasOwnEnd } from "../editing/promptText.ts";
import type { Sample } from "../editing/trainingBatch.ts";
import { matchAnswers } from "../methods/answers.ts";
import type { EditingMethod } from "../methods/method.ts";
import type { Model } from "../model/model.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import type { EditFacts, Standing } from "./edits.ts";

/** A prompt and the answer that is looked for, without the full stop that training adds. */
export interface AnswerProbe {
  readonly prompt: string;
  readonly answer: string;
}

/** How an answer fares after a prompt. */
export interface AnswerOdds extends Omit<Standing, "lostSince"> {
  /** Whether the base model was asked. */
  readonly deferred: boolean;
  /** Probability of each token of the answer, given those before it. */
  readonly tokens: readonly { readonly text: string; readonly probability: number }[];
}

/** @throws EngineError `empty-prompt`, `empty-answer`, `text-too-long` */
function probeSample(tokenizer: Tokenizer, { prompt, answer }: AnswerProbe, contextLength: number): Sample {
  const sample = encodeSample(tokenizer, prompt, answer, contextLength);
  const stops = !hasOwnEnd(answer) && tokenizer.piece(sample.ids.at(-1) ?? 0).text.trim() === ".";
  return stops && sample.ids.length > sample.promptLength + 1 ? { ...sample, ids: sample.ids.slice(0, -1) } : sample;
}

/** @param method null: the base model */
export async function answerOdds(
  model: Model,
  tokenizer: Tokenizer,
  method: EditingMethod | null,
  probes: readonly AnswerProbe[],
): Promise<AnswerOdds[]> {
  const samples = probes.map((probe) => probeSample(tokenizer, probe, model.config.contextLength));
  const matched = await matchAnswers(model, method, samples);
  return matched.map(({ scope, matches, losses }, n) => {
    const ids = samples[n]?.ids.slice(samples[n].promptLength) ?? [];
    return {
      deferred: scope?.deferred ?? true,
      holds: matches.every(Boolean),
      probability: Math.exp(-losses.reduce((sum, loss) => sum + loss, 0)),
      tokens: ids.map((id, i) => ({ text: tokenizer.piece(id).text, probability: Math.exp(-(losses[i] ?? Infinity)) })),
    };
  });
}

/** Of the edits that are on, by their number. */
export async function standingsOf(
  model: Model,
  tokenizer: Tokenizer,
  method: EditingMethod,
  edits: readonly EditFacts[],
): Promise<Map<number, AnswerOdds>> {
  const on = edits.filter((edit) => edit.on);
  const odds = await answerOdds(model, tokenizer, method, on);
  return new Map(on.map(({ id }, i) => [id, odds[i] as AnswerOdds]));
}
