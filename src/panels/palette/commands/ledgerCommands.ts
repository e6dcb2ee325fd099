import type { ModelFacts } from "../../../engine/protocol.ts";
import type { LabState } from "../../../store/labStore.ts";
import type { Command } from "../command.ts";
import { isIdle } from "./conditions.ts";

const hasEdits = (state: LabState): boolean => isIdle(state) && state.edit.edits.length > 0;

const methods: readonly ModelFacts["method"][] = ["paper", "improved"];
const methodCommands = methods.map((method): Command => ({
  id: `method-${method}`,
  group: "edit",
  part: "edit",
  name: ({ palette, method: words }) => palette.method(words.names[method]),
  when: (state) => isIdle(state) && state.model.facts?.method !== method,
  // What it drops is offered to be written again.
  run: ({ actions }) => void actions.chooseMethod(method),
}));

/** What is done to the edits that there are. */
export const ledgerCommands: readonly Command[] = [
  {
    id: "undo",
    group: "edit",
    part: "edits",
    name: ({ palette }) => palette.undo,
    when: (state) => isIdle(state) && state.edit.canUndo,
    run: ({ actions }) => void actions.undo(),
    keys: ["Mod+Z"],
  },
  {
    id: "redo",
    group: "edit",
    part: "edits",
    name: ({ palette }) => palette.redo,
    when: (state) => isIdle(state) && state.edit.canRedo,
    run: ({ actions }) => void actions.redo(),
    keys: ["Mod+Shift+Z", "Mod+Y"],
  },
  {
    id: "check-edits",
    group: "edit",
    part: "edits",
    name: ({ palette }) => palette.checkEdits,
    when: hasEdits,
    run: ({ actions }) => void actions.audit(),
  },
  {
    id: "rewrite-edits",
    group: "edit",
    part: "edits",
    name: ({ ledger }) => ledger.rewrite,
    when: hasEdits,
    run: ({ actions }) => void actions.rewriteEdits(),
  },
  {
    id: "forget-edits",
    group: "edit",
    part: "edits",
    name: ({ palette }) => palette.forgetEdits,
    when: hasEdits,
    run: ({ actions }) => void actions.clearEdits(),
  },
  ...methodCommands,
];
