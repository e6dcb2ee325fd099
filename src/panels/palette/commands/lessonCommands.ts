import { lessons } from "../../../lessons/lessons.ts";
import { lessonWords } from "../../learn/useLessonTexts.ts";
import type { Command } from "../command.ts";

/** A command for each lesson. Their words come with the lessons, so these are of use to what is loaded on demand only. */
export const lessonCommands: readonly Command[] = lessons.map(({ id }) => ({
  id: `lesson-${id}`,
  group: "learn",
  name: ({ learn }) => learn.begin(lessonWords().lessons[id].title),
  run({ actions }) {
    actions.openLearn(true);
    actions.goToStep(id);
  },
}));
