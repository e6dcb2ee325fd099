/** What an evaluation says. Plain data, the same to the bit for the same run: nothing that is timed stands here. */

/** Counted hits over prompts (free) or tokens (teacher-forced). */
export interface Count {
  readonly hits: number;
  readonly of: number;
}

/** One metric in both ways of measuring, never mixed. */
export interface Metric {
  /** Prompts whose greedy answer is exactly the one wanted. */
  readonly free: Count;
  /** Target tokens that are the most probable after the targets before them. */
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

/** After some edits, on all edits so far. */
export interface Checkpoint {
  readonly afterEdits: number;
  readonly metrics: Metrics;
  /** Perplexity on plain texts, edited over base; null where the set has none. */
  readonly retention: number | null;
  /** Whether edit i (0-based, in the order of editing) gives its target, free: a row of the edits × time retention matrix. */
  readonly holds: readonly boolean[];
}

/** How one prompt fared at the end. */
export interface PromptOutcome {
  readonly prompt: string;
  /** Free: gives the answer wanted. */
  readonly right: boolean;
  /** Share of its target tokens, teacher-forced. */
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
  readonly limit: number;
  readonly every: number;
  /** Of measuring, 1-based; 1 of 1 where all is measured here. */
  readonly shard: { readonly index: number; readonly of: number };
}

export interface EvaluationResult {
  readonly format: "elder-lab evaluation";
  readonly version: 1;
  readonly run: RunFacts;
  /** The last is the final state. */
  readonly checkpoints: readonly Checkpoint[];
  /** In the order of editing. */
  readonly edits: readonly EditOutcome[];
  /** Records that could not be written, with the reason. */
  readonly refused: readonly { readonly id: string; readonly message: string }[];
}
