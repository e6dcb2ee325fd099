/** A set of edits and what measures them: what every import gives and every evaluation takes. */

/** How far a prompt that should keep its answer is from the edit. */
export type LocalityKind =
  /** Near: the edit's own subject, asked for something else. */
  | "same subject"
  /** Near: what the edit is about, asked of another subject. */
  | "same relation"
  /** Neither: other facts, questions and plain prose. */
  | "far";

export interface LocalityPrompt {
  readonly prompt: string;
  readonly kind: LocalityKind;
}

/** One edit with the prompts that measure it. */
export interface EditRecord {
  /** Unique in its set, e.g. the case number of its source. */
  readonly id: string;
  readonly prompt: string;
  /** The new answer, without a blank in front. */
  readonly answer: string;
  /** What the edit is about, as it stands in the prompt; absent where the source does not say. */
  readonly subject?: string;
  /** Rephrasings given to the method with the edit. */
  readonly rephrasings: readonly string[];
  /** Rephrasings that the method never sees: they measure generalization. */
  readonly heldOut: readonly string[];
  /** Prompts that should keep the base model's answer. */
  readonly locality: readonly LocalityPrompt[];
}

export interface EditSet {
  readonly name: string;
  readonly records: readonly EditRecord[];
  /** Plain texts whose perplexity measures retention; may be empty. */
  readonly prose: readonly string[];
}
