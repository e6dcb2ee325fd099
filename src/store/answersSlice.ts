import type { ErrorFacts } from "../lib/errors.ts";
import type { GenerateEvent, GenerateResult, ScopeDecision, TokenCandidate, TokenPiece } from "../engine/protocol.ts";

/** base: edits off. edited: the deferral rule decides. */
export type AnswerColumn = "base" | "edited";

export interface AnswerToken {
  readonly piece: TokenPiece;
  readonly probability: number;
  readonly candidates: readonly TokenCandidate[];
}

export interface Answer {
  readonly status: "idle" | "queued" | "running" | "done" | "cancelled" | "failed";
  readonly prompt: string;
  readonly text: string;
  readonly tokens: readonly AnswerToken[];
  readonly scope: ScopeDecision | null;
  readonly stopped: GenerateResult["stopped"] | null;
  readonly tokensPerSecond: number | null;
  readonly firstTokenMs: number | null;
  readonly error: ErrorFacts | null;
}

export type AnswersState = Readonly<Record<AnswerColumn, Answer>>;

const emptyAnswer: Answer = {
  status: "idle",
  prompt: "",
  text: "",
  tokens: [],
  scope: null,
  stopped: null,
  tokensPerSecond: null,
  firstTokenMs: null,
  error: null,
};

export const initialAnswers: AnswersState = { base: emptyAnswer, edited: emptyAnswer };

export function queuedAnswer(prompt: string): Answer {
  return { ...emptyAnswer, status: "queued", prompt };
}

export function answerEvent(answer: Answer, event: GenerateEvent): Answer {
  if (event.kind === "prompt") return { ...answer, status: "running", scope: event.trace.scope };
  const { piece, probability, candidates } = event;
  return { ...answer, status: "running", text: answer.text + event.text, tokens: [...answer.tokens, { piece, probability, candidates }] };
}

export function answerDone(answer: Answer, result: GenerateResult): Answer {
  const { text, scope, stopped, tokensPerSecond, firstTokenMs } = result;
  return { ...answer, status: "done", text, scope, stopped, tokensPerSecond, firstTokenMs };
}

export function answerFailed(answer: Answer, error: ErrorFacts): Answer {
  if (error.code === "cancelled") return { ...answer, status: "cancelled" };
  return { ...answer, status: "failed", error };
}
