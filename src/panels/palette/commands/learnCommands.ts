import type { Command } from "../command.ts";
import { hasModel } from "./conditions.ts";

export const learnCommands: readonly Command[] = [
  {
    id: "learn",
    group: "learn",
    name: ({ palette }) => palette.learn,
    run({ actions }) {
      actions.goToStep(null);
      actions.openLearn(true);
    },
  },
  {
    id: "close-learn",
    group: "learn",
    name: ({ palette }) => palette.closeLearn,
    there: ({ lessons }) => lessons.open,
    run: ({ actions }) => actions.openLearn(false),
  },
  {
    id: "present",
    group: "learn",
    name: ({ palette }) => palette.present,
    there: ({ lessons }) => !lessons.presenting,
    run({ actions }) {
      actions.openLearn(true);
      actions.present(true);
    },
  },
  {
    id: "end-presenting",
    group: "learn",
    name: ({ palette }) => palette.endPresenting,
    there: ({ lessons }) => lessons.presenting,
    run: ({ actions }) => actions.present(false),
  },
  {
    id: "share",
    group: "learn",
    name: ({ share }) => share.title,
    when: hasModel,
    run: ({ actions }) => actions.openShare(true),
  },
  {
    id: "unlock",
    group: "learn",
    name: ({ learn }) => learn.held.showAll,
    there: ({ link }) => link.hidden.length + link.locked.length > 0,
    run: ({ actions }) => actions.unlock(),
  },
];
