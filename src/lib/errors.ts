/** What can go wrong, as a closed set: the page and the command-line programs switch on it. */
export type ErrorCode =
  | "no-webgpu"
  | "no-adapter"
  | "device-lost"
  | "device-limit"
  | "out-of-memory"
  | "gpu-error"
  | "shader-failed"
  | "fetch-failed"
  | "bad-manifest"
  | "bad-shard"
  | "bad-safetensors"
  | "bad-gguf"
  | "bad-range"
  | "file-changed"
  | "hub-refused"
  | "no-space"
  | "unknown-files"
  | "bad-tokenizer"
  | "bad-config"
  | "unsupported-architecture"
  | "unknown-model"
  | "no-model"
  | "busy"
  | "cancelled"
  | "empty-prompt"
  | "empty-answer"
  | "answer-unchanged"
  | "text-too-long"
  | "training-diverged"
  | "allocations-exhausted"
  | "bad-settings"
  | "bad-edits"
  | "bad-link"
  | "bad-recording"
  | "unknown-edit"
  | "nothing-to-undo"
  | "bad-state"
  | "bad-adapter"
  | "bad-shape"
  | "bad-project"
  | "unknown-project"
  | "newer-schema"
  | "storage-unavailable"
  | "storage-busy"
  | "worker-failed"
  | "internal";

/** An error as it crosses the worker. */
export interface ErrorFacts {
  readonly code: ErrorCode;
  /** What failed, and what was got against what was expected. */
  readonly message: string;
  /** What the reader can do about it. */
  readonly hint: string;
}

/** The one error type of the engine: what failed, got against expected, what to do. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }

  toFacts(): ErrorFacts {
    return { code: this.code, message: this.message, hint: this.hint };
  }
}

/** Any thrown value as facts; an unknown one becomes "internal" with its own message. */
export function errorFacts(thrown: unknown): ErrorFacts {
  if (thrown instanceof EngineError) return thrown.toFacts();
  if (thrown instanceof Error && thrown.name === "AbortError") return cancelled().toFacts();
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "internal", message, hint: "This is a fault of the program: please report it with this message." };
}

export function cancelled(): EngineError {
  return new EngineError("cancelled", "Cancelled.", "Start again whenever you like; nothing was changed.");
}

/** @throws EngineError `cancelled` when the signal is set. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}
