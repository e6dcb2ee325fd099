import type { ReactNode } from "react";
import { useLab } from "../../store/lab.ts";
import { safetyOf } from "../../store/projectsSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { formatTime } from "../../ui/format.ts";

/** Whether what was done is safe: said only once it is. */
export function SafetyMark(): ReactNode {
  const words = useTexts().projects;
  const safety = useLab((state) => safetyOf(state.projects, state.edit.edits.length));
  const saved = useLab((state) => state.projects.facts?.saved ?? null);
  const hint = { saved: saved === null ? "" : words.savedAt(formatTime(saved)), unsaved: words.unsavedHint, empty: "", starting: "" }[
    safety
  ];
  return (
    <span className="safety" role="status" data-safety={safety} title={hint}>
      {words.safety[safety]}
    </span>
  );
}
