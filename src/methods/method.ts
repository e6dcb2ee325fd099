/** What every editing method is to those who use it: the page, the evaluation, the programs. */
import type { EditDraft } from "../editing/editDraft.ts";
import type { TrainingStep } from "../editing/trainer.ts";
import type { TokenBatch } from "../editing/trainingBatch.ts";
import type { Model, Pass } from "../model/model.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";

export type MethodId = "improved" | "paper" | "ft-l" | "replay" | "lora" | "grace" | "melo" | "ultraedit" | "wise-lite";

/** A piece of knowledge to write, with its subject where it is known, as it stands in the prompt. */
export interface Knowledge extends EditDraft {
  readonly subject?: string | undefined;
}

/** What writing an edit took. */
export interface EditWritten {
  /** 1-based, in the order of editing; never given twice. */
  readonly edit: number;
  /** Adam steps; 0 for closed forms. */
  readonly steps: number;
  /** Mean cross-entropy of the answer's tokens at the last step, nats. */
  readonly loss: number;
}

/** Where one prompt stands against the edits. */
export interface MethodScope {
  /** True: the base model answers, with not a bit changed. Methods without deferral change every input: always false once there is an edit. */
  readonly deferred: boolean;
  /** The edit nearest to the prompt, or the one whose scope it is in; null where the method knows none in particular. */
  readonly edit: number | null;
  /** Distance to it in the method's own measure, and the bound under which a prompt is in scope; null where it has none. */
  readonly distance: number | null;
  readonly bound: number | null;
}

/** What a method does to a forward pass. */
export interface Intervention extends Pick<Pass, "onLinear" | "onOutput"> {
  /** Index of the first block whose output may differ from the base model's. */
  readonly firstLayer: number;
  dispose(): void;
}

/** Prompts whose scopes are decided. */
export interface Asked {
  /** One for each prompt, in order. */
  readonly scopes: readonly MethodScope[];
  /**
   * The change to some of the prompts, each with what follows it.
   * @param rows which prompts, by index; row b of the batch is prompt rows[b] and its continuation
   * @param batch its queryRows are the prompts' last tokens
   */
  intervene(rows: readonly number[], batch: TokenBatch): Intervention;
  dispose(): void;
}

/** All that a method has learned, for keeping it: `facts` is plain JSON. Given back to a fresh method of equal settings it goes on, bit for bit. */
export interface MethodState {
  readonly facts: unknown;
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

export interface MethodOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of each step by the methods that a person edits with (`LiveMethod`). */
  readonly onStep?: ((step: TrainingStep) => void) | undefined;
}

/**
 * One editing method over one model. It holds what it learns; the model is never changed. Calls go one after another. All randomness comes
 * from the seed and the edits before, so that the same edits give the same bits.
 */
export interface EditingMethod {
  readonly id: MethodId;
  /**
   * Writes one piece of knowledge; on any error the method is what it was.
   * @throws EngineError `empty-prompt`, `empty-answer`, `text-too-long`, `allocations-exhausted`, `training-diverged`, `cancelled`
   */
  edit(draft: Knowledge, options?: MethodOptions): Promise<EditWritten>;
  /** @param prompts token ids, each as encodePrompt gives them; any number of them */
  scope(prompts: readonly (readonly number[])[]): Promise<Asked>;
  /** Takes one edit back as well as the method can; what that is stands at each method. @throws EngineError `unknown-edit` */
  forget(edit: number): Promise<void>;
  state(): Promise<MethodState>;
  /** @throws EngineError `bad-state` when it is not of this method, model or settings */
  restore(state: MethodState): Promise<void>;
  dispose(): void;
}

/** What a method is made from. */
export interface MethodBase {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly seed: number;
}
