import { flushSync } from "react-dom";
import { useLabParts } from "../../store/lab.ts";
import type { Command } from "./command.ts";

/** Closes what lies over the page, then runs the command: the focus is back by then, and the command may move it. */
export function useRunCommand(): (command: Command) => void {
  const lab = useLabParts();
  return (command) => {
    flushSync(() => lab.actions.openOverlay("none"));
    command.run(lab);
  };
}
