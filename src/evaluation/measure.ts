/** How the prompts of some records fare with a method as it is now. */
import { endsSentence } from "../editing/generate.ts";
import { encodePrompt, encodeSample, hasOwnEnd } from "../editing/promptText.ts";
import type { Sample } from "../editing/trainingBatch.ts";
import { matchAnswers, type AnswerMatch } from "../methods/answers.ts";
import type { EditingMethod, MethodScope } from "../methods/method.ts";
import type { Model } from "../model/model.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { baseGreedy } from "./baseGreedy.ts";
import type { EditRecord, LocalityPrompt } from "./editSet.ts";
import type { Measured } from "./metrics.ts";
import { LOCALITY_PARTS, LOCALITY_TOKENS, type PassageLoss, type PromptOutcome } from "./results.ts";

/** Prompts asked at once, at most. */
const TOGETHER = 32;

export interface Subject {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly method: EditingMethod;
}

/** The base model's answers to locality prompts that were asked together, by their token ids: they never change. */
export type BaseAnswers = Map<string, readonly (readonly number[])[]>;

/** A prompt with the answer that is looked for. */
interface Probe {
  readonly prompt: string;
  readonly sample: Sample;
  /** Target tokens that count teacher-forced. */
  readonly counted: number;
}

/** @throws EngineError `text-too-long`, `empty-prompt`, `empty-answer` for a record that cannot be measured */
export function checkRecord({ model, tokenizer }: Subject, record: EditRecord): void {
  probesOf(tokenizer, record, [record.prompt, ...record.rephrasings, ...record.heldOut], model.config.contextLength);
  for (const { prompt } of record.locality) encodePrompt(tokenizer, prompt, model.config.contextLength);
}

/**
 * Measures records together: in the same company they get the same bits.
 * @param whole false: their own prompts alone
 * @param baseAnswers what is missing of it is computed and added
 */
export async function measureRecords(
  subject: Subject,
  records: readonly EditRecord[],
  whole: boolean,
  baseAnswers: BaseAnswers,
): Promise<Measured[]> {
  const context = subject.model.config.contextLength;
  const probes = records.map((record) => probesOf(subject.tokenizer, record, [record.prompt, ...(whole ? record.heldOut : [])], context));
  const own = await matchProbes(subject, probes.flat());
  const asked = whole ? records.flatMap(({ locality }) => locality) : [];
  const kept = await localityOutcomes(subject, asked, baseAnswers);
  return probes.map((one, i) => {
    const [first, ...heldOut] = own.splice(0, one.length) as [PromptOutcome, ...PromptOutcome[]];
    return { own: first, heldOut, locality: whole ? kept.splice(0, records[i]?.locality.length) : [] };
  });
}

function probesOf(tokenizer: Tokenizer, { answer }: EditRecord, prompts: readonly string[], contextLength: number): Probe[] {
  return prompts.map((prompt) => {
    const sample = encodeSample(tokenizer, prompt, answer, contextLength);
    const targets = sample.ids.slice(sample.promptLength);
    const added = !hasOwnEnd(answer) && targets.length > 1 && tokenizer.piece(targets.at(-1) ?? 0).text === ".";
    return { prompt, sample, counted: targets.length - Number(added) };
  });
}

/** Prompts that are deferred keep their answer without being asked: the base model gives it. */
async function localityOutcomes(subject: Subject, asked: readonly LocalityPrompt[], baseAnswers: BaseAnswers) {
  const { model, tokenizer } = subject;
  const prompts = asked.map(({ prompt }) => encodePrompt(tokenizer, prompt, model.config.contextLength));
  const scopes = await scopesOf(subject, prompts);
  const inScope = [...prompts.keys()].filter((i) => !scopes[i]?.deferred);
  const answers = await baseAnswersTo(
    subject,
    inScope.map((i) => prompts[i] ?? []),
    baseAnswers,
  );
  const probes = inScope.map((i, row): Probe => {
    const [ids = [], answer = []] = [prompts[i], answers[row]];
    return { prompt: asked[i]?.prompt ?? "", sample: { ids: [...ids, ...answer], promptLength: ids.length }, counted: answer.length };
  });
  const matched = await matchProbes(subject, probes);
  return asked.map(({ prompt, kind }, i) => {
    const {
      right,
      teacherForced: { hits, of },
    } = matched[inScope.indexOf(i)] ?? { right: true, teacherForced: { hits: 1, of: 1 } };
    const teacherForced = { hits: (hits * LOCALITY_PARTS) / of, of: LOCALITY_PARTS };
    return { prompt, right, teacherForced, deferred: scopes[i]?.deferred ?? true, edit: scopes[i]?.edit ?? null, kind };
  });
}

async function scopesOf({ method }: Subject, prompts: readonly (readonly number[])[]): Promise<MethodScope[]> {
  const scopes: MethodScope[] = [];
  for (let from = 0; from < prompts.length; from += TOGETHER) {
    const asked = await method.scope(prompts.slice(from, from + TOGETHER));
    scopes.push(...asked.scopes);
    asked.dispose();
  }
  return scopes;
}

async function baseAnswersTo({ model, tokenizer }: Subject, prompts: readonly (readonly number[])[], known: BaseAnswers) {
  const key = JSON.stringify(prompts);
  const before = known.get(key);
  if (before) return before;
  const answers: number[][] = [];
  for (let from = 0; from < prompts.length; from += TOGETHER)
    answers.push(...(await baseGreedy(model, prompts.slice(from, from + TOGETHER), LOCALITY_TOKENS, endOf(tokenizer))));
  known.set(key, answers);
  return answers;
}

const endOf =
  (tokenizer: Tokenizer) =>
  (ids: readonly number[]): boolean =>
    tokenizer.endTokens.includes(ids.at(-1) ?? -1) || endsSentence(tokenizer.decode(ids));

async function matchProbes({ model, method }: Subject, probes: readonly Probe[]): Promise<PromptOutcome[]> {
  const samples = probes.map(({ sample }) => sample);
  const matched = await matchAnswers(model, method, samples);
  return probes.map(({ prompt, counted }, i) => {
    const { scope, matches } = matched[i] as AnswerMatch;
    const teacherForced = { hits: matches.slice(0, counted).filter(Boolean).length, of: counted };
    return { prompt, right: matches.every(Boolean), teacherForced, deferred: scope?.deferred ?? true, edit: scope?.edit ?? null };
  });
}

/** The halves of plain texts: the first is the prompt, of at least one token, as is the rest. */
export const passagesOf = ({ model, tokenizer }: Subject, prose: readonly string[]): Sample[] =>
  prose
    .map((text) => tokenizer.encode(text, { specialTokens: true }).slice(0, model.config.contextLength))
    .filter(({ length }) => length > 1)
    .map((ids) => ({ ids, promptLength: Math.floor(ids.length / 2) }));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** @param base the sums of their losses in the base model, nats */
export async function measurePassages(
  { model, method }: Subject,
  passages: readonly Sample[],
  base: readonly number[],
): Promise<PassageLoss[]> {
  const matched = await matchAnswers(model, method, passages, { keepDeferred: false });
  return passages.map(({ ids, promptLength }, i) => {
    const own = base[i] ?? NaN;
    return {
      base: own,
      edited: matched[i]?.scope?.deferred === false ? sum(matched[i]?.losses ?? []) : own,
      tokens: ids.length - promptLength,
    };
  });
}

/** Sums of the losses of some passages in the base model, nats. */
export async function basePassages(model: Model, passages: readonly Sample[]): Promise<number[]> {
  return (await matchAnswers(model, null, passages)).map(({ losses }) => sum(losses));
}
