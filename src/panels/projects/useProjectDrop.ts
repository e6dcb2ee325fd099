import type { DragEvent } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf } from "../../store/selectors.ts";

/** A project ends in .elder; all else that is dropped on the projects is looked at as adapters. */
export function useProjectDrop() {
  const idle = useLab((state) => activityOf(state) === "idle" && state.projects.work === "none");
  const { importProject, importAdapters } = useActions();
  const onDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = idle ? "copy" : "none";
  };
  const onDrop = (event: DragEvent): void => {
    const files = [...event.dataTransfer.files];
    const [first] = files;
    if (!first) return;
    event.preventDefault();
    if (!idle) return;
    void (files.length === 1 && first.name.endsWith(".elder") ? importProject(first) : importAdapters(files));
  };
  return { "data-drop": true, onDragOver, onDrop } as const;
}
