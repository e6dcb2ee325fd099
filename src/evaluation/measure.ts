/** How the prompts of some records fare with a method as it is now. */
import { endsSentence } from "../editing/generate.ts";
import { encodePrompt, encodeSample, hasOwnEnd } from "../editing/promptText.ts";
import type { Sample } from "../editing/trainingBatch.ts";
import { greedyAnswers, matchAnswers, type AnswerMatch } from "../methods/answers.ts";
import type { EditingMethod } from "../methods/method.ts";
import type { Model } from "../model/model.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import type { EditRecord } from "./editSet.ts";
import type { Measured } from "./metrics.ts";
import type { PassageLoss, PromptOutcome } from "./results.ts";

/** The base model's answer to a locality prompt is at most this long, in tokens, where no sentence ends before. */
const ANSWER_TOKENS = 8;

export interface Subject {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly method: EditingMethod;
}

export interface MeasuredRecord {
  /** Where it stands in its set. */
  readonly index: number;
  readonly record: EditRecord;
  /** False: its own prompt alone. */
  readonly whole: boolean;
}

/** The base model's answers to each record's locality prompts, by the record's index: they never change. */
export type BaseAnswers = Map<number, readonly (readonly number[])[]>;

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
 * @param baseAnswers what is missing of it is computed and added
 */
export async function measureRecords(subject: Subject, records: readonly MeasuredRecord[], baseAnswers: BaseAnswers): Promise<Measured[]> {
  const { model, tokenizer } = subject;
  const context = model.config.contextLength;
  const own = records.map(({ record, whole }) =>
    probesOf(tokenizer, record, whole ? [record.prompt, ...record.heldOut] : [record.prompt], context),
  );
  const locality: Probe[][] = [];
  for (const one of records) locality.push(one.whole ? await localityProbes(subject, one, baseAnswers) : []);
  const ownOutcomes = await outcomesOf(subject, own, true);
  const localityOutcomes = await outcomesOf(subject, locality, false);
  return records.map(({ record }, i) => {
    const [first, ...heldOut] = ownOutcomes[i] as [PromptOutcome, ...PromptOutcome[]];
    const kinds = record.locality.map(({ kind }) => kind);
    return { own: first, heldOut, locality: (localityOutcomes[i] ?? []).map((outcome, j) => ({ ...outcome, kind: kinds[j] ?? "far" })) };
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

async function localityProbes(subject: Subject, { record, index }: MeasuredRecord, baseAnswers: BaseAnswers): Promise<Probe[]> {
  const prompts = record.locality.map(({ prompt }) => encodePrompt(subject.tokenizer, prompt, subject.model.config.contextLength));
  // A record's prompts together and no others, so that the answers depend on nothing else.
  const answers = baseAnswers.get(index) ?? (await greedyAnswers(subject.model, null, prompts, ANSWER_TOKENS, endOf(subject.tokenizer)));
  baseAnswers.set(index, answers);
  return record.locality.map(({ prompt }, i) => {
    const [ids = [], answer = []] = [prompts[i], answers[i]];
    return { prompt, sample: { ids: [...ids, ...answer], promptLength: ids.length }, counted: answer.length };
  });
}

const endOf =
  (tokenizer: Tokenizer) =>
  (ids: readonly number[]): boolean =>
    tokenizer.endTokens.includes(ids.at(-1) ?? -1) || endsSentence(tokenizer.decode(ids));

/**
 * Outcomes of each record's probes, all records at once.
 * @param keepDeferred false where the answer looked for is the base model's own: deferred prompts then give it without being asked
 */
async function outcomesOf({ model, method }: Subject, probes: readonly (readonly Probe[])[], keepDeferred: boolean) {
  const samples = probes.flat().map(({ sample }) => sample);
  const matched = await matchAnswers(model, method, samples, { keepDeferred });
  let next = 0;
  return probes.map((own) => own.map((probe) => outcomeOf(probe, matched[next++] as AnswerMatch)));
}

function outcomeOf({ prompt, counted }: Probe, { scope, matches }: AnswerMatch): PromptOutcome {
  const deferred = scope?.deferred ?? true;
  const unasked = deferred && matches.length === 0;
  const hits = unasked ? counted : matches.slice(0, counted).filter(Boolean).length;
  return { prompt, right: matches.every(Boolean), teacherForced: { hits, of: counted }, deferred, edit: scope?.edit ?? null };
}

/** The halves of plain texts: the first is the prompt, of at least one token, as is the rest. */
export const passagesOf = ({ model, tokenizer }: Subject, prose: readonly string[]): Sample[] =>
  prose
    .map((text) => tokenizer.encode(text, { specialTokens: true }).slice(0, model.config.contextLength))
    .filter(({ length }) => length > 1)
    .map((ids) => ({ ids, promptLength: Math.floor(ids.length / 2) }));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** One passage by itself, so that its bits depend on no other. @param base sum of its losses in the base model, nats */
export async function measurePassage({ model, method }: Subject, passage: Sample, base: number): Promise<PassageLoss> {
  const [match] = await matchAnswers(model, method, [passage], { keepDeferred: false });
  const tokens = passage.ids.length - passage.promptLength;
  return { base, edited: match?.scope?.deferred === false ? sum(match.losses) : base, tokens };
}

/** Sum of a passage's losses in the base model, nats. */
export async function basePassage(model: Model, passage: Sample): Promise<number> {
  const [match] = await matchAnswers(model, null, [passage]);
  return sum(match?.losses ?? []);
}
