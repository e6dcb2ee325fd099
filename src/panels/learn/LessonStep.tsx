import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { isPassed } from "../../lessons/lesson.ts";
import type { Lesson, Seen, Step } from "../../lessons/lesson.ts";
import type { LessonTexts, StepTexts } from "../../lessons/lessonTexts.ts";
import { useActions, useLab } from "../../store/lab.ts";
import type { LabState } from "../../store/labStore.ts";
import { predictionOf, stepKey } from "../../store/lessonsSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { LessonQuestion } from "./LessonQuestion.tsx";
import { LiveFormula } from "./LiveFormula.tsx";
import { Suggestion } from "./Suggestion.tsx";

const seenOf = (state: LabState): Seen => ({ state, acts: state.lessons.acts, earlier: state.lessons.earlier });

export interface LessonStepProps {
  readonly lesson: Lesson;
  readonly step: Step;
  readonly words: LessonTexts;
}

/** One step: what to do, and whether it was done, which the page sees by itself. */
export function LessonStep({ lesson, step, words }: LessonStepProps): ReactNode {
  const texts = useTexts().learn;
  const own = words.steps[step.id];
  const prediction = useLab((state) => predictionOf(state.lessons, lesson.id, step.id));
  const came = useLab((state) => (step.done(seenOf(state)) ? (step.question?.right(seenOf(state)) ?? null) : null));
  const seen = useLab((state) => isPassed(step, seenOf(state), predictionOf(state.lessons, lesson.id, step.id) !== null));
  const passed = useLab((state) => state.lessons.passed.includes(stepKey(lesson.id, step.id)));
  const { passStep, predict } = useActions();
  const headRef = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (seen && !passed) passStep(lesson.id, step.id, came);
  }, [seen, passed, passStep, lesson, step, came]);
  // Who goes on by the keyboard is read the new step, not the button that led to it.
  useEffect(() => headRef.current?.focus({ preventScroll: true }), []);
  if (!own) return null;
  return (
    <div className="lesson-step">
      <h3 ref={headRef} tabIndex={-1}>
        {own.title}
      </h3>
      <p>{own.text}</p>
      {step.question && own.question && (
        <LessonQuestion
          question={step.question}
          words={own.question}
          prediction={prediction}
          came={came}
          onPredict={(choice) => predict(lesson.id, step.id, choice)}
        />
      )}
      <Task own={own} passed={passed} />
      {step.suggestion && <Suggestion suggestion={step.suggestion} />}
      {step.formula && <LiveFormula formula={step.formula} />}
      {!passed && (
        <details className="lesson-hint">
          <summary>{texts.hint}</summary>
          <p>{own.hint}</p>
        </details>
      )}
    </div>
  );
}

function Task({ own, passed }: { readonly own: StepTexts; readonly passed: boolean }): ReactNode {
  const texts = useTexts().learn;
  return (
    <div className="lesson-task" data-passed={passed || undefined}>
      <p className="lesson-act">
        <strong>{texts.toDo}:</strong> {own.act}
      </p>
      <p className="lesson-state" role="status">
        <b>{passed ? texts.done : texts.waiting}</b>
        {passed && <span> {own.done}</span>}
      </p>
    </div>
  );
}
