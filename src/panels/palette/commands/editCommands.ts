import type { Command } from "../command.ts";
import { goTo } from "../goTo.ts";
import { isIdle } from "./conditions.ts";

export const editCommands: readonly Command[] = [
  {
    id: "write-edit",
    group: "edit",
    part: "edit",
    name: ({ palette }) => palette.writeEdit,
    run: () => goTo("edit", "input"),
  },
  {
    id: "edit-current-prompt",
    group: "edit",
    part: "edit",
    name: ({ edit }) => edit.useCurrent,
    when: ({ edit }) => edit.status !== "training",
    run({ store, actions }) {
      actions.setForm({ prompt: store.getState().prompt.text.trim() });
      goTo("edit", "input");
    },
  },
  {
    id: "train",
    group: "edit",
    part: "edit",
    name: ({ edit }) => edit.train,
    when: (state) => isIdle(state) && state.edit.form.prompt.trim() !== "" && state.edit.form.answer.trim() !== "",
    run: ({ actions }) => void actions.train(),
  },
];
