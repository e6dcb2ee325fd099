/** What can be wrong with the keeping of a person's work. */
import { EngineError } from "../lib/errors.ts";
import type { KeptDocument } from "../keeping/document.ts";

export const notKeeping = (): EngineError =>
  new EngineError("storage-unavailable", "Nothing is kept on this page yet.", "Wait until the page is ready, and try again.");

export const unavailable = (got: string): EngineError =>
  new EngineError(
    "storage-unavailable",
    `This browser keeps nothing for this page: ${got.replace(/\.$/, "")}.`,
    "Export your edits as a file before you close the page. Use a normal window over https or localhost to have them kept.",
  );

export const takenOver = (): EngineError =>
  new EngineError(
    "storage-busy",
    "Another tab of this page took over: it keeps the edits now, and what is done here is not kept.",
    "Go on there, or take over here again.",
  );

/**
 * A broken end looks like a change that was never saved, but for the list, which was told after it was.
 * @param about what the list was told of the project
 */
export function lostEnd({ changed }: Pick<KeptDocument, "changed">, about: unknown): EngineError | undefined {
  const { saved } = (about ?? {}) as { readonly saved?: unknown };
  if (typeof saved !== "number" || changed >= saved) return undefined;
  return new EngineError(
    "bad-project",
    `The file's end is damaged: got changes up to ${timeOf(changed)}, expected those up to ${timeOf(saved)}.`,
    "Look at what is here: what was saved before is in use. Do the rest again.",
  );
}

const timeOf = (ms: number): string => new Date(ms).toISOString();
