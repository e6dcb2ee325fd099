/** What one edit did: what it reaches, and what it leaves alone. */
import { generate, type AnsweringModel } from "../editing/generate.ts";
import { throwIfCancelled } from "../lib/errors.ts";
import type { EditFacts } from "./edits.ts";
import type { Ledger } from "./ledger.ts";
import { answerOdds, type AnswerOdds } from "./standing.ts";

/** A prompt that no edit is about, before and after. */
export interface ProbeOutcome {
  readonly prompt: string;
  /** The edit whose scope the prompt is in; null where it is deferred, and the base model answers to the bit. */
  readonly edit: number | null;
  /** Greedy answers; the same text where it is deferred. */
  readonly before: string;
  readonly after: string;
}

export interface Scorecard {
  readonly id: number;
  readonly reliability: AnswerOdds;
  readonly rephrasings: readonly (AnswerOdds & { readonly prompt: string })[];
  readonly probes: readonly ProbeOutcome[];
  /** Other edits that held when they were asked before, and hold no more; the ledger's own standings are up to date after this. */
  readonly lost: readonly number[];
}

/** Tokens of an answer to a probe. */
const PROBE_TOKENS = 12;

interface ScorecardOptions {
  readonly signal?: AbortSignal | undefined;
  /** Awaited between probes; it throws where the edit is there no more. */
  readonly rest?: (() => Promise<void>) | undefined;
}

/**
 * @param probes prompts that should keep their answers
 * @throws EngineError `unknown-edit`, `empty-prompt`, `text-too-long`, `cancelled`
 */
export async function scorecardOf(
  ledger: Ledger,
  edit: EditFacts,
  probes: readonly string[],
  { signal, rest }: ScorecardOptions = {},
): Promise<Scorecard> {
  const { model, tokenizer } = ledger.answering;
  const prompts = [edit.prompt, ...edit.rephrasings];
  const odds = await answerOdds(
    model,
    tokenizer,
    ledger.method,
    prompts.map((prompt) => ({ prompt, answer: edit.answer })),
  );
  const [reliability, ...others] = odds;
  throwIfCancelled(signal);
  const outcomes: ProbeOutcome[] = [];
  for (const prompt of probes) {
    await rest?.();
    outcomes.push(await probe(ledger.answering, prompt, signal));
  }
  const held = ledger.facts.edits.filter(({ standing, holds }) => standing?.holds ?? holds).map(({ id }) => id);
  await ledger.audit(signal);
  const lost = ledger.facts.edits.filter(({ id, on, standing }) => on && held.includes(id) && standing?.holds === false && id !== edit.id);
  return {
    id: edit.id,
    reliability: reliability as AnswerOdds,
    rephrasings: others.map((own, i) => ({ ...own, prompt: edit.rephrasings[i] ?? "" })),
    probes: outcomes,
    lost: lost.map(({ id }) => id),
  };
}

async function probe(answering: AnsweringModel, prompt: string, signal?: AbortSignal): Promise<ProbeOutcome> {
  const ask = (edits: "auto" | "off") =>
    generate(answering, { prompt, maxTokens: PROBE_TOKENS, sampling: { kind: "greedy" }, edits, stopAtSentence: true }, { signal });
  const after = await ask("auto");
  const text = after.text.trim();
  if (!after.scope.inScope) return { prompt, edit: null, before: text, after: text };
  return { prompt, edit: after.scope.nearestEdit, before: (await ask("off")).text.trim(), after: text };
}

/** Probability of the edit's answer at each strength, after its prompt or another one; the edit's own strength is as before afterwards. */
export async function strengthCurve(
  ledger: Ledger,
  edit: EditFacts,
  prompt: string,
  strengths: readonly number[],
  signal?: AbortSignal,
): Promise<number[]> {
  const { model, tokenizer } = ledger.answering;
  const inForce = new Map(ledger.facts.edits.filter(({ on }) => on).map(({ id, strength }) => [id, strength]));
  const curve: number[] = [];
  try {
    for (const strength of strengths) {
      ledger.method.use(new Map(inForce).set(edit.id, strength));
      const [odds] = await answerOdds(model, tokenizer, ledger.method, [{ prompt, answer: edit.answer }]);
      throwIfCancelled(signal);
      curve.push(odds?.probability ?? NaN);
    }
    return curve;
  } finally {
    ledger.method.use(inForce);
  }
}
