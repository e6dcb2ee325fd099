/** A recorded run told as scenes; each is a number of moments, and each moment a state of the page. */
import { answerEvent, initialAnswers, queuedAnswer } from "../../store/answersSlice.ts";
import type { Answer } from "../../store/answersSlice.ts";
import { initialEdit, trainingStarted, trainingStep } from "../../store/editSlice.ts";
import type { EditState } from "../../store/editSlice.ts";
import { rowsOf, traceOf } from "./recording.ts";
import type { PromptKind, RecordedAnswer, RecordedPrompt, RecordedToken, Recording } from "./recording.ts";

/** ask: the base model answers. train: the edit is made. Then each prompt again. */
export type SceneName = "ask" | "train" | PromptKind;

export interface Scene {
  readonly name: SceneName;
  /** The prompt on show. */
  readonly asked: RecordedPrompt;
  /** Moments after its first. */
  readonly length: number;
  /** Milliseconds of a moment, and of the last one, which is to be read. */
  readonly pace: number;
  readonly rest: number;
}

export interface Moment {
  readonly prompt: string;
  readonly base: Answer;
  readonly edited: Answer;
  readonly edit: EditState;
  readonly routed: RecordedAnswer;
  /** Tokens of that answer which are there so far. */
  readonly told: readonly RecordedToken[];
}

const TOKEN_MS = 450;
const READING_MS = 2600;
/** A training is watched for about so long, whatever its steps. */
const TRAINING_MS = 4500;
const SLOWEST_STEP_MS = 450;

export function scenesOf({ prompts, edit }: Recording): readonly Scene[] {
  const [first] = prompts;
  if (!first) return [];
  const answering = (name: SceneName, asked: RecordedPrompt, { tokens }: RecordedAnswer): Scene => ({
    name,
    asked,
    length: tokens.length,
    pace: TOKEN_MS,
    rest: READING_MS,
  });
  const steps = edit.curve.length;
  return [
    answering("ask", first, first.before),
    { name: "train", asked: first, length: steps, pace: Math.min(SLOWEST_STEP_MS, TRAINING_MS / steps), rest: READING_MS },
    ...prompts.map((asked) => answering(asked.kind, asked, asked.after)),
  ];
}

/** @param at moments of the scene that are over: 0 to its length */
export function momentAt(recording: Recording, { name, asked, length }: Scene, at: number): Moment {
  const { prompt, before, after } = asked;
  const whole = answerAt(prompt, before, before.tokens.length);
  if (name === "ask") {
    const told = before.tokens.slice(0, at);
    return {
      prompt,
      base: answerAt(prompt, before, at),
      edited: initialAnswers.edited,
      edit: editAt(recording, null),
      routed: before,
      told,
    };
  }
  if (name === "train") {
    const edit = editAt(recording, at);
    return { prompt, base: whole, edited: initialAnswers.edited, edit, routed: before, told: before.tokens };
  }
  const edit = editAt(recording, recording.edit.curve.length);
  return {
    prompt,
    base: whole,
    edited: answerAt(prompt, after, Math.min(at, length)),
    edit,
    routed: after,
    told: after.tokens.slice(0, at),
  };
}

/** Through the same steps as an answer of the engine; its speed is the recorder's and not told. */
function answerAt(prompt: string, { text, stopped, trace, tokens }: RecordedAnswer, told: number): Answer {
  let answer = answerEvent(queuedAnswer(prompt), { kind: "prompt", trace: traceOf(trace) });
  for (const token of tokens.slice(0, told)) answer = answerEvent(answer, { kind: "token", ...token, row: rowsOf(token.row) });
  return told < tokens.length ? answer : { ...answer, status: "done", text, stopped };
}

/** @param steps null before the training */
function editAt({ edit }: Recording, steps: number | null): EditState {
  const { prompt, answer, rephrasings, curve } = edit;
  const form = { prompt, answer, rephrasings: rephrasings.join("\n") };
  if (steps === null) return { ...initialEdit, form };
  const training = curve.slice(0, steps).reduce(trainingStep, trainingStarted({ ...initialEdit, form }));
  if (steps < curve.length) return training;
  return {
    ...training,
    status: "trained",
    edits: [{ ...edit, seconds: Number.NaN, on: true, strength: 1, standing: null }],
    lastEdit: edit.id,
  };
}
