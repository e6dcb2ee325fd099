import type { DoneAnswer } from "../store/acts.ts";
import type { Lesson, Seen } from "./lesson.ts";
import { editedAnswers, isTrained, sameAnswer } from "./seen.ts";

/** The same prompt asked without and with the edits, and the answers differ. */
function changedPrompt({ state, acts }: Seen): DoneAnswer | undefined {
  const based = acts.answers.filter(({ column }) => column === "base");
  return editedAnswers({ acts }).findLast(
    ({ prompt, text }) => isTrained(state, prompt) && based.some((base) => base.prompt === prompt && !sameAnswer(base.text, text)),
  );
}

const unrelated = ({ state, acts }: Seen): DoneAnswer | undefined =>
  editedAnswers({ acts }).findLast(({ prompt, nearestEdit }) => nearestEdit !== null && !isTrained(state, prompt));

/** One edit: train it, see it, see what it leaves alone, share it. */
export const editLesson: Lesson = {
  id: "edit",
  paperMode: false,
  steps: [
    {
      id: "train",
      region: "edit",
      suggestion: {
        kind: "edit",
        prompt: "The capital of France is",
        answer: "Lyon",
        rephrasings: ["France's capital city is called", "Q: What is the capital of France? A:"],
      },
      done: ({ acts }) => acts.made.length > 0,
      formula: "loss",
    },
    {
      id: "compare",
      region: "answers",
      suggestion: { kind: "prompt", prompt: "The capital of France is" },
      done: (seen) => changedPrompt(seen) !== undefined,
    },
    {
      id: "unrelated",
      region: "prompt",
      suggestion: { kind: "prompt", prompt: "The capital of Germany is" },
      question: {
        choices: ["kept", "changed"],
        right(seen) {
          const asked = unrelated(seen);
          return asked ? (asked.inScope ? "changed" : "kept") : null;
        },
      },
      done: (seen) => unrelated(seen) !== undefined,
      formula: "scope",
    },
    { id: "share", region: "edits", done: ({ acts }) => acts.linksCopied > 0 },
  ],
};
