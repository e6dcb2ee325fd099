/** The calls about a person's edits: what changes them, and what is asked of them. */
import { encodePrompt } from "../editing/promptText.ts";
import { answerColumn, type ColumnAnswer, type ColumnQuestion } from "../ledger/columns.ts";
import type { EditFacts, LedgerFacts } from "../ledger/edits.ts";
import { createLedger, type Ledger } from "../ledger/ledger.ts";
import { principalPlane } from "../ledger/queryMap.ts";
import { scorecardOf, strengthCurve } from "../ledger/scorecard.ts";
import { EngineError, throwIfCancelled } from "../lib/errors.ts";
import { createImproved } from "../methods/improved.ts";
import type { LiveMethod } from "../methods/live.ts";
import type { EditingMethod, Knowledge, MethodId } from "../methods/method.ts";
import { createPaper } from "../methods/paper.ts";
import { createMethod } from "../methods/registry.ts";
import { improvedSettings } from "../methods/settings.ts";
import { unknownEdit } from "../methods/shared.ts";
import type { MethodSettings } from "../mixture/settings.ts";
import type { Model } from "../model/model.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import type { EngineCalls } from "./protocol.ts";

type LedgerCall =
  | "edit"
  | "edits"
  | "changeEdit"
  | "forget"
  | "undo"
  | "redo"
  | "rewrite"
  | "audit"
  | "scorecard"
  | "strengthCurve"
  | "foresee"
  | "scopes"
  | "queryMap"
  | "column";

interface CallContext<K extends LedgerCall> {
  readonly signal: AbortSignal;
  emit(event: EngineCalls[K]["event"]): void;
  readonly aside?: <T>(work: () => Promise<T>) => Promise<T>;
}

export type LedgerHandlers = {
  readonly [K in LedgerCall]: (params: EngineCalls[K]["params"], context: CallContext<K>) => Promise<EngineCalls[K]["result"]>;
};

interface Base {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
}

/** @param settings paper mode's; improved mode takes the seed from them, and its own for the model */
export function startLedger(base: Base, id: LiveMethod["id"], settings: MethodSettings): Ledger {
  const { seed } = settings;
  return createLedger(base, () =>
    id === "paper" ? createPaper({ ...base, seed }, settings) : createImproved({ ...base, seed }, improvedSettings(base.model)),
  );
}

/** Other settings would make another mixture than the one that was imported. @throws EngineError `bad-settings` */
export function checkCanReconfigure({ method }: Ledger): void {
  if (!method.origin()) return;
  throw new EngineError(
    "bad-settings",
    "Got other settings or another method, expected those of the imported mixture, which is as it came from its file.",
    "Begin a new project first: the imported one stays in the list.",
  );
}

/** @param needLedger the ledger in use @throws EngineError `no-model` */
export function ledgerCalls(needLedger: () => Ledger): LedgerHandlers {
  const needEdit = (id: number): EditFacts => {
    const found = needLedger().facts.edits.find((edit) => edit.id === id);
    if (!found) throw unknownEdit(id);
    return found;
  };
  const changed = async (work: Promise<void>): Promise<LedgerFacts> => {
    await work;
    return needLedger().facts;
  };
  const encode = (text: string): number[] => {
    const { model, tokenizer } = needLedger().answering;
    return encodePrompt(tokenizer, text, model.config.contextLength);
  };
  return {
    edit: ({ draft }, { signal, emit }) => needLedger().write(draft, { signal, onStep: emit }),
    edits: async () => needLedger().facts,
    changeEdit: ({ id, ...change }) => changed(needLedger().change(id, change)),
    forget: ({ id }) => changed(needLedger().forget(id)),
    undo: () => changed(needLedger().undo()),
    redo: () => changed(needLedger().redo()),
    rewrite: ({ edits }, { signal, emit }) => changed(needLedger().rewrite(edits, { signal, onEdit: (done, of) => emit({ done, of }) })),
    audit: (_, { signal }) => changed(needLedger().audit(signal)),
    scorecard({ id, probes }, { signal, aside = (work) => work() }) {
      const ledger = needLedger();
      const edit = needEdit(id);
      // Other calls have their turn between two probes.
      const rest = async (): Promise<void> => {
        await aside(async () => undefined);
        throwIfCancelled(signal);
        // Facts are made anew by each change; the curve is of one training.
        if (needLedger() !== ledger || ledger.facts.edits.every(({ curve }) => curve !== edit.curve))
          throw new EngineError("cancelled", "The edits changed meanwhile.", "Measure it again.");
      };
      return scorecardOf(ledger, edit, probes, { signal, rest });
    },
    strengthCurve: ({ id, prompt, strengths }, { signal }) => {
      const edit = needEdit(id);
      return strengthCurve(needLedger(), edit, prompt ?? edit.prompt, strengths, signal);
    },
    foresee: ({ draft }) => needLedger().method.foresee(draft),
    async scopes({ prompts }) {
      const asked = await needLedger().method.scope(prompts.map(encode));
      asked.dispose();
      return asked.scopes;
    },
    async queryMap({ prompts }) {
      const ledger = needLedger();
      const entries = [
        ...ledger.facts.edits.flatMap(({ id, prompt, rephrasings }) => [prompt, ...rephrasings].map((text) => ({ edit: id, text }))),
        ...prompts.map((text) => ({ edit: null, text })),
      ];
      if (entries.length === 0) return { entries, points: new Float32Array(), explained: [0, 0] };
      return { entries, ...principalPlane(await ledger.method.queries(entries.map(({ text }) => encode(text)))) };
    },
    column: ({ method, question }, context) => columnOf(needLedger(), method, question, context),
  };
}

/** Methods that know a ledger's edits beside its own, with the drafts that each has written. */
const others = new WeakMap<Ledger, Map<MethodId, { readonly method: EditingMethod; readonly drafts: string[] }>>();

/** Frees a ledger, and what other methods have learned for its columns. */
export function disposeLedger(ledger: Ledger): void {
  for (const { method } of others.get(ledger)?.values() ?? []) method.dispose();
  others.delete(ledger);
  ledger.dispose();
}

/** Other calls have their turn between two edits that a column's method has still to write. */
async function columnOf(
  ledger: Ledger,
  id: MethodId | "base",
  question: ColumnQuestion,
  { signal, emit, aside = (work) => work() }: CallContext<"column">,
): Promise<ColumnAnswer> {
  const { answering } = ledger;
  if (id === "base") return answerColumn(answering, null, question, signal);
  if (id === ledger.method.id) return answerColumn(answering, ledger.method, question, signal);
  const drafts = ledger.facts.edits.filter(({ on }) => on);
  const own = knowing(ledger, id, drafts);
  for (const [done, draft] of drafts.entries()) {
    if (done < own.drafts.length) continue;
    emit({ done, of: drafts.length });
    await own.method.edit(draft, { signal });
    own.drafts.push(keyOf(draft));
    await aside(async () => undefined);
    throwIfCancelled(signal);
    if (others.get(ledger)?.get(id) !== own) throw new EngineError("cancelled", "The edits changed meanwhile.", "Compare again.");
  }
  return answerColumn(answering, own.method, question, signal);
}

/** The method with at most a first part of the edits written; a new one where what it has written is no such part. */
function knowing(ledger: Ledger, id: MethodId, drafts: readonly Knowledge[]) {
  const all = others.get(ledger) ?? new Map<MethodId, { method: EditingMethod; drafts: string[] }>();
  others.set(ledger, all);
  const known = all.get(id);
  if (known && known.drafts.every((key, i) => drafts[i] && keyOf(drafts[i]) === key)) return known;
  known?.method.dispose();
  const { model, tokenizer } = ledger.answering;
  const own = { method: createMethod(id, { model, tokenizer, seed: 1 }).method, drafts: [] };
  all.set(id, own);
  return own;
}

const keyOf = ({ prompt, answer, rephrasings, subject }: Knowledge): string => JSON.stringify([prompt, answer, rephrasings, subject]);
