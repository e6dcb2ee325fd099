/** What an evaluation says. Plain data, the same to the bit for the same run: nothing that is timed stands here. */

/** The base model's answer to a locality prompt is at most this long, in tokens, where no sentence ends before. */
export const LOCALITY_TOKENS = 8;
/**
 * Teacher-forced, each locality prompt counts as much as any other, by the share of its tokens: in parts of which every length up to
 * LOCALITY_TOKENS is a divisor. Deferred prompts keep all, and how long their answers are is not known without asking.
 */
export const LOCALITY_PARTS = 840;

/** Hits counted over prompts (free) or tokens (teacher-forced). */
export interface Count {
  readonly hits: number;
  readonly of: number;
}

/** One metric in both ways of measuring, never mixed. */
export interface Metric {
  /** Prompts whose greedy answer is exactly the one wanted, its end included: without it an answer could run on into another word. */
  readonly free: Count;
  /**
   * Target tokens that are the most probable after the targets before them, over all tokens; of
   * locality in LOCALITY_PARTS a prompt. The full stop that ends a trained answer is none of them.
   */
  readonly teacherForced: Count;
}

export interface Metrics {
  /** Edits whose prompt gives the target. */
  readonly reliability: Metric;
  /** Rephrasings that the method never saw. */
  readonly generalization: Metric;
  /** Prompts that should keep the base model's answer: same subject or same relation. */
  readonly localityNear: Metric;
  readonly localityFar: Metric;
}

/** The second half of a plain text after its first, which is the prompt that decides the scope. Sums over its tokens, nats. */
export interface PassageLoss {
  readonly base: number;
  readonly edited: number;
  readonly tokens: number;
}

/** After some edits, on all edits so far. */
export interface Checkpoint {
  readonly afterEdits: number;
  /** Edits that generalization and locality were measured on, evenly spaced among those so far; reliability is always of all. */
  readonly sampled: number;
  readonly metrics: Metrics;
  /** Perplexity on plain texts, edited over base; null where none was measured. */
  readonly retention: number | null;
  /** Text by text; null for those that another shard measures. */
  readonly passages: readonly (PassageLoss | null)[];
  /**
   * Whether edit i (0-based, in the order of editing) gives its target, free: a row of the edits × time retention matrix. Null for
   * those that another shard measures.
   */
  readonly holds: readonly (boolean | null)[];
}

/** How one prompt fared at the end. */
export interface PromptOutcome {
  readonly prompt: string;
  /** Free: gives the answer wanted. */
  readonly right: boolean;
  /** Its target tokens, teacher-forced; of locality in LOCALITY_PARTS. */
  readonly teacherForced: Count;
  /** Deferred to the base model. */
  readonly deferred: boolean;
  /** The edit that answered, or was nearest; null where the method knows none. */
  readonly edit: number | null;
}

/** One edit at the end: what it wrote, and what became of it. */
export interface EditOutcome {
  /** The record's id. */
  readonly id: string;
  /** 1-based, in the order of editing. */
  readonly edit: number;
  readonly steps: number;
  readonly own: PromptOutcome;
  readonly heldOut: readonly PromptOutcome[];
  readonly locality: readonly (PromptOutcome & { readonly kind: string })[];
  /** Since which edit it does not hold: the first after which it was found lost and stayed so; null while it holds. */
  readonly lostSince: number | null;
  /** Null for methods whose edits have neither experts nor keys of their own. */
  readonly place: EditPlace | null;
}

/** Where an edit lies among the others, in the terms of its method. */
export interface EditPlace {
  /** Assigned experts, (L, k); null for methods without. */
  readonly allocation: readonly (readonly number[])[] | null;
  /** The allocation code of its prompt, as 0 and 1; null for methods without. */
  readonly code: readonly number[] | null;
  /** The nearest other edits, nearest first: by bits between codes, or by the distance between the method's keys. */
  readonly neighbours: readonly { readonly edit: number; readonly distance: number }[];
  /** The edits that share most experts with it, most first. */
  readonly collisions: readonly Collision[];
  /** Who may have overwritten it; null while it holds, and for methods without experts. */
  readonly loss: LossTrace | null;
}

/** Experts that two edits share. */
export interface Collision {
  readonly edit: number;
  /** Over all layers. */
  readonly shared: number;
  /** By layer with shared experts: of `of` experts that an edit has there, these are common. */
  readonly layers: readonly { readonly layer: number; readonly experts: readonly number[]; readonly of: number }[];
}

/** Between the last time that an edit was found to hold and the first that it was not. */
export interface LossTrace {
  /** After how many edits it still held: its own number where it was never found to hold. */
  readonly heldAfter: number;
  readonly lostAfter: number;
  /** Its experts that edits written in between share, those with most such edits first. */
  readonly experts: readonly { readonly layer: number; readonly expert: number; readonly edits: readonly number[] }[];
}

/** What was run; two results with equal runs are equal. */
export interface RunFacts {
  readonly method: string;
  readonly settings: unknown;
  readonly model: string;
  /** Format of the weights, for people. */
  readonly weights: string;
  readonly edits: { readonly name: string; readonly sha256: string };
  /** Of the order of the edits and of the method. */
  readonly seed: number;
  /** Records, at most. */
  readonly limit: number;
  /** Edits between checkpoints. */
  readonly every: number;
  /** Edits that generalization and locality are measured on at checkpoints before the last, at most. */
  readonly sample: number;
  /** Of measuring, 1-based; 1 of 1 where all is measured here. */
  readonly shard: { readonly index: number; readonly of: number };
}

export interface EvaluationResult {
  readonly format: "elder-lab evaluation";
  readonly version: 1;
  readonly run: RunFacts;
  /** The last is the final state. */
  readonly checkpoints: readonly Checkpoint[];
  /** In the order of editing; in a shard those that it measures. */
  readonly edits: readonly EditOutcome[];
  /** Records that could not be written, with the reason. */
  readonly refused: readonly { readonly id: string; readonly message: string }[];
}

/** What an evaluation says while it runs. */
export type EvaluationEvent =
  /** Also after going on from a kept state, with what was done before. */
  | { readonly kind: "started"; readonly done: number; readonly of: number; readonly checkpoints: readonly Checkpoint[] }
  /** One more record written; `done` counts records, refused ones included. Loss in nats a token. */
  | {
      readonly kind: "edit";
      readonly done: number;
      readonly of: number;
      readonly id: string;
      readonly edit: number;
      readonly steps: number;
      readonly loss: number;
      readonly seconds: number;
    }
  | { readonly kind: "refused"; readonly done: number; readonly of: number; readonly id: string; readonly message: string }
  /** `done` of `of` edits measured. */
  | { readonly kind: "measuring"; readonly afterEdits: number; readonly done: number; readonly of: number }
  | { readonly kind: "checkpoint"; readonly checkpoint: Checkpoint; readonly seconds: number };
