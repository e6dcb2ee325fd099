import { draftOf } from "../../../store/editSlice.ts";
import type { LabState } from "../../../store/labStore.ts";
import type { Command } from "../command.ts";
import { goTo } from "../goTo.ts";
import { isIdle } from "./conditions.ts";

function hasDraft({ edit }: LabState): boolean {
  const { prompt, answer } = draftOf(edit.form);
  return prompt !== "" && answer !== "";
}

const hasQueue = ({ queue }: LabState): boolean => queue.items.length > 0;

export const editCommands: readonly Command[] = [
  {
    id: "write-edit",
    group: "edit",
    part: "edit",
    name: ({ palette }) => palette.writeEdit,
    run: () => goTo("edit", ".edit-form input"),
  },
  {
    id: "edit-current-prompt",
    group: "edit",
    part: "edit",
    name: ({ edit }) => edit.useCurrent,
    run({ store, actions }) {
      actions.setForm({ prompt: store.getState().prompt.text.trim() });
      goTo("edit", ".edit-form input");
    },
  },
  {
    id: "train",
    group: "edit",
    part: "edit",
    name: ({ edit }) => edit.train,
    when: (state) => isIdle(state) && hasDraft(state),
    run: ({ actions }) => void actions.train(),
  },
  {
    id: "queue-edit",
    group: "edit",
    part: "edit",
    name: ({ queue }) => queue.add,
    when: (state) => state.model.status === "ready" && hasDraft(state),
    run: ({ actions }) => actions.queueForm(),
  },
  {
    id: "pause-queue",
    group: "edit",
    part: "edit",
    name: ({ queue }) => queue.pause,
    there: (state) => hasQueue(state) && !state.queue.paused,
    run: ({ actions }) => actions.pauseQueue(true),
  },
  {
    id: "resume-queue",
    group: "edit",
    part: "edit",
    name: ({ queue }) => queue.resume,
    there: (state) => hasQueue(state) && state.queue.paused,
    run: ({ actions }) => actions.pauseQueue(false),
  },
  {
    id: "empty-queue",
    group: "edit",
    part: "edit",
    name: ({ queue }) => queue.empty,
    there: hasQueue,
    run: ({ actions }) => actions.emptyQueue(),
  },
  {
    id: "import-edits",
    group: "edit",
    part: "edit",
    name: ({ imports }) => imports.open,
    when: ({ model }) => model.status === "ready",
    run: ({ actions }) => actions.openOverlay("import"),
  },
];
