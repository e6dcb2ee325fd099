import type {
  EditsFile,
  EngineClient,
  Knowledge,
  LedgerFacts,
  MethodSettings,
  ModelFacts,
  PlannedEdit,
  TrainingStep,
} from "../engine/protocol.ts";
import { editAdded, editsListed, trainingDone, trainingFailed, trainingStarted, trainingStep } from "./editSlice.ts";
import { patch, update } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";
import { cardGone, curveStrengths, editChanged, editGone, editsReplaced } from "./ledgerSlice.ts";
import type { CardState } from "./ledgerSlice.ts";
import { itemChanged, itemDone, itemGone } from "./queueSlice.ts";
import { settle, unlessAborted } from "./settle.ts";

/** The engine's calls about edits, as `EngineBinding` has the others. */
export interface LedgerBinding {
  edit(draft: Knowledge, signal: AbortSignal): Promise<boolean>;
  /** Trains a draft of the queue, which leaves the queue with that. */
  editQueued(key: number, draft: Knowledge, signal: AbortSignal): Promise<boolean>;
  listEdits(): Promise<boolean>;
  configure(settings: MethodSettings, method: ModelFacts["method"]): Promise<boolean>;
  setThreshold(threshold: number): Promise<boolean>;
  changeEdit(id: number, change: { readonly on?: boolean; readonly strength?: number }): Promise<boolean>;
  forget(id: number): Promise<boolean>;
  undo(): Promise<boolean>;
  redo(): Promise<boolean>;
  /** Starts again from the seed with these edits. */
  rewrite(edits: readonly PlannedEdit[], signal: AbortSignal): Promise<boolean>;
  audit(signal: AbortSignal): Promise<boolean>;
  /** Asks for a scorecard, and with it whether every edit still holds. */
  scorecard(id: number, probes: readonly string[], signal: AbortSignal): Promise<boolean>;
  strengthCurve(id: number, signal: AbortSignal): Promise<boolean>;
  foresee(draft: Knowledge, signal: AbortSignal): Promise<boolean>;
  readDrafts(edits: EditsFile, signal: AbortSignal): Promise<boolean>;
}

export function bindLedger(engine: EngineClient, store: LabStore): LedgerBinding {
  const listed = (ledger: LedgerFacts): void => update(store, "edit", (edit) => editsListed(edit, ledger));
  /** A change of the edits, said to be under way; a failure is said with the list. */
  const changing = async (work: "changing" | "rewriting", call: Promise<LedgerFacts>, done: () => void): Promise<boolean> => {
    patch(store, "ledger", { work, said: null });
    patch(store, "edit", { listError: null });
    const use = (facts: LedgerFacts): void => {
      listed(facts);
      done();
    };
    const succeeded = await settle(call, use, (error) => patch(store, "edit", { listError: error.code === "cancelled" ? null : error }));
    patch(store, "ledger", { work: "none", rewriting: null });
    return succeeded;
  };
  const onStep = (step: TrainingStep): void => update(store, "edit", (edit) => trainingStep(edit, step));
  const replaced = (): void => update(store, "ledger", editsReplaced);

  return {
    async edit(draft, signal) {
      update(store, "edit", trainingStarted);
      return settle(
        engine.call("edit", { draft }, { signal, onEvent: unlessAborted(signal, onStep) }),
        (facts) => {
          update(store, "edit", (edit) => trainingDone(edit, facts));
          update(store, "ledger", (ledger) => editGone(ledger, facts.id));
        },
        (error) => update(store, "edit", (edit) => trainingFailed(edit, error)),
      );
    },

    async editQueued(key, draft, signal) {
      update(store, "queue", (queue) => itemChanged(queue, key, { status: "training", step: null, error: null }));
      const onEvent = (step: TrainingStep): void => {
        onStep(step);
        update(store, "queue", (queue) => itemChanged(queue, key, { step: { step: step.step, steps: step.steps } }));
      };
      return settle(
        engine.call("edit", { draft }, { signal, onEvent: unlessAborted(signal, onEvent) }),
        (facts) => {
          update(store, "edit", (edit) => editAdded(edit, facts));
          update(store, "ledger", (ledger) => editGone(ledger, facts.id));
          update(store, "queue", (queue) => itemDone(queue, key));
        },
        (error) =>
          update(store, "queue", (queue) =>
            error.code === "cancelled" ? itemGone(queue, key) : itemChanged(queue, key, { status: "failed", step: null, error }),
          ),
      );
    },

    listEdits: () => settle(engine.call("edits", {}), listed, (listError) => patch(store, "edit", { listError })),

    async configure(settings, method) {
      patch(store, "model", { configuring: true, settingsError: null });
      return settle(
        engine.call("configure", { settings, method }),
        (facts) => patch(store, "model", { configuring: false, facts }),
        (settingsError) => patch(store, "model", { configuring: false, settingsError }),
      );
    },

    setThreshold: (threshold) =>
      settle(
        engine.call("setThreshold", { threshold }),
        (facts) => patch(store, "model", { facts, settingsError: null }),
        (settingsError) => patch(store, "model", { settingsError }),
      ),

    changeEdit: (id, change) =>
      changing("changing", engine.call("changeEdit", { id, ...change }), () =>
        update(store, "ledger", (ledger) => editChanged(ledger, id)),
      ),
    forget: (id) =>
      changing("changing", engine.call("forget", { id }), () => {
        update(store, "ledger", (ledger) => ({ ...editGone(ledger, id), said: { kind: "forgotten", id } }));
      }),
    undo: () => changing("changing", engine.call("undo", {}), replaced),
    redo: () => changing("changing", engine.call("redo", {}), replaced),

    rewrite: (edits, signal) => {
      const onEvent = unlessAborted(signal, (rewriting: { readonly done: number; readonly of: number }) =>
        patch(store, "ledger", { rewriting }),
      );
      return changing("rewriting", engine.call("rewrite", { edits }, { signal, onEvent }), () => {
        replaced();
        patch(store, "edit", { status: "idle", curve: [], latest: null });
      });
    },

    audit: (signal) => settle(engine.call("audit", {}, { signal }), listed, ignore),

    async scorecard(id, probes, signal) {
      const after = store.getState().edit.edits.at(-1)?.id ?? id;
      const put = (card: CardState): void => update(store, "ledger", (ledger) => ({ ...ledger, cards: { ...ledger.cards, [id]: card } }));
      put({ status: "asking", card: null, after, error: null });
      return settle(
        engine.call("scorecard", { id, probes }, { signal }),
        (card) => put({ status: "done", card, after, error: null }),
        (error) => {
          if (error.code === "cancelled") update(store, "ledger", (ledger) => cardGone(ledger, id));
          else put({ status: "failed", card: null, after, error });
        },
      );
    },

    strengthCurve: (id, signal) =>
      settle(
        engine.call("strengthCurve", { id, strengths: curveStrengths }, { signal }),
        unlessAborted(signal, (points) => update(store, "ledger", (ledger) => ({ ...ledger, curves: { ...ledger.curves, [id]: points } }))),
        ignore,
      ),

    foresee: (draft, signal) =>
      settle(
        engine.call("foresee", { draft }, { signal }),
        unlessAborted(signal, (foresight) => patch(store, "ledger", { foresight })),
        // What is wrong with a draft is said when it is trained.
        unlessAborted(signal, () => patch(store, "ledger", { foresight: null })),
      ),

    readDrafts: (edits, signal) =>
      settle(
        engine.call("readDrafts", { edits }, { signal }),
        unlessAborted(signal, (facts) => patch(store, "imports", { status: "ready", facts })),
        unlessAborted(signal, (error) => patch(store, "imports", { status: "failed", error })),
      ),
  };
}

function ignore(): void {}
