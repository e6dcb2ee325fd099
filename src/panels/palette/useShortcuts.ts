import { useEffect } from "react";
import { useLabParts } from "../../store/lab.ts";
import type { Lab } from "../../store/lab.ts";
import { standingOf } from "./command.ts";
import type { Command } from "./command.ts";
import { commands } from "./commands/commands.ts";
import { isMac, matchesKeys } from "./keys.ts";

/** Fields undo their own typing. */
const FIELDS = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]";

/** A form and its fields have a use of their own for some keys. */
function isOwnKey({ key }: KeyboardEvent, target: Element | null): boolean {
  if (key === "Enter") return Boolean(target?.closest("form, button, a, summary"));
  return ["z", "y"].includes(key.toLowerCase()) && Boolean(target?.closest(FIELDS));
}

/** The command that a key stands for right now; null where it is none, or somebody else's. */
function commandFor(event: KeyboardEvent, { store }: Lab, mac: boolean): Command | null {
  const command = commands.find(({ keys }) => keys?.some((each) => matchesKeys(event, each, mac)));
  if (!command || event.defaultPrevented) return null;
  const target = event.target instanceof Element ? event.target : null;
  // What lies over the page keeps its keys: nothing under it may change unseen.
  if (document.querySelector("dialog[open]") || isOwnKey(event, target)) return null;
  return standingOf(command, store.getState()) === "now" ? command : null;
}

/** Runs commands by their keys, wherever the focus is. */
export function useShortcuts(): void {
  const lab = useLabParts();
  useEffect(() => {
    const mac = isMac();
    const onKey = (event: KeyboardEvent): void => {
      const command = commandFor(event, lab, mac);
      if (!command) return;
      event.preventDefault();
      command.run(lab);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [lab]);
}
