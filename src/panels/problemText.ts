import type { ErrorFacts } from "../lib/errors.ts";
import type { Texts } from "../texts/texts.ts";

/** An error in one line: in the page's language what happened, then the engine's own words. */
export function problemText(texts: Texts, { code, message, hint }: ErrorFacts): string {
  return [texts.problems.lead(code), message, hint].filter((part) => part !== "").join(" ");
}
