import { useId } from "react";
import type { ReactNode } from "react";
import type { Question } from "../../lessons/lesson.ts";
import type { StepTexts } from "../../lessons/lessonTexts.ts";
import type { Prediction } from "../../store/lessonsSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";

export interface LessonQuestionProps {
  readonly question: Question;
  readonly words: NonNullable<StepTexts["question"]>;
  /** Made already: it stands. */
  readonly prediction: Prediction | null;
  /** The choice that came true; null while that is open. */
  readonly came: string | null;
  readonly onPredict: (choice: string) => void;
}

/** Predict, then see. What comes true is shown only to who has predicted. */
export function LessonQuestion({ question, words, prediction, came, onPredict }: LessonQuestionProps): ReactNode {
  const texts = useTexts().learn;
  const id = useId();
  return (
    <fieldset className="lesson-question" disabled={prediction !== null}>
      <legend>
        {texts.predict}: {words.ask}
      </legend>
      {question.choices.map((choice) => (
        <label key={choice} className="check">
          <input type="radio" name={id} value={choice} checked={prediction?.choice === choice} onChange={() => onPredict(choice)} />
          <span>{words.choices[choice] ?? choice}</span>
        </label>
      ))}
      {prediction && <Outcome words={words} prediction={prediction} came={came} />}
    </fieldset>
  );
}

function Outcome({
  words,
  prediction,
  came,
}: Pick<LessonQuestionProps, "words" | "came"> & { readonly prediction: Prediction }): ReactNode {
  const texts = useTexts().learn;
  return (
    <p className="lesson-outcome" role="status" data-right={prediction.right ?? undefined}>
      {prediction.right === null ? texts.yourPrediction(words.choices[prediction.choice] ?? prediction.choice) : null}
      {prediction.right !== null && came !== null && <> {texts.came(words.choices[came] ?? came)}</>}
      {prediction.right !== null && <> {prediction.right ? texts.right : texts.wrong}</>}
    </p>
  );
}
