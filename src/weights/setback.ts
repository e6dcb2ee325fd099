import type { EngineError } from "../lib/errors.ts";

/** A request that came to nothing, and whether another may do better. */
export class Setback extends Error {
  /** What is said when no try does better. */
  readonly error: EngineError;
  /** "never": no try can do better. "at once": another address is asked. "later": after a pause. */
  readonly again: "never" | "at once" | "later";
  /** Milliseconds that the server asks to wait; 0 when it does not. */
  readonly waitMs: number;

  constructor(error: EngineError, again: Setback["again"] = "later", waitMs = 0) {
    super(error.message);
    this.error = error;
    this.again = again;
    this.waitMs = waitMs;
  }
}
