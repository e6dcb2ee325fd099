import { EngineError } from "../lib/errors.ts";

const HINT = "Ask whoever sent it for the link once more, and copy all of it. The page works without it.";

/** A link that cannot be what was shared. */
export function badLink(message: string, hint = HINT, options?: ErrorOptions): EngineError {
  return new EngineError("bad-link", `The link: ${message}`, hint, options);
}
