import { runningOf } from "../../../store/evaluationSlice.ts";
import type { Lab } from "../../../store/lab.ts";
import type { LabState } from "../../../store/labStore.ts";
import type { Command } from "../command.ts";
import { goTo } from "../goTo.ts";
import { hasModel, isIdle } from "./conditions.ts";

function moveThreshold({ store, actions }: Lab, by: 1 | -1): void {
  const settings = store.getState().model.facts?.settings;
  if (settings) void actions.applySettings({ ...settings, hammingThreshold: settings.hammingThreshold + by });
}

const isEvaluating = ({ evaluation }: LabState): boolean => runningOf(evaluation) !== null;

export const lookCommands: readonly Command[] = [
  {
    id: "raise-threshold",
    group: "look",
    part: "threshold",
    name: ({ scope }) => scope.raise,
    when: (state) => isIdle(state) && hasModel(state),
    run: (lab) => moveThreshold(lab, 1),
  },
  {
    id: "lower-threshold",
    group: "look",
    part: "threshold",
    name: ({ scope }) => scope.lower,
    when: (state) => isIdle(state) && (state.model.facts?.settings.hammingThreshold ?? 0) > 0,
    run: (lab) => moveThreshold(lab, -1),
  },
  {
    id: "microscope",
    group: "look",
    part: "routing",
    name: ({ microscope }) => microscope.title,
    when: hasModel,
    run: ({ actions }) => actions.openOverlay("microscope"),
  },
  {
    id: "compare-methods",
    group: "look",
    part: "answers",
    name: ({ compare }) => compare.title,
    when: hasModel,
    run: ({ actions }) => actions.openOverlay("compare"),
  },
  {
    id: "set-up-evaluation",
    group: "look",
    part: "evaluation",
    name: ({ evaluation }) => evaluation.show,
    run({ actions }) {
      void actions.showEvaluation(true);
      goTo("evaluation");
    },
  },
  {
    id: "start-evaluation",
    group: "look",
    part: "evaluation",
    name: ({ palette }) => palette.startEvaluation,
    when: (state) => isIdle(state) && !isEvaluating(state) && state.evaluation.edits.status === "ready",
    run: ({ actions }) => void actions.startEvaluation(),
  },
  {
    id: "pause-evaluation",
    group: "look",
    part: "evaluation",
    name: ({ palette }) => palette.pauseEvaluation,
    there: isEvaluating,
    when: ({ evaluation }) => !evaluation.pausing,
    run: ({ actions }) => actions.pauseEvaluation(true),
  },
  {
    id: "resume-evaluation",
    group: "look",
    part: "evaluation",
    name: ({ palette }) => palette.resumeEvaluation,
    there: isEvaluating,
    when: ({ evaluation }) => evaluation.pausing,
    run: ({ actions }) => actions.pauseEvaluation(false),
  },
  {
    id: "stop-evaluation",
    group: "look",
    part: "evaluation",
    name: ({ palette }) => palette.stopEvaluation,
    there: isEvaluating,
    run: ({ actions }) => actions.stopEvaluation(),
  },
];
