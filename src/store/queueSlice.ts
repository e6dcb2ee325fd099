import type { PlannedEdit, TrainingStep } from "../engine/protocol.ts";
import type { ErrorFacts } from "../lib/errors.ts";

/** A draft that waits for its training, or whose training failed. */
export interface QueueItem {
  /** 1, 2, … in the order of queueing. */
  readonly key: number;
  readonly draft: PlannedEdit;
  readonly status: "waiting" | "training" | "failed";
  readonly step: Pick<TrainingStep, "step" | "steps"> | null;
  readonly error: ErrorFacts | null;
}

/** Drafts that are trained one after another while the person does other things. */
export interface QueueState {
  readonly items: readonly QueueItem[];
  /** Nothing more is started; the training under way comes to its end. */
  readonly paused: boolean;
  /** Trained since the queue was last empty. */
  readonly done: number;
  readonly nextKey: number;
  /** Taken out last, and not put back. */
  readonly removed: readonly PlannedEdit[];
}

export const initialQueue: QueueState = { items: [], paused: false, done: 0, nextKey: 1, removed: [] };

export function queued(queue: QueueState, drafts: readonly PlannedEdit[]): QueueState {
  const added = drafts.map((draft, i): QueueItem => ({ key: queue.nextKey + i, draft, status: "waiting", step: null, error: null }));
  const done = queue.items.length === 0 ? 0 : queue.done;
  return { ...queue, items: [...queue.items, ...added], done, nextKey: queue.nextKey + drafts.length };
}

export function itemChanged(queue: QueueState, key: number, change: Partial<Omit<QueueItem, "key" | "draft">>): QueueState {
  return { ...queue, items: queue.items.map((item) => (item.key === key ? { ...item, ...change } : item)) };
}

export function itemGone(queue: QueueState, key: number): QueueState {
  return { ...queue, items: queue.items.filter((item) => item.key !== key) };
}

/** Takes out what the person no longer wants; it can be put back until the next is taken out. */
export function itemsRemoved(queue: QueueState, gone: (item: QueueItem) => boolean): QueueState {
  const removed = queue.items.filter(gone).map(({ draft }) => draft);
  return removed.length === 0 ? queue : { ...queue, items: queue.items.filter((item) => !gone(item)), removed };
}

export function itemDone(queue: QueueState, key: number): QueueState {
  return { ...itemGone(queue, key), done: queue.done + 1 };
}

export const nextInQueue = ({ items }: QueueState): QueueItem | null => items.find(({ status }) => status === "waiting") ?? null;
export const trainingInQueue = ({ items }: QueueState): QueueItem | null => items.find(({ status }) => status === "training") ?? null;
