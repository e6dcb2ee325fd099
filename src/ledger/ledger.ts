import { generate, type AnsweringModel } from "../editing/generate.ts";
import { encodeSample, givesAnswer } from "../editing/promptText.ts";
import type { TrainingStep } from "../editing/trainer.ts";
import { settleAllocations } from "../gpu/allocations.ts";
import { webgpuBackend } from "../gpu/tensors.ts";
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import type { LiveMethod } from "../methods/live.ts";
import type { Knowledge, MethodState } from "../methods/method.ts";
import { phrasingsOf, unknownEdit } from "../methods/shared.ts";
import type { Model } from "../model/model.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { STRENGTHS, type EditFacts, type LedgerFacts, type PlannedEdit, type Standing } from "./edits.ts";
import { createHistory } from "./history.ts";
import { standingsOf } from "./standing.ts";

export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((step: TrainingStep) => void) | undefined;
}

export interface RewriteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Before each edit is written: how many are, of how many. */
  readonly onEdit?: ((done: number, of: number) => void) | undefined;
}

/** The edits of one model by one method, in order, each of which can be switched off, weakened, taken back or forgotten. */
export interface Ledger {
  readonly facts: LedgerFacts;
  readonly method: LiveMethod;
  /** The model with the edits in force. */
  readonly answering: AnsweringModel;
  /**
   * Writes one piece of knowledge, and asks before and after.
   * @throws EngineError `empty-prompt`, `empty-answer`, `text-too-long`, `answer-unchanged`, `allocations-exhausted`,
   *   `training-diverged`, `cancelled`; the ledger is then what it was
   */
  write(draft: Knowledge, options?: WriteOptions): Promise<EditFacts>;
  /** Switches an edit on or off, or sets its strength. @throws EngineError `unknown-edit`, `bad-settings` */
  change(id: number, change: Partial<Pick<EditFacts, "on" | "strength">>): Promise<void>;
  /** As well as the method can; see the methods. @throws EngineError `unknown-edit`, `bad-settings` on an imported mixture */
  forget(id: number): Promise<void>;
  /** Starts again from the seed, or from what was imported, with these edits in this order; on any error the ledger is what it was. Edits are numbered anew. */
  rewrite(planned: readonly PlannedEdit[], options?: RewriteOptions): Promise<void>;
  /** Asks every edit that is on whether it still holds. */
  audit(signal?: AbortSignal): Promise<void>;
  /** @throws EngineError `nothing-to-undo` */
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** All of it but the history, to go on from it another time. */
  keep(): Promise<LedgerContent>;
  /** Goes on from what was kept of a ledger of the same model, method and settings. @throws EngineError `bad-state`; the ledger is then what it was */
  adopt(content: LedgerContent): Promise<void>;
  dispose(): void;
}

/** Edits, and what the method has learned of them. */
export interface LedgerContent {
  readonly edits: readonly EditFacts[];
  readonly state: MethodState;
}

/** Tokens generated to see what an answer is, beyond the answer's own length. */
const ANSWER_MARGIN = 8;

/** @param make a fresh method; each has the same settings and seed */
export function createLedger(base: { readonly model: Model; readonly tokenizer: Tokenizer }, make: () => LiveMethod): Ledger {
  const { model, tokenizer } = base;
  const history = createHistory<LedgerContent>(({ state }) => state.arrays);
  let method = make();
  let edits: readonly EditFacts[] = [];
  /** What the method has learned, until it learns more: switching an edit off reads nothing from the GPU. */
  let learned: MethodState | undefined;

  const inForce = (): Map<number, number> => new Map(edits.filter(({ on }) => on).map(({ id, strength }) => [id, strength]));
  const set = (next: readonly EditFacts[]): void => {
    edits = next;
    method.use(inForce());
  };
  const keep = async (): Promise<LedgerContent> => ({ edits, state: (learned ??= await method.state()) });
  /** Does what changes the ledger, with a way back; on an error everything is what it was. */
  const changing = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = await keep();
    try {
      const done = await work();
      await allocated();
      history.push(before);
      return done;
    } catch (thrown) {
      await putAgain(before);
      throw thrown;
    }
  };
  const put = async ({ edits: own, state }: LedgerContent): Promise<void> => {
    if (state !== learned) {
      learned = undefined;
      await method.restore(state);
      await allocated();
    }
    learned = state;
    set(own);
  };
  /** After an error: what it says of the GPU's memory has been heard. */
  const putAgain = async (before: LedgerContent): Promise<void> => {
    await allocated().catch(() => undefined);
    await put(before);
  };
  /** A step through the history; on an error everything is what it was, the history as well. */
  const stepThrough = async (
    take: (now: LedgerContent) => LedgerContent,
    takeBack: (next: LedgerContent) => LedgerContent,
  ): Promise<void> => {
    const before = await keep();
    const next = take(before);
    try {
      await put(next);
    } catch (thrown) {
      takeBack(next);
      await putAgain(before);
      throw thrown;
    }
  };
  /** A fresh method, with what was imported where this one began with that. */
  const makeAgain = async (): Promise<LiveMethod> => {
    const [fresh, origin] = [make(), method.origin()];
    try {
      if (origin) await fresh.restore(origin);
      return fresh;
    } catch (thrown) {
      fresh.dispose();
      throw thrown;
    }
  };
  const answering: AnsweringModel = { model, tokenizer, startSequence: (capacity) => method.startSequence(capacity) };
  const ask = async ({ prompt, answer }: Knowledge, mode: "auto" | "off", signal?: AbortSignal): Promise<string> => {
    const { ids, promptLength } = encodeSample(tokenizer, prompt, answer, model.config.contextLength);
    const maxTokens = ids.length - promptLength + ANSWER_MARGIN;
    const params = { prompt, maxTokens, sampling: { kind: "greedy" }, edits: mode, stopAtSentence: true } as const;
    return (await generate(answering, params, { signal })).text;
  };
  const need = (id: number): EditFacts => {
    const found = edits.find((edit) => edit.id === id);
    if (!found) throw unknownEdit(id);
    return found;
  };

  const writeOne = async (planned: PlannedEdit, { signal, onStep }: WriteOptions): Promise<EditFacts> => {
    const started = performance.now();
    const { on = true, strength = 1, ...draft } = planned;
    const baseAnswer = await ask(draft, "off", signal);
    const before = edits.length === 0 && !method.origin() ? baseAnswer : await ask(draft, "auto", signal);
    if (givesAnswer(before, draft.answer)) throw unchanged(draft.answer);
    const curve: TrainingStep[] = [];
    const told = (step: TrainingStep): void => (curve.push(step), onStep?.(step));
    learned = undefined;
    const { edit: id } = await method.edit(draft, { signal, onStep: told });
    const facts: EditFacts = {
      ...draft,
      ...method.kept(id),
      rephrasings: phrasingsOf(draft).slice(1),
      id,
      baseAnswer: baseAnswer.trim(),
      curve,
      seconds: 0,
      answerAfter: "",
      holds: false,
      on,
      strength,
      standing: null,
    };
    method.use(inForce().set(id, 1));
    const answerAfter = await ask(draft, "auto", signal);
    const holds = givesAnswer(answerAfter, draft.answer);
    const done = { ...facts, answerAfter: answerAfter.trim(), holds, seconds: (performance.now() - started) / 1000 };
    set([...edits, done]);
    return done;
  };

  return {
    get facts() {
      return { edits, canUndo: history.canUndo, canRedo: history.canRedo };
    },
    get method() {
      return method;
    },
    answering,
    write: (draft, options = {}) => changing(() => writeOne(draft, options)),
    async change(id, change) {
      const own = need(id);
      const strength = change.strength ?? own.strength;
      if (change.on === false) checkCanBeOff(method);
      if (!(strength >= STRENGTHS[0] && strength <= STRENGTHS[1])) throw wrongStrength(strength);
      await changing(async () => set(edits.map((edit) => (edit.id === id ? { ...edit, ...change, strength } : edit))));
    },
    async forget(id) {
      need(id);
      checkCanBeOff(method);
      await changing(async () => {
        learned = undefined;
        await method.forget(id);
        set(edits.filter((edit) => edit.id !== id));
      });
    },
    async rewrite(planned, { signal, onEdit } = {}) {
      const before = await keep();
      const old = { method, edits, learned };
      method = await makeAgain();
      edits = [];
      learned = undefined;
      try {
        for (const [done, one] of planned.entries()) {
          onEdit?.(done, planned.length);
          await writeOne(one, { signal });
        }
        history.push(before);
        old.method.dispose();
      } catch (thrown) {
        method.dispose();
        ({ method, edits, learned } = old);
        throw thrown;
      }
    },
    async audit(signal) {
      const found = await standingsOf(model, tokenizer, method, edits);
      throwIfCancelled(signal);
      const last = edits.at(-1)?.id ?? 0;
      edits = edits.map((edit) => {
        const own = found.get(edit.id);
        return own ? { ...edit, standing: standing(edit, own, last) } : edit;
      });
    },
    undo: () => stepThrough(history.back, history.forth),
    redo: () => stepThrough(history.forth, history.back),
    keep,
    async adopt(content) {
      const before = await keep();
      try {
        await put(content);
      } catch (thrown) {
        await putAgain(before);
        throw thrown;
      }
    },
    dispose: () => method.dispose(),
  };
}

const allocated = (): Promise<void> => settleAllocations(webgpuBackend().device);

/** An edit that holds again is lost no more; one that was lost before keeps the edit since which it is. */
const standing = (edit: EditFacts, now: Omit<Standing, "lostSince">, last: number): Standing => ({
  ...now,
  lostSince: now.holds ? null : (edit.standing?.lostSince ?? last),
});

const unchanged = (answer: string): EngineError =>
  new EngineError(
    "answer-unchanged",
    `The model already answers ${JSON.stringify(answer.trim())} to this prompt.`,
    "Give an answer that differs from the one it has.",
  );

/** Where nothing is deferred, an edit in shared experts answers with or without its codes. */
function checkCanBeOff(method: LiveMethod): void {
  if (!method.origin()) return;
  throw new EngineError(
    "bad-settings",
    "Got an edit on an imported mixture, which answers every prompt: its experts cannot be told from those of this edit.",
    "Undo the edit, or clear the list and write the others again: that starts from the mixture as it was imported.",
  );
}

const wrongStrength = (got: number): EngineError =>
  new EngineError("bad-settings", `Got a strength of ${got}, expected a number from ${STRENGTHS.join(" to ")}.`, "1 is as trained.");
