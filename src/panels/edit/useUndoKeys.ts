import { useEffect } from "react";
import { useLabParts } from "../../store/lab.ts";
import { allowedOf } from "../../store/linkSlice.ts";

/** Fields that undo their own typing. */
const TYPED = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=range])";

/** Ctrl+Z and Ctrl+Shift+Z (⌘ on a Mac, Ctrl+Y as well) anywhere but where one types. */
export function useUndoKeys(): void {
  const { store, actions } = useLabParts();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const key = event.key.toLowerCase();
      if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey) || (key !== "z" && key !== "y")) return;
      const typed = event.target instanceof Element && event.target.closest(TYPED) !== null;
      // What lies over the page keeps its keys, and a link may lock the list.
      if (typed || document.querySelector("dialog[open]") || allowedOf(store.getState().link, "edits") !== "free") return;
      event.preventDefault();
      void (key === "y" || event.shiftKey ? actions.redo() : actions.undo());
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [store, actions]);
}
