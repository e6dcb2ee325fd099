/** An evaluation: edits one after another, and what holds of them along the way and at the end. Runs in a worker as well as headless. */
import { trimPool } from "../gpu/pool.ts";
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import type { MethodState } from "../methods/method.ts";
import type { Sample } from "../editing/trainingBatch.ts";
import type { EditRecord, EditSet } from "./editSet.ts";
import { basePassages, checkRecord, measurePassages, measureRecords, passagesOf, type BaseAnswers, type Subject } from "./measure.ts";
import { countMetrics, lossOf, retentionOf, type Measured } from "./metrics.ts";
import { editOrder, groupsOf, isOfShard, sampledGroups } from "./order.ts";
import type { Checkpoint, EditOutcome, EvaluationEvent, EvaluationResult, PassageLoss, RunFacts } from "./results.ts";
import { placeEdits, tracesOf } from "./understand.ts";

export interface EvaluationSetup extends Subject {
  readonly set: EditSet;
  /** With the method's seed and settings; it says what of the set is edited and measured. */
  readonly run: RunFacts;
  /** Shared by evaluations of the same model and set: the base model is then asked once. */
  readonly baseAnswers?: BaseAnswers;
}

interface Written {
  /** Index of the record in its set. */
  readonly record: number;
  /** The method's number for it. */
  readonly edit: number;
  readonly steps: number;
}

/** How far an evaluation has come. Plain JSON. */
interface Progress {
  /** Records taken, refused ones included. */
  taken: number;
  readonly written: Written[];
  readonly refused: { readonly id: string; readonly message: string }[];
  readonly checkpoints: Checkpoint[];
}

/** What an evaluation goes on from, as if it had never stopped. */
export interface SavedEvaluation {
  readonly run: RunFacts;
  readonly progress: Progress;
  readonly method: MethodState;
}

export interface EvaluationOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: EvaluationEvent) => void) | undefined;
  /**
   * Asked between two edits or measurements, with a way to what could be gone on from. The evaluation waits for it, so that this is where
   * to pause; an error ends it.
   */
  readonly atRest?: ((save: () => Promise<SavedEvaluation>) => Promise<void>) | undefined;
  readonly saved?: SavedEvaluation | undefined;
}

/** Texts of every length leave buffers of their own sizes. */
const MOST_POOLED_BYTES = 2 ** 26;

/** Errors of an edit that say that its record cannot be written by any method. */
const REFUSALS = ["answer-unchanged", "text-too-long"];

/**
 * Evaluates a fresh method. The result of one that was stopped and went on from what was saved is the same to the bit, and so is that of
 * shards joined.
 * @throws EngineError `bad-state` when `saved` is of another run, `cancelled`, and what the method throws of an edit, other than refusals
 */
export async function evaluate(setup: EvaluationSetup, options: EvaluationOptions = {}): Promise<EvaluationResult> {
  const { method, run, set } = setup;
  const { signal, onProgress, atRest, saved } = options;
  if (saved) await restore(setup, saved);
  const progress: Progress = saved ? structuredClone(saved.progress) : { taken: 0, written: [], refused: [], checkpoints: [] };
  const order = editOrder(set.records.length, run.limit, run.seed);
  const say = (event: EvaluationEvent): void => onProgress?.(event);
  const rest = async (): Promise<void> => {
    await atRest?.(async () => ({ run, progress: structuredClone(progress), method: await method.state() }));
    throwIfCancelled(signal);
    trimPool(MOST_POOLED_BYTES);
  };
  const measurer = createMeasurer(setup, rest, say);
  say({ kind: "started", done: progress.taken, of: order.length, checkpoints: progress.checkpoints });
  while (progress.taken < order.length) {
    if (isDue(progress, run.every)) progress.checkpoints.push((await measurer.measure(progress.written, run.sample)).checkpoint);
    else await editNext(setup, order[progress.taken] ?? 0, progress, (event) => say({ ...event, of: order.length }), signal);
    await rest();
  }
  const { checkpoint, measured } = await measurer.measure(progress.written, Infinity);
  // Where the last records were refused, one may have been taken after the same edits.
  const checkpoints = [...progress.checkpoints.filter(({ afterEdits }) => afterEdits !== checkpoint.afterEdits), checkpoint];
  const edits = await outcomesOf(setup, progress.written, measured, checkpoints);
  return { format: "elder-lab evaluation", version: 1, run, checkpoints, edits, refused: progress.refused };
}

async function restore({ method, run }: EvaluationSetup, saved: SavedEvaluation): Promise<void> {
  const [own, other] = [run, saved.run].map((facts) => JSON.stringify(facts));
  if (own !== other) {
    const hint = "Give the same model, edits, method, settings and seed as before, or begin anew without going on.";
    throw new EngineError("bad-state", `What was kept is of the run ${other}, expected ${own}.`, hint);
  }
  await method.restore(saved.method);
}

/** A checkpoint before the last is due after every `every` edits, where more are to come. */
const isDue = ({ written, checkpoints }: Progress, every: number): boolean =>
  written.length > 0 && written.length % every === 0 && checkpoints.at(-1)?.afterEdits !== written.length;

type EventOf<K extends EvaluationEvent["kind"]> = Omit<Extract<EvaluationEvent, { kind: K }>, "of">;
type Edited = EventOf<"edit"> | EventOf<"refused">;

async function editNext(
  { set, method, ...subject }: EvaluationSetup,
  index: number,
  progress: Progress,
  say: (event: Edited) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const record = set.records[index] as EditRecord;
  const { id, prompt, answer, rephrasings } = record;
  const started = performance.now();
  progress.taken++;
  try {
    checkRecord({ ...subject, method }, record);
    const { edit, steps, loss } = await method.edit({ prompt, answer, rephrasings, subject: record.subject }, { signal });
    progress.written.push({ record: index, edit, steps });
    say({ kind: "edit", done: progress.taken, id, edit, steps, loss, seconds: (performance.now() - started) / 1000 });
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || !REFUSALS.includes(thrown.code)) throw thrown;
    progress.refused.push({ id, message: thrown.message });
    say({ kind: "refused", done: progress.taken, id, message: thrown.message });
  }
}

/** Measures all edits so far; what the base model says is computed once. */
function createMeasurer(setup: EvaluationSetup, rest: () => Promise<void>, say: (event: EvaluationEvent) => void) {
  const { set, run } = setup;
  const baseAnswers: BaseAnswers = setup.baseAnswers ?? new Map();
  const passages = passagesOf(setup, set.prose);
  const baseLosses = new Map<number, readonly number[]>();
  const measureProse = async (): Promise<(PassageLoss | null)[]> => {
    const losses = passages.map((): PassageLoss | null => null);
    for (const [n, group] of groupsOf(passages.length).entries()) {
      if (!isOfShard(n, run.shard)) continue;
      const own = group.map((i) => passages[i] as Sample);
      const base = baseLosses.get(n) ?? (await basePassages(setup.model, own));
      baseLosses.set(n, base);
      (await measurePassages(setup, own, base)).forEach((loss, i) => (losses[group[i] ?? 0] = loss));
      await rest();
    }
    return losses;
  };
  return {
    /** @param sample edits that are measured with all their prompts, at most */
    async measure(written: readonly Written[], sample: number): Promise<{ checkpoint: Checkpoint; measured: Map<number, Measured> }> {
      const started = performance.now();
      const [afterEdits, measured] = [written.length, new Map<number, Measured>()];
      const groups = groupsOf(afterEdits);
      const whole = sampledGroups(groups, sample);
      const own = groups.filter((_, n) => isOfShard(n, run.shard));
      for (const group of own) {
        const records = group.map((i) => set.records[written[i]?.record ?? 0] as EditRecord);
        const found = await measureRecords(setup, records, whole.has(groups.indexOf(group)), baseAnswers);
        group.forEach((i, row) => measured.set(i, found[row] as Measured));
        say({ kind: "measuring", afterEdits, done: measured.size, of: own.flat().length });
        await rest();
      }
      const passageLosses = await measureProse();
      const checkpoint: Checkpoint = {
        afterEdits,
        sampled: groups.flatMap((group, n) => (whole.has(n) ? group : [])).length,
        metrics: countMetrics([...measured.values()]),
        retention: retentionOf(passageLosses),
        passages: passageLosses,
        holds: written.map((_, i) => measured.get(i)?.own.right ?? null),
      };
      say({ kind: "checkpoint", checkpoint, seconds: (performance.now() - started) / 1000 });
      return { checkpoint, measured };
    },
  };
}

async function outcomesOf(
  { set, method, run }: EvaluationSetup,
  written: readonly Written[],
  measured: ReadonlyMap<number, Measured>,
  checkpoints: readonly Checkpoint[],
): Promise<EditOutcome[]> {
  const losses = written.map((_, i) => (measured.has(i) ? lossOf(i, checkpoints) : null));
  const traces = tracesOf(run.settings, await method.state());
  const lost = new Map(written.flatMap(({ edit }, i) => (losses[i] ? [[edit, losses[i]] as const] : [])));
  const places = traces && placeEdits(traces, lost);
  return written.flatMap(({ record, edit, steps }, i) => {
    const own = measured.get(i);
    if (!own) return [];
    const id = set.records[record]?.id ?? "";
    return [{ id, edit, steps, ...own, lostSince: losses[i]?.lostAfter ?? null, place: places?.get(edit) ?? null }];
  });
}
