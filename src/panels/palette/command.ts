import type { ControlId } from "../../store/controls.ts";
import type { Lab } from "../../store/lab.ts";
import type { LabState } from "../../store/labStore.ts";
import { allowedOf } from "../../store/linkSlice.ts";
import type { Texts } from "../../texts/texts.ts";
import type { Keys } from "./keys.ts";

export type CommandGroup = "ask" | "edit" | "look" | "learn" | "model" | "go" | "page";

/** Something a person can do, as a value: the palette, the keys, their list and the guide all run the same. */
export interface Command {
  /** No two have the same; the guide points at commands by it. */
  readonly id: string;
  readonly group: CommandGroup;
  /** In the words of its button, where it has one. */
  readonly name: (texts: Texts) => string;
  /** Where it belongs: a link that hides or locks that part takes the command along. */
  readonly part?: ControlId;
  /** Left out: there is always such a thing to do. */
  readonly there?: (state: LabState) => boolean;
  /** Left out: it can be done at any time. */
  readonly when?: (state: LabState) => boolean;
  readonly run: (lab: Lab) => void;
  /** The first is the one that is named. */
  readonly keys?: readonly Keys[];
}

/** Whether it can be done now, could be at another time, or is no part of this page. */
export type Standing = "now" | "not-now" | "absent";

export function standingOf({ part, there, when }: Command, state: LabState): Standing {
  const allowed = part === undefined ? "free" : allowedOf(state.link, part);
  if (allowed === "hidden" || there?.(state) === false) return "absent";
  return allowed === "free" && when?.(state) !== false ? "now" : "not-now";
}
