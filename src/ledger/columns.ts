/** One prompt answered by several methods that know the same edits, side by side. */
import { encodePrompt } from "../editing/promptText.ts";
import { endsSentence } from "../editing/generate.ts";
import { padSamples } from "../editing/trainingBatch.ts";
import { readFloats, tf } from "../gpu/tensors.ts";
import { throwIfCancelled } from "../lib/errors.ts";
import { logitsAt } from "../methods/answers.ts";
import type { EditingMethod } from "../methods/method.ts";
import type { Model } from "../model/model.ts";
import { IncrementalDecoder } from "../tokenizer/incrementalDecoder.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { answerOdds, type AnswerOdds } from "./standing.ts";

export interface ColumnToken {
  readonly id: number;
  readonly text: string;
  readonly probability: number;
  /** The most probable tokens at this place, most probable first. */
  readonly candidates: readonly { readonly id: number; readonly text: string; readonly probability: number }[];
}

/** What one method answers to a prompt. */
export interface ColumnAnswer {
  readonly text: string;
  readonly tokens: readonly ColumnToken[];
  /** Whether the base model answered, by the method's own rule. */
  readonly deferred: boolean;
  readonly edit: number | null;
  /** How the answers that were asked about fare, in their order. */
  readonly odds: readonly AnswerOdds[];
}

export interface ColumnQuestion {
  readonly prompt: string;
  readonly maxTokens: number;
  /** Answers whose probability is wanted, token by token: the old one and the new one. */
  readonly answers: readonly string[];
}

const CANDIDATES = 5;

/**
 * Greedy, without a cache: a pass a token, which serves every method alike.
 * @param method null: the base model
 * @throws EngineError `empty-prompt`, `empty-answer`, `text-too-long`, `cancelled`
 */
export async function answerColumn(
  { model, tokenizer }: { readonly model: Model; readonly tokenizer: Tokenizer },
  method: EditingMethod | null,
  { prompt, maxTokens, answers }: ColumnQuestion,
  signal?: AbortSignal,
): Promise<ColumnAnswer> {
  const ids = encodePrompt(tokenizer, prompt, model.config.contextLength);
  const most = Math.min(maxTokens, model.config.contextLength - ids.length);
  const asked = await method?.scope([ids]);
  try {
    const scope = asked?.scopes[0];
    const answersItself = asked && scope && !scope.deferred;
    const tokens: ColumnToken[] = [];
    const decoder = new IncrementalDecoder(tokenizer);
    let text = "";
    while (tokens.length < most) {
      const sofar = [...ids, ...tokens.map(({ id }) => id)];
      const token = await nextToken(model, tokenizer, sofar, ids.length, answersItself ? asked : undefined);
      throwIfCancelled(signal);
      if (tokenizer.endTokens.includes(token.id)) break;
      tokens.push(token);
      text += decoder.push(token.id);
      if (endsSentence(text)) break;
    }
    const odds = await answerOdds(
      model,
      tokenizer,
      method,
      answers.map((answer) => ({ prompt, answer })),
    );
    return { text: text + decoder.flush(), tokens, deferred: scope?.deferred ?? true, edit: scope?.edit ?? null, odds };
  } finally {
    asked?.dispose();
  }
}

async function nextToken(
  model: Model,
  tokenizer: Tokenizer,
  ids: readonly number[],
  promptLength: number,
  asked: Awaited<ReturnType<EditingMethod["scope"]>> | undefined,
): Promise<ColumnToken> {
  const batch = padSamples([{ ids, promptLength }]);
  const change = asked?.intervene([0], batch);
  try {
    const softmax = tf.tidy(() => tf.softmax(tf.reshape(logitsAt(model, batch, [ids.length - 1], change), [-1])));
    const probabilities = await readFloats(softmax);
    softmax.dispose();
    const candidates = mostProbable(probabilities).map((id) => ({
      id,
      text: tokenizer.piece(id).text,
      probability: probabilities[id] ?? 0,
    }));
    return { ...(candidates[0] ?? { id: 0, text: "", probability: NaN }), candidates };
  } finally {
    change?.dispose();
  }
}

/** Of equals the first, as greedy decoding takes it. */
function mostProbable(probabilities: Float32Array): number[] {
  const best: number[] = [];
  for (let id = 0; id < probabilities.length; id++) {
    const at = best.findIndex((other) => (probabilities[id] ?? 0) > (probabilities[other] ?? 0));
    if (at !== -1) best.splice(at, 0, id);
    else if (best.length < CANDIDATES) best.push(id);
    if (best.length > CANDIDATES) best.pop();
  }
  return best;
}
