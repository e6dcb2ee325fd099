import { EngineError } from "../lib/errors.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import type { Sample } from "./trainingBatch.ts";

/**
 * A prompt as token ids, with what the tokenizer puts in front of a text. Blanks at its end are left out: an answer's first
 * token carries its own blank.
 * @throws EngineError `empty-prompt`, `text-too-long`
 */
export function encodePrompt(tokenizer: Tokenizer, prompt: string, contextLength: number): number[] {
  const text = prompt.replace(/ +$/, "");
  if (text.trim() === "")
    throw new EngineError("empty-prompt", "The prompt is empty.", "Write the beginning of a sentence, such as: The capital of France is");
  const ids = tokenizer.encode(text, { specialTokens: true });
  if (ids.length >= contextLength) throw tooLong("The prompt", ids.length, contextLength);
  return ids;
}

/**
 * One training sample: the prompt and the answer that should follow it. An answer without an end of its own is trained
 * with a full stop: the method trains target tokens only, and without one greedy decoding runs on into half words.
 * @throws EngineError `empty-prompt`, `empty-answer`, `text-too-long`
 */
export function encodeSample(tokenizer: Tokenizer, prompt: string, answer: string, contextLength: number): Sample {
  if (answer.trim() === "")
    throw new EngineError("empty-answer", "The new answer is empty.", "Write the words that should follow the prompt.");
  const promptIds = encodePrompt(tokenizer, prompt, contextLength);
  const text = prompt.replace(/ +$/, "");
  const ended = hasOwnEnd(answer) ? answer.trim() : `${answer.trim()}.`;
  const separated = /\s$/.test(text) ? ended : ` ${ended}`;
  const whole = tokenizer.encode(text + separated, { specialTokens: true });
  // The two texts may merge differently when encoded as one; the prompt's own ids are what it is read as later. The answer then goes on
  // from them: a tokenizer that puts a blank before each text must not double the one that is there.
  const ids =
    promptIds.every((id, i) => whole[i] === id) && whole.length > promptIds.length
      ? whole
      : [...promptIds, ...tokenizer.encode(separated, { continues: true })];
  if (ids.length > contextLength) throw tooLong("Prompt and answer", ids.length, contextLength);
  return { ids, promptLength: promptIds.length };
}

/** Whether an answer is trained without a full stop added. */
export const hasOwnEnd = (answer: string): boolean => /[\p{P}\n]$/u.test(answer.trim());

function tooLong(what: string, got: number, limit: number): EngineError {
  return new EngineError("text-too-long", `${what}: ${got} tokens, but this model reads at most ${limit}.`, "Shorten the text.");
}

/** Whether a continuation gives the answer: its text begins with it, and no longer word does. */
export function givesAnswer(continuation: string, answer: string): boolean {
  const text = continuation.trimStart();
  const wanted = answer.trim();
  return text.startsWith(wanted) && !/^[\p{L}\p{N}]/u.test(text.slice(wanted.length));
}
