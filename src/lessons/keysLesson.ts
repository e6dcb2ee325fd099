import type { DoneAnswer } from "../store/acts.ts";
import type { Lesson, Seen } from "./lesson.ts";
import { editedAnswers, isTrained } from "./seen.ts";

/** A phrasing that no edit was trained on, at a distance from the nearest edit. */
const unseen = ({ state, acts }: Seen): readonly DoneAnswer[] =>
  editedAnswers({ acts }).filter(({ prompt, distance }) => distance !== null && distance > 0 && !isTrained(state, prompt));

/** Why rephrasings fail with exact keys: at ε = 1 only an equal code is in scope. */
export const keysLesson: Lesson = {
  id: "keys",
  paperMode: true,
  steps: [
    {
      id: "edit",
      region: "edit",
      // Without rephrasings its own words are its only key.
      suggestion: { kind: "edit", prompt: "The capital of Italy is", answer: "Milan", rephrasings: [] },
      done: ({ state }) => state.edit.edits.some(({ rephrasings }) => rephrasings.length === 0),
    },
    { id: "exact", region: "scope", done: ({ state }) => state.model.facts?.settings.hammingThreshold === 1 },
    {
      id: "own",
      region: "prompt",
      suggestion: { kind: "prompt", prompt: "The capital of Italy is" },
      done: ({ acts }) => editedAnswers({ acts }).some(({ inScope, distance }) => inScope && distance === 0),
      formula: "scope",
    },
    {
      id: "other",
      region: "prompt",
      suggestion: { kind: "prompt", prompt: "Italy's capital is" },
      question: {
        choices: ["edit", "base"],
        right(seen) {
          const asked = unseen(seen).at(-1);
          return asked ? (asked.inScope ? "edit" : "base") : null;
        },
      },
      done: (seen) => unseen(seen).length > 0,
      formula: "scope",
    },
    { id: "wider", region: "scope", done: (seen) => unseen(seen).some(({ inScope }) => inScope), formula: "scope" },
  ],
};
