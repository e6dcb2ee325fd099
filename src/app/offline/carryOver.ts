import { hasGaps, linkStateOf } from "../../share/labLink.ts";
import { encodeLink } from "../../share/linkCodec.ts";
import { emptyForm } from "../../store/editSlice.ts";
import type { EditForm } from "../../store/editSlice.ts";
import type { LabState } from "../../store/labStore.ts";

/**
 * A fragment that makes the edits anew, with the same seed; empty where there are none.
 * @returns null where something would be lost: a model that only this tab has, edits that would come out otherwise, too many for a link
 */
export async function carriedOver(state: LabState): Promise<string | null> {
  const { edits } = state.edit;
  if (edits.length === 0) return "";
  if (hasGaps(edits)) return null;
  const { hidden, locked } = state.link;
  try {
    return await encodeLink(linkStateOf(state, { view: null, lesson: null, hidden, locked }));
  } catch {
    return null;
  }
}

const KEY = "carried-form";

/** An edit that is still being written: for this tab only, and over one reload. */
export function putForm(form: EditForm): void {
  try {
    if (JSON.stringify(form) !== JSON.stringify(emptyForm)) sessionStorage.setItem(KEY, JSON.stringify(form));
  } catch {
    // Storage may be closed to us: a text that was not sent is lost then.
  }
}

export function takeForm(): Partial<EditForm> | null {
  try {
    const text = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return text === null ? null : readForm(JSON.parse(text));
  } catch {
    return null;
  }
}

function readForm(json: unknown): Partial<EditForm> {
  const read = typeof json === "object" && json !== null ? Object.entries(json) : [];
  return Object.fromEntries(read.filter(([name, text]) => name in emptyForm && typeof text === "string"));
}
