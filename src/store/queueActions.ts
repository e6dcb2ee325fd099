import { EngineError } from "../lib/errors.ts";
import type { PlannedEdit } from "../engine/protocol.ts";
import type { EngineBinding } from "./bindEngine.ts";
import { draftOf, emptyForm, formOf, trainingFailed } from "./editSlice.ts";
import { patch, update } from "./labStore.ts";
import type { LabStore } from "./labStore.ts";
import type { Measuring } from "./measureActions.ts";
import { itemChanged, itemGone, itemsRemoved, nextInQueue, queued, trainingInQueue } from "./queueSlice.ts";

/** Drafts that train in the background, one after another; what is asked meanwhile has its turn between two of them. */
export interface QueueActions {
  /** Takes the form's draft into the queue. */
  queueForm(): void;
  queueDrafts(drafts: readonly PlannedEdit[]): void;
  /** Takes what a new method or new settings dropped into the queue. */
  queueLeft(): void;
  /** The training under way comes to its end. */
  pauseQueue(paused: boolean): void;
  /** A training under way is broken off; the edits stay as they were. */
  cancelQueued(key: number): void;
  retryQueued(key: number): void;
  /** Puts the draft back into the form. */
  reviseQueued(key: number): void;
  /** Takes out all that waits or failed. */
  emptyQueue(): void;
  /** Puts back what was taken out last, behind the others. */
  restoreQueued(): void;
}

export interface QueueParts {
  readonly store: LabStore;
  readonly engine: EngineBinding;
  readonly measuring: Measuring;
  readonly onEdits: () => Promise<void>;
  readonly setForm: (form: ReturnType<typeof formOf>) => void;
}

/** The actions, with what others need of them. */
export interface Queue extends QueueActions {
  /** Breaks off the training under way; its draft waits again, and the queue is paused. */
  holdQueue(): void;
}

export function createQueueActions({ store, engine, measuring, onEdits, setForm }: QueueParts): Queue {
  let training = new AbortController();
  let running = false;
  const isReady = (): boolean => store.getState().model.status === "ready" && store.getState().device.status === "ready";
  const next = () => (isReady() && !store.getState().queue.paused ? nextInQueue(store.getState().queue) : null);

  const trainNext = async (key: number, draft: PlannedEdit): Promise<void> => {
    training = new AbortController();
    const { on = true, strength = 1, ...knowledge } = draft;
    measuring.stop();
    if (!(await engine.editQueued(key, knowledge, training.signal))) return;
    const id = store.getState().edit.edits.at(-1)?.id;
    if (id === undefined) return;
    if (!on || strength !== 1) await engine.changeEdit(id, { on, strength });
    await onEdits();
    // With others waiting it is enough to know what holds; the last one gets a scorecard.
    if (next()) await measuring.audit();
    else void measuring.askScorecard(id);
  };

  const run = async (): Promise<void> => {
    if (running) return;
    running = true;
    try {
      for (let item = next(); item; item = next()) await trainNext(item.key, item.draft);
    } finally {
      running = false;
      measuring.foreseeSoon();
    }
  };

  const find = (key: number) => store.getState().queue.items.find((item) => item.key === key);

  const actions: Queue = {
    queueForm() {
      const draft = draftOf(store.getState().edit.form);
      const fault = faultOf(draft);
      if (fault) return update(store, "edit", (edit) => trainingFailed(edit, fault.toFacts()));
      patch(store, "edit", { form: emptyForm, error: null });
      actions.queueDrafts([draft]);
    },

    queueDrafts(drafts) {
      update(store, "queue", (queue) => queued(queue, drafts));
      void run();
    },

    queueLeft() {
      const { left } = store.getState().ledger;
      patch(store, "ledger", { left: [] });
      actions.queueDrafts(left);
    },

    pauseQueue(paused) {
      patch(store, "queue", { paused });
      void run();
    },

    cancelQueued(key) {
      if (find(key)?.status === "training") training.abort();
      else update(store, "queue", (queue) => itemsRemoved(queue, (item) => item.key === key));
    },

    retryQueued(key) {
      if (find(key)?.status !== "failed") return;
      update(store, "queue", (queue) => itemChanged(queue, key, { status: "waiting", error: null }));
      void run();
    },

    reviseQueued(key) {
      const item = find(key);
      if (!item || item.status === "training") return;
      setForm(formOf(item.draft));
      update(store, "queue", (queue) => itemGone(queue, key));
    },

    emptyQueue: () => update(store, "queue", (queue) => itemsRemoved(queue, ({ status }) => status !== "training")),

    restoreQueued() {
      const { removed } = store.getState().queue;
      patch(store, "queue", { removed: [] });
      actions.queueDrafts(removed);
    },

    holdQueue() {
      const { queue } = store.getState();
      const item = trainingInQueue(queue);
      if (queue.items.length === 0) return;
      patch(store, "queue", { paused: true });
      training.abort();
      // The call's end takes out the one under way: this one waits in its place.
      if (item)
        update(store, "queue", (now) => ({
          ...now,
          items: [...queued(now, [item.draft]).items.slice(-1), ...now.items],
          nextKey: now.nextKey + 1,
        }));
    },
  };
  return actions;
}

/** What cannot be trained is said at the field while it is still there. */
function faultOf({ prompt, answer }: PlannedEdit): EngineError | null {
  if (prompt === "") return new EngineError("empty-prompt", "The edit's prompt is empty.", "Type the prompt whose answer should change.");
  return answer === "" ? new EngineError("empty-answer", "The new answer is empty.", "Type the answer the model should give.") : null;
}
