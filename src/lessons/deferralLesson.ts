import type { DoneAnswer } from "../store/acts.ts";
import { largestDistance } from "../store/selectors.ts";
import type { Lesson, Seen } from "./lesson.ts";
import { editedAnswers, isTrained } from "./seen.ts";

const deferred = (answers: readonly DoneAnswer[]): readonly DoneAnswer[] =>
  answers.filter(({ inScope, nearestEdit }) => !inScope && nearestEdit !== null);

/** Prompts that no edit is about, as far as its phrasings tell. */
const strangers = ({ state, acts }: Seen): readonly DoneAnswer[] =>
  editedAnswers({ acts }).filter(({ prompt }) => !isTrained(state, prompt));

function letsAllIn({ state }: Seen): boolean {
  const settings = state.model.facts?.settings;
  return settings !== undefined && settings.hammingThreshold > largestDistance(settings);
}

/** At one threshold, an edit's own phrasing answered by it and a stranger left to the base model. */
const separated = ({ state, acts }: Seen): boolean => {
  const answers = editedAnswers({ acts });
  const out = deferred(answers).filter(({ prompt }) => !isTrained(state, prompt));
  return answers.some(
    ({ prompt, inScope, threshold }) => inScope && isTrained(state, prompt) && out.some((one) => one.threshold === threshold),
  );
};

/** Deferral and its limits: what the threshold lets in, and what it costs. */
export const deferralLesson: Lesson = {
  id: "deferral",
  paperMode: true,
  steps: [
    {
      id: "edit",
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
      id: "deferred",
      region: "prompt",
      suggestion: { kind: "prompt", prompt: "The chemical symbol of iron is" },
      done: (seen) => deferred(strangers(seen)).length > 0,
      formula: "scope",
    },
    { id: "all", region: "scope", done: letsAllIn, formula: "apart" },
    {
      id: "stranger",
      region: "prompt",
      suggestion: { kind: "prompt", prompt: "The capital of Germany is" },
      question: {
        choices: ["base", "edit"],
        right(seen) {
          const asked = strangers(seen).at(-1);
          return asked ? (asked.inScope ? "edit" : "base") : null;
        },
      },
      done: (seen) => strangers(seen).length > 0,
      formula: "scope",
    },
    { id: "back", region: "scope", suggestion: { kind: "prompt", prompt: "The capital of France is" }, done: separated, formula: "scope" },
  ],
};
