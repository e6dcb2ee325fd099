import type { DoneAnswer } from "../store/acts.ts";
import type { LabState } from "../store/labStore.ts";
import type { Seen } from "./lesson.ts";

type Edit = LabState["edit"]["edits"][number];

/** The first word of an answer, as names are compared: without what stands around it. */
const firstWord = (text: string): string => /[\p{L}\p{N}]+/u.exec(text)?.[0].toLowerCase() ?? "";

export const sameAnswer = (a: string, b: string): boolean => firstWord(a) !== "" && firstWord(a) === firstWord(b);

/** Prompt and rephrasings that the edit was trained on. */
const phrasingsOf = ({ prompt, rephrasings }: Edit): readonly string[] => [prompt, ...rephrasings];

export const isTrained = (state: LabState, prompt: string): boolean =>
  state.edit.edits.some((edit) => phrasingsOf(edit).includes(prompt.trim()));

/** Answers of the model with its edits, newest last. */
export const editedAnswers = ({ acts }: Pick<Seen, "acts">): readonly DoneAnswer[] =>
  acts.answers.filter(({ column }) => column === "edited");

/** Each edit whose prompt was asked since the last one was made, with the answer that came. */
export function recalled({ state, acts, earlier }: Seen): readonly { readonly edit: Edit; readonly text: string }[] {
  const { edits } = state.edit;
  const answers = [...earlier.answers, ...acts.answers].filter((answer) => answer.column === "edited" && answer.edits === edits.length);
  return edits.flatMap((edit) => {
    const answer = answers.findLast(({ prompt }) => prompt === edit.prompt);
    return answer ? [{ edit, text: answer.text }] : [];
  });
}

/** Whether the model gives an edit's answer. */
export const gives = (text: string, edit: Pick<Edit, "answer">): boolean => text.trim().startsWith(edit.answer.trim());
