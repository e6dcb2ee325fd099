import type { ErrorCode } from "../../lib/errors.ts";

/** Before the engine's own words, which are English: nothing to add to them here. */
export const problems = {
  lead: (_code: ErrorCode): string => "",
} as const;
