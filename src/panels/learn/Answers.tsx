import type { ReactNode } from "react";
import { answersCsv } from "../../lessons/answersCsv.ts";
import type { AnswerRow } from "../../lessons/answersCsv.ts";
import { lessonOf } from "../../lessons/lessons.ts";
import { useActions, useLab } from "../../store/lab.ts";
import type { Prediction } from "../../store/lessonsSlice.ts";
import type { Texts } from "../../texts/texts.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { downloadText } from "../../ui/downloadText.ts";
import { TextField } from "../../ui/Field.tsx";
import { useLessonTexts } from "./useLessonTexts.ts";
import type { LessonWords } from "./useLessonTexts.ts";

/** Predictions of a class, one after another on this page, as a file. */
export function Answers(): ReactNode {
  const texts = useTexts().learn;
  const words = useLessonTexts();
  const name = useLab((state) => state.lessons.name);
  const predictions = useLab((state) => state.lessons.predictions);
  const { nameLearner, nextLearner } = useActions();
  const save = (): void => {
    const rows = predictions.map((one) => rowOf(one, words, texts));
    downloadText(answersCsv(texts.answers.heads, rows), texts.answers.file, "text/csv");
  };
  return (
    <details className="lesson-answers">
      <summary>{texts.answers.title}</summary>
      <p className="faint">{texts.answers.note}</p>
      <TextField label={texts.answers.name} value={name} onChange={nameLearner} />
      <div className="lesson-buttons">
        <Button title={texts.answers.nextLearnerHint} onClick={() => nextLearner("")}>
          {texts.answers.nextLearner}
        </Button>
        <Button disabled={predictions.length === 0} onClick={save}>
          {texts.answers.download}
        </Button>
        <span className="faint">{texts.answers.count(predictions.length)}</span>
      </div>
    </details>
  );
}

function rowOf({ name, lesson, step, choice, right }: Prediction, words: LessonWords, texts: Texts["learn"]): AnswerRow {
  const { title, steps } = words.lessons[lesson];
  const question = steps[step]?.question;
  const place = lessonOf(lesson).steps.findIndex(({ id }) => id === step) + 1;
  return {
    name,
    lesson: title,
    step: `${place}. ${steps[step]?.title ?? step}`,
    question: question?.ask ?? "",
    prediction: question?.choices[choice] ?? choice,
    right: right === null ? "" : right ? texts.answers.right : texts.answers.wrong,
  };
}
