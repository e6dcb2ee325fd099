/** One input made to do harm, and what has to refuse it. */
import type { ErrorCode } from "../../../src/lib/errors.ts";
import type { Input } from "../target.ts";

export interface Handcrafted {
  /** Its parser, by the name of a target. */
  readonly target: string;
  /** Says the fault. */
  readonly name: string;
  readonly code: ErrorCode;
  /** Of the message. */
  readonly says?: RegExp;
  /** Made when asked for: some are large. */
  readonly input: () => Input;
}
