import type { Lesson, Seen } from "./lesson.ts";
import { gives, recalled } from "./seen.ts";

const firstEdit = (seen: Seen): { readonly edit: { readonly answer: string }; readonly text: string } | undefined => {
  const oldest = seen.state.edit.edits[0];
  return recalled(seen).find(({ edit }) => edit === oldest);
};

/** Asked in this step, so that the answer comes after the prediction. */
const askedFirst = (seen: Seen): boolean =>
  seen.acts.answers.some(({ column, prompt }) => column === "edited" && prompt === seen.state.edit.edits[0]?.prompt);

/** Forgetting: what a later edit does to an earlier one, and taking edits back. */
export const forgettingLesson: Lesson = {
  id: "forgetting",
  paperMode: false,
  steps: [
    {
      id: "first",
      region: "edit",
      suggestion: {
        kind: "edit",
        prompt: "The capital of France is",
        answer: "Lyon",
        rephrasings: ["France's capital city is called", "Q: What is the capital of France? A:"],
      },
      done: ({ state }) => state.edit.edits.length > 0,
    },
    {
      id: "second",
      region: "edit",
      suggestion: {
        kind: "edit",
        prompt: "The capital of Japan is",
        answer: "Osaka",
        rephrasings: ["The capital city of Japan is", "Japan's capital is"],
      },
      done: ({ state, acts }) => acts.made.length > 0 && state.edit.edits.length > 1,
      formula: "loss",
    },
    {
      id: "recall",
      region: "edits",
      question: {
        choices: ["holds", "lost"],
        right(seen) {
          const first = firstEdit(seen);
          return first && askedFirst(seen) ? (gives(first.text, first.edit) ? "holds" : "lost") : null;
        },
      },
      done: askedFirst,
      formula: "reliability",
    },
    {
      id: "measure",
      region: "edits",
      done: (seen) => seen.acts.answers.length > 0 && recalled(seen).length === seen.state.edit.edits.length,
      formula: "reliability",
    },
    { id: "forget", region: "edits", done: ({ acts }) => acts.gone.length > 0 },
  ],
};
