import type { MethodSettings, ModelFacts, PlannedEdit } from "../engine/protocol.ts";
import type { EngineBinding } from "./bindEngine.ts";
import { draftOf, emptyForm } from "./editSlice.ts";
import type { EditForm } from "./editSlice.ts";
import { patch, update } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";
import { editsReplaced, inOrder, movedOrder, plannedOf } from "./ledgerSlice.ts";
import type { LedgerSaid } from "./ledgerSlice.ts";
import type { Measuring } from "./measureActions.ts";
import { activityOf, lastEdit } from "./selectors.ts";

/** What changes edits. Actions that can be taken back say in `ledger.said` what they did. */
export interface LedgerActions {
  setForm(form: Partial<EditForm>): void;
  /** Writes the form's draft, shows it before and after, and measures what it did. */
  train(): Promise<void>;
  cancelTraining(): void;
  switchEdit(id: number, on: boolean): Promise<void>;
  setStrength(id: number, strength: number): Promise<void>;
  forgetEdit(id: number): Promise<void>;
  clearEdits(): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** Plans another order; `rewriteEdits` makes it so. */
  moveEdit(id: number, by: number): void;
  dropOrder(): void;
  /** Starts again from the seed, with the edits in the planned order. */
  rewriteEdits(): Promise<void>;
  cancelRewrite(): void;
  /** Another method to edit with; the edits it drops stay at hand in `ledger.left`. */
  chooseMethod(method: ModelFacts["method"]): Promise<boolean>;
  /** The same for paper mode's settings; ε alone keeps the edits. */
  applySettings(settings: MethodSettings): Promise<boolean>;
  /** See ModelFacts.threshold; keeps the edits. */
  setThreshold(threshold: number): Promise<void>;
  /** Writes what was dropped, before the edits made since. */
  rewriteLeft(): Promise<void>;
  dropLeft(): void;
}

export interface LedgerParts {
  readonly store: LabStore;
  readonly engine: EngineBinding;
  readonly measuring: Measuring;
  /** Routes the prompt anew and counts memory. */
  readonly onEdits: () => Promise<void>;
  readonly tryPrompt: (text: string) => Promise<void>;
}

/** The actions, with what others need of them. */
export interface Ledger extends LedgerActions {
  /** Stops what is under way, before another model takes the place of this one. */
  stopEditing(): void;
  /** Does what may drop all edits; those are then offered to be written again. */
  keepingDrafts(work: () => Promise<unknown>): Promise<void>;
}

export function createLedgerActions({ store, engine, measuring, onEdits, tryPrompt }: LedgerParts): Ledger {
  let training = new AbortController();
  let rewriting = new AbortController();

  const isReady = (): boolean => store.getState().model.status === "ready" && store.getState().device.status === "ready";
  const isIdle = (): boolean => activityOf(store.getState()) === "idle";
  const planned = (): PlannedEdit[] => store.getState().edit.edits.map(plannedOf);
  const find = (id: number) => store.getState().edit.edits.find((edit) => edit.id === id);

  /** Runs a change of the list, then what follows from it. */
  const change = async (call: () => Promise<boolean>, said: LedgerSaid | null = null): Promise<boolean> => {
    if (!isReady() || activityOf(store.getState()) === "configuring") return false;
    measuring.stop();
    const changed = await call();
    if (changed) {
      patch(store, "ledger", { said });
      void measuring.audit();
      await onEdits();
    }
    measuring.foreseeSoon();
    return changed;
  };

  const rewrite = (edits: readonly PlannedEdit[], said: LedgerSaid): Promise<boolean> => {
    rewriting = new AbortController();
    return change(() => engine.rewrite(edits, rewriting.signal), said);
  };

  const keepingDrafts = async (work: () => Promise<unknown>): Promise<void> => {
    const before = planned();
    await work();
    if (before.length === 0 || store.getState().edit.edits.length > 0) return;
    update(store, "ledger", (ledger) => ({ ...editsReplaced(ledger), said: null, left: [...ledger.left, ...before] }));
  };

  const reconfigure = async (settings: MethodSettings, method: ModelFacts["method"]): Promise<boolean> => {
    if (!isIdle()) return false;
    measuring.stop();
    if (!(await engine.configure(settings, method))) return false;
    // Only now: the queue may have written one while this waited.
    await keepingDrafts(engine.listEdits);
    await onEdits();
    measuring.foreseeSoon();
    return true;
  };

  return {
    setForm(form) {
      update(store, "edit", (edit) => ({ ...edit, form: { ...edit.form, ...form } }));
      measuring.foreseeSoon();
    },

    async train() {
      if (!isIdle()) return;
      training = new AbortController();
      measuring.stop();
      const { form } = store.getState().edit;
      const draft = draftOf(form);
      if (!(await engine.edit(draft, training.signal))) return void (await engine.measureMemory());
      const trained = lastEdit(store.getState());
      // An edit that does not hold wants another try, with what was typed still there; so does what was typed since.
      if (trained?.holds && store.getState().edit.form === form) patch(store, "edit", { form: emptyForm });
      measuring.foreseeSoon();
      await tryPrompt(draft.prompt);
      if (trained) void measuring.askScorecard(trained.id);
    },

    cancelTraining: () => training.abort(),

    async switchEdit(id, on) {
      if (find(id)) await change(() => engine.changeEdit(id, { on }));
    },

    async setStrength(id, strength) {
      const own = find(id);
      if (own && own.strength !== strength) await change(() => engine.changeEdit(id, { strength }));
    },

    async forgetEdit(id) {
      if (find(id)) await change(() => engine.forget(id), { kind: "forgotten", id });
    },

    async clearEdits() {
      const count = store.getState().edit.edits.length;
      if (count > 0 && isIdle()) await rewrite([], { kind: "cleared", count });
    },

    async undo() {
      const { said, left } = store.getState().ledger;
      if (said?.kind === "dropped") return patch(store, "ledger", { left: [...said.left, ...left], said: null });
      if (store.getState().edit.canUndo && isIdle()) await change(engine.undo, { kind: "undone" });
    },

    async redo() {
      if (store.getState().edit.canRedo && isIdle()) await change(engine.redo, { kind: "redone" });
    },

    moveEdit: (id, by) =>
      update(store, "ledger", (ledger) => ({ ...ledger, order: movedOrder(store.getState().edit.edits, ledger.order, id, by) })),
    dropOrder: () => patch(store, "ledger", { order: null }),

    async rewriteEdits() {
      const { edit, ledger } = store.getState();
      const edits = inOrder(edit.edits, ledger.order).map(plannedOf);
      if (edits.length > 0 && isIdle()) await rewrite(edits, { kind: "rewritten", count: edits.length });
    },

    cancelRewrite: () => rewriting.abort(),

    async chooseMethod(method) {
      const { facts } = store.getState().model;
      return facts !== null && facts.method !== method && reconfigure(facts.settings, method);
    },

    async applySettings(settings) {
      const { facts } = store.getState().model;
      return facts !== null && reconfigure(settings, facts.method);
    },

    async setThreshold(threshold) {
      if (!isReady() || !(await engine.setThreshold(threshold))) return;
      await onEdits();
      measuring.foreseeSoon();
    },

    async rewriteLeft() {
      const edits = [...store.getState().ledger.left, ...planned()];
      if (isIdle() && (await rewrite(edits, { kind: "rewritten", count: edits.length }))) patch(store, "ledger", { left: [] });
    },

    dropLeft: () => update(store, "ledger", (ledger) => ({ ...ledger, left: [], said: { kind: "dropped", left: ledger.left } })),

    stopEditing() {
      for (const under of [training, rewriting]) under.abort();
      measuring.stop();
    },

    keepingDrafts,
  };
}
