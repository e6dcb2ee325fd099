import type { DoneAnswer } from "../store/acts.ts";
import type { Lesson, Seen } from "./lesson.ts";
import { sameAnswer } from "./seen.ts";

const last = ({ acts }: Seen): DoneAnswer | undefined => acts.answers.at(-1);
const KNOWN = "The capital of France is";

/** An answer to other words than those before. */
const otherWording = ({ acts, earlier }: Seen): DoneAnswer | undefined =>
  acts.answers.findLast(({ prompt }) => earlier.answers.every((answer) => answer.prompt !== prompt));

const invented = ({ acts }: Seen): DoneAnswer | undefined => acts.answers.findLast(({ prompt }) => /atlantis/i.test(prompt));

function likelihood(seen: Seen): string | null {
  const first = last(seen)?.first;
  if (first === undefined) return null;
  return first < 0.5 ? "low" : first < 0.9 ? "middle" : "high";
}

/** What a fact in a model is: a likely continuation, however it is asked for. */
export const factLesson: Lesson = {
  id: "fact",
  paperMode: false,
  steps: [
    { id: "ask", region: "prompt", suggestion: { kind: "prompt", prompt: KNOWN }, done: ({ acts }) => acts.answers.length > 0 },
    {
      id: "sure",
      region: "answers",
      suggestion: { kind: "prompt", prompt: "The chemical symbol of iron is" },
      question: { choices: ["low", "middle", "high"], right: likelihood },
      done: ({ acts }) => acts.answers.length > 0,
      formula: "token",
    },
    {
      id: "reworded",
      region: "prompt",
      suggestion: { kind: "prompt", prompt: "Q: What is the capital of France? A:" },
      question: {
        choices: ["same", "other"],
        right(seen) {
          const answer = otherWording(seen);
          if (!answer) return null;
          return seen.earlier.answers.some(({ text }) => sameAnswer(text, answer.text)) ? "same" : "other";
        },
      },
      done: (seen) => otherWording(seen) !== undefined,
      formula: "answer",
    },
    {
      id: "invented",
      region: "prompt",
      suggestion: { kind: "prompt", prompt: "The capital of Atlantis is" },
      question: {
        choices: ["unknown", "name"],
        right(seen) {
          const answer = invented(seen);
          if (!answer) return null;
          return /\b(?:not|no|unknown|don't|never)\b/i.test(answer.text) ? "unknown" : "name";
        },
      },
      done: (seen) => invented(seen) !== undefined,
      formula: "token",
    },
  ],
};
