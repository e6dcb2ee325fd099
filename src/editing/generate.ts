import { throwIfCancelled } from "../lib/errors.ts";
import { GREEDY, type SamplingRule } from "../model/decodeRun.ts";
import type { Model } from "../model/model.ts";
import type { ScopeDecision } from "../mixture/deferral.ts";
import { IncrementalDecoder } from "../tokenizer/incrementalDecoder.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { startMixtureSequence, type CodedMixture } from "./mixtureSequence.ts";
import { encodePrompt } from "./promptText.ts";
import type { Reading, RoutingOverride, RoutingRows, Sequence } from "./sequence.ts";

/** A model with its edits: all that answering takes. */
export interface AnsweringModel {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  /** @param capacity tokens the sequence may grow to */
  startSequence(capacity: number): Sequence;
}

/** A model with a mixture and the codes of its edits. */
export interface EditedModel extends CodedMixture {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
}

/** Paper mode's answers. */
export const answering = (edited: EditedModel): AnsweringModel => ({
  model: edited.model,
  tokenizer: edited.tokenizer,
  startSequence: (capacity) => startMixtureSequence(edited.model, edited, capacity),
});

/** One token as it is drawn. */
export interface TokenPiece {
  readonly id: number;
  /** The token's own text; `<0xE2>` for a byte that is only part of a character. */
  readonly text: string;
  readonly special: boolean;
}

/** What routing the text so far would be; only the last prompt token's column decides. */
export interface RoutingTrace {
  readonly pieces: readonly TokenPiece[];
  readonly rows: RoutingRows;
  /** Distance to the nearest edit, token by token, as the decision measures it; null where there is none. */
  readonly nearest: readonly (number | null)[];
  /** Index of the deciding token: the prompt's last. */
  readonly decidingToken: number;
  readonly scope: ScopeDecision;
}

export type Sampling =
  | { readonly kind: "greedy" }
  | { readonly kind: "sampled"; readonly temperature: number; readonly topK: number; readonly topP: number; readonly seed: number };

export interface GenerateParams {
  readonly prompt: string;
  readonly maxTokens: number;
  readonly sampling: Sampling;
  /** "auto": the deferral rule decides. "off": the base model answers. "on": the edits answer, whatever the rule says. */
  readonly edits: "auto" | "off" | "on";
  /** Experts that a person forces or mutes where the edits answer. */
  readonly overrides?: readonly RoutingOverride[];
  /** Stop after the first sentence end or line. */
  readonly stopAtSentence: boolean;
}

export interface TokenCandidate {
  readonly id: number;
  readonly text: string;
  readonly probability: number;
}

export type GenerateEvent =
  | { readonly kind: "prompt"; readonly trace: RoutingTrace }
  | {
      readonly kind: "token";
      readonly piece: TokenPiece;
      /** Text that became certain with this token; may be empty inside a multi-byte character. */
      readonly text: string;
      readonly probability: number;
      /** The five most probable tokens at this place. */
      readonly candidates: readonly TokenCandidate[];
      /** The new token's own what-if routing, one row. */
      readonly row: RoutingRows;
    };

export interface GenerateResult {
  readonly text: string;
  readonly pieces: readonly TokenPiece[];
  readonly scope: ScopeDecision;
  readonly stopped: "length" | "end" | "sentence";
  readonly tokensPerSecond: number;
  /** Milliseconds from the call to the first token. */
  readonly firstTokenMs: number;
}

export interface GenerateOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: GenerateEvent) => void) | undefined;
}

function pieceOf(tokenizer: Tokenizer, id: number): TokenPiece {
  return { id, text: tokenizer.piece(id).text, special: tokenizer.isSpecial(id) };
}

/** The routing every token of a text would get, and the decision of its last one. */
export async function traceRouting(edited: AnsweringModel, text: string, signal?: AbortSignal): Promise<RoutingTrace> {
  const ids = encodePrompt(edited.tokenizer, text, edited.model.config.contextLength);
  const sequence = edited.startSequence(ids.length);
  try {
    const trace = traceOf(edited.tokenizer, ids, await sequence.readPrompt(ids));
    throwIfCancelled(signal);
    return trace;
  } finally {
    sequence.dispose();
  }
}

const traceOf = (tokenizer: Tokenizer, ids: readonly number[], reading: Reading): RoutingTrace => ({
  ...reading,
  pieces: ids.map((id) => pieceOf(tokenizer, id)),
  decidingToken: ids.length - 1,
});

/**
 * Continues a prompt, token by token.
 * @throws EngineError `empty-prompt`, `text-too-long`, `cancelled`
 */
export async function generate(
  edited: AnsweringModel,
  params: GenerateParams,
  { signal, onEvent }: GenerateOptions = {},
): Promise<GenerateResult> {
  const { model, tokenizer } = edited;
  const started = performance.now();
  const ids = encodePrompt(tokenizer, params.prompt, model.config.contextLength);
  const capacity = Math.min(model.config.contextLength, ids.length + params.maxTokens);
  const sequence = edited.startSequence(capacity);
  try {
    const trace = traceOf(tokenizer, ids, await sequence.readPrompt(ids));
    throwIfCancelled(signal);
    onEvent?.({ kind: "prompt", trace });
    const answers = params.edits === "on" || (params.edits === "auto" && trace.scope.inScope);
    sequence.answerPrompt(answers, ruleOf(params.sampling), params.overrides);
    const decoder = new IncrementalDecoder(tokenizer);
    const pieces: TokenPiece[] = [];
    let text = "";
    let stopped: GenerateResult["stopped"] = "length";
    let firstTokenMs = 0;
    while (ids.length + pieces.length < capacity) {
      throwIfCancelled(signal);
      const { id, probability, row, ...next } = await sequence.next();
      if (tokenizer.endTokens.includes(id)) {
        stopped = "end";
        break;
      }
      const piece = pieceOf(tokenizer, id);
      const certain = decoder.push(id);
      text += certain;
      pieces.push(piece);
      firstTokenMs ||= performance.now() - started;
      const candidates = next.candidates.map((candidate) => ({ ...candidate, text: tokenizer.piece(candidate.id).text }));
      onEvent?.({ kind: "token", piece, text: certain, probability, candidates, row });
      if (params.stopAtSentence && endsSentence(text)) {
        stopped = "sentence";
        break;
      }
    }
    const seconds = (performance.now() - started) / 1000;
    return { text: text + decoder.flush(), pieces, scope: trace.scope, stopped, tokensPerSecond: pieces.length / seconds, firstTokenMs };
  } finally {
    sequence.dispose();
  }
}

const ruleOf = (sampling: Sampling): SamplingRule => (sampling.kind === "greedy" ? GREEDY : sampling);

/** A full stop, question or exclamation mark (with quotes or brackets after it) at the end, or a finished line. */
export function endsSentence(text: string): boolean {
  return /[^\s\d][.!?…]["'”’)\]]*$|\S\s*\n/u.test(text);
}
