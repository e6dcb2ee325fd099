import { throwIfCancelled } from "../lib/errors.ts";
import { GREEDY, type SamplingRule } from "../model/decodeRun.ts";
import type { Model } from "../model/model.ts";
import { scopeAt, type ScopeDecision, type StoredCode } from "../mixture/deferral.ts";
import type { MixtureState } from "../mixture/mixtureState.ts";
import { IncrementalDecoder } from "../tokenizer/incrementalDecoder.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { encodePrompt } from "./promptText.ts";
import { codeOfRow, startSequence, type RoutingRows, type Sequence } from "./sequence.ts";

/** A model with its mixture and the codes of its edits: all that answering takes. */
export interface EditedModel {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly mixture: MixtureState;
  /** Stored allocation codes of the edits in force. */
  readonly codes: readonly StoredCode[];
}

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
  /** Bits to the nearest stored code, token by token; null where there is no edit. */
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
  /** "auto": the deferral rule decides. "off": the base model answers. */
  readonly edits: "auto" | "off";
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
export async function traceRouting(edited: EditedModel, text: string, signal?: AbortSignal): Promise<RoutingTrace> {
  const ids = encodePrompt(edited.tokenizer, text, edited.model.config.contextLength);
  const sequence = startSequence(edited.model, edited.mixture, ids.length);
  try {
    const trace = traceOf(edited, ids, await sequence.readPrompt(ids, edited.codes));
    throwIfCancelled(signal);
    return trace;
  } finally {
    sequence.dispose();
  }
}

type ReadPrompt = Awaited<ReturnType<Sequence["readPrompt"]>>;

function traceOf({ tokenizer, codes, mixture }: EditedModel, ids: readonly number[], { rows, distances }: ReadPrompt): RoutingTrace {
  const decidingToken = ids.length - 1;
  const toStored = (token: number): Float32Array => distances.subarray(token * codes.length, (token + 1) * codes.length);
  const scope = scopeAt(codeOfRow(rows, decidingToken), codes, toStored(decidingToken), mixture.settings.hammingThreshold);
  const nearest = ids.map((_, token) => (codes.length === 0 ? null : toStored(token).reduce((a, b) => Math.min(a, b), Infinity)));
  return { pieces: ids.map((id) => pieceOf(tokenizer, id)), rows, nearest, decidingToken, scope };
}

/**
 * Continues a prompt, token by token.
 * @throws EngineError `empty-prompt`, `text-too-long`, `cancelled`
 */
export async function generate(
  edited: EditedModel,
  params: GenerateParams,
  { signal, onEvent }: GenerateOptions = {},
): Promise<GenerateResult> {
  const { model, tokenizer, mixture } = edited;
  const started = performance.now();
  const ids = encodePrompt(tokenizer, params.prompt, model.config.contextLength);
  const capacity = Math.min(model.config.contextLength, ids.length + params.maxTokens);
  const sequence = startSequence(model, mixture, capacity);
  try {
    const trace = traceOf(edited, ids, await sequence.readPrompt(ids, edited.codes));
    throwIfCancelled(signal);
    onEvent?.({ kind: "prompt", trace });
    sequence.answerPrompt(params.edits === "auto" && trace.scope.inScope, ruleOf(params.sampling));
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
