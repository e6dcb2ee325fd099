/** Evaluations that the page asks for. A method holds what it learns: neither the model, nor its mixture, nor the person's edits change. */
import type { EditSet } from "../evaluation/editSet.ts";
import { importEdits } from "../evaluation/importEdits.ts";
import { isNear } from "../evaluation/metrics.ts";
import type { EvaluationResult, RunFacts } from "../evaluation/results.ts";
import { evaluate, type EvaluationSetup } from "../evaluation/runner.ts";
import { EngineError } from "../lib/errors.ts";
import type { PauseSwitch } from "../lib/pauseSwitch.ts";
import { createWatch } from "../lib/watch.ts";
import { createMethod } from "../methods/registry.ts";
import type { Model } from "../model/model.ts";
import { sha256Hex } from "../weights/manifest.ts";
import type { LoadedModel } from "./facts.ts";
import type { EditsFacts, EditsFile, EvaluateParams, EvaluationStep, ImportedDrafts } from "./protocol.ts";

/** Records and problems that are shown before an evaluation. */
const [FIRST_RECORDS, FIRST_PROBLEMS] = [5, 50];

/** @throws EngineError `bad-edits` */
export function readEdits({ name, text }: EditsFile): EditsFacts {
  const { set, problems } = importEdits(text, name);
  return {
    name: set.name,
    records: set.records.length,
    counts: countPrompts(set),
    first: set.records.slice(0, FIRST_RECORDS),
    problems: problems.slice(0, FIRST_PROBLEMS),
    problemCount: problems.length,
  };
}

/** Records that cross to the page at once, at most, and what could not be read. */
const [MOST_DRAFTS, MOST_PROBLEMS] = [2000, 500];

/** @throws EngineError `bad-edits` */
export function readDrafts({ name, text }: EditsFile): ImportedDrafts {
  const { set, rows, problems } = importEdits(text, name);
  const drafts = set.records.slice(0, MOST_DRAFTS).map(({ prompt, answer, rephrasings, subject }, i) => {
    const draft = { prompt, answer, rephrasings, ...(subject === undefined ? {} : { subject }) };
    return { row: rows[i] ?? 0, draft };
  });
  return {
    name: set.name,
    records: set.records.length,
    drafts,
    problems: problems.slice(0, MOST_PROBLEMS),
    problemCount: problems.length,
  };
}

function countPrompts({ records, prose }: EditSet): EditsFacts["counts"] {
  const counts = { rephrasings: 0, heldOut: 0, near: 0, far: 0, prose: prose.length };
  for (const { rephrasings, heldOut, locality } of records) {
    const near = locality.filter(({ kind }) => isNear(kind)).length;
    counts.rephrasings += rephrasings.length;
    counts.heldOut += heldOut.length;
    counts.near += near;
    counts.far += locality.length - near;
  }
  return counts;
}

export interface EvaluateContext {
  readonly signal: AbortSignal;
  emit(event: EvaluationStep): void;
  readonly pause?: PauseSwitch;
  /** Waits without keeping others from their turn. */
  readonly aside?: <T>(work: () => Promise<T>) => Promise<T>;
  /** False once another model has taken the place of this one. */
  readonly isInUse: () => boolean;
}

/** What the base model says of the set measured last: the next method asks the same of it. */
const baseAnswers = new WeakMap<Model, { readonly sha256: string; readonly answers: NonNullable<EvaluationSetup["baseAnswers"]> }>();

function answersFor(model: Model, sha256: string): NonNullable<EvaluationSetup["baseAnswers"]> {
  const kept = baseAnswers.get(model);
  if (kept?.sha256 === sha256) return kept.answers;
  const answers: NonNullable<EvaluationSetup["baseAnswers"]> = new Map();
  baseAnswers.set(model, { sha256, answers });
  return answers;
}

/**
 * Other calls have their turn between two edits or measurements, and while it is paused.
 * @throws EngineError `bad-edits`, `bad-settings`, `no-model` when the model is replaced meanwhile, `cancelled`, and what the method throws
 */
export async function evaluateModel(subject: LoadedModel, params: EvaluateParams, context: EvaluateContext): Promise<EvaluationResult> {
  const { model, tokenizer } = subject;
  const { edits, seed, every } = params;
  const { set } = importEdits(edits.text, edits.name);
  const sha256 = await sha256Hex(new TextEncoder().encode(edits.text));
  const { settings, method } = createMethod(params.method, { model, tokenizer, seed });
  // As `npm run evaluate` writes it: the same run has the same facts, and so the same file.
  const run: RunFacts = {
    method: method.id,
    settings,
    model: subject.name,
    weights: subject.quantization,
    edits: { name: set.name, sha256 },
    seed,
    limit: Math.min(params.limit, set.records.length),
    every,
    sample: CHECKPOINT_SAMPLE,
    shard: { index: 1, of: 1 },
  };
  try {
    const setup = { model, tokenizer, method, set, run, baseAnswers: answersFor(model, sha256) };
    return await evaluate(setup, { signal: context.signal, onProgress: (event) => context.emit(event), atRest: restOf(context) });
  } finally {
    method.dispose();
  }
}

/** Edits that generalization and locality are measured on before the end, as `npm run evaluate` does by itself. */
const CHECKPOINT_SAMPLE = 100;

function restOf({ signal, emit, pause, aside = (work) => work(), isInUse }: EvaluateContext): () => Promise<void> {
  const watch = createWatch();
  pause?.onChange(watch.wake);
  return async () => {
    await aside(async () => {
      if (!pause?.paused) return;
      emit({ kind: "held" });
      await watch.until(() => !pause.paused, signal);
    });
    if (!isInUse()) {
      throw new EngineError("no-model", "Another model took the place of the one being evaluated.", "Start the evaluation again with it.");
    }
  };
}
