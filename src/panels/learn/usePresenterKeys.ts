import { useEffect } from "react";
import { lessonOf } from "../../lessons/lessons.ts";
import { useLabParts } from "../../store/lab.ts";
import { presenterMove } from "./presenterKeys.ts";

/** Elements that have a use of their own for arrows. */
const OWN_KEYS = "input, textarea, select, canvas, dialog, [role=group] .chip, [role=slider], [contenteditable]";

/** Arrows and Escape for whoever presents, wherever the focus is, but in fields and charts. */
export function usePresenterKeys(): void {
  const { store, actions } = useLabParts();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { presenting, at, spotlight } = store.getState().lessons;
      const inField = event.target instanceof Element && event.target.closest(OWN_KEYS) !== null;
      if (!presenting || event.defaultPrevented || (inField && event.key !== "Escape")) return;
      const move = presenterMove(event.key, { lesson: at && lessonOf(at.lesson), step: at?.step ?? 0, light: spotlight });
      if (!move) return;
      event.preventDefault();
      if (move.kind === "end") actions.present(false);
      else actions.shine(move.light);
      if (move.kind === "step" && at) actions.goToStep(at.lesson, move.step);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [store, actions]);
}
