import type { ReactNode } from "react";
import { lessonOf, lessons } from "../../lessons/lessons.ts";
import type { Lesson } from "../../lessons/lesson.ts";
import type { LessonTexts } from "../../lessons/lessonTexts.ts";
import type { LessonId } from "../../store/controls.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { stepKey } from "../../store/lessonsSlice.ts";
import { activityOf } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { LessonStep } from "./LessonStep.tsx";
import { useLessonTexts } from "./useLessonTexts.ts";

/** A lesson, step by step. */
export function LessonWalk({ id, at }: { readonly id: LessonId; readonly at: number }): ReactNode {
  const texts = useTexts().learn;
  const lesson = lessonOf(id);
  const words = useLessonTexts().lessons[id];
  const codesMissing = useLab((state) => lesson.paperMode && state.model.facts !== null && state.model.facts.method !== "paper");
  const step = lesson.steps[at];
  return (
    <div className="lesson">
      <p className="lesson-name">
        <strong>{words.title}</strong> <span className="faint-text">{step && texts.stepOf(at + 1, lesson.steps.length)}</span>
      </p>
      <StepDots lesson={lesson} at={at} words={words} />
      {codesMissing && <OtherMethod />}
      {step ? <LessonStep key={step.id} lesson={lesson} step={step} words={words} /> : <LessonEnd lesson={lesson} words={words} />}
      <StepButtons lesson={lesson} at={at} />
    </div>
  );
}

/** The lesson's method is not the one in use: said, with the way there. */
function OtherMethod(): ReactNode {
  const words = useTexts().learn;
  const free = useLab((state) => activityOf(state) === "idle");
  const { chooseMethod } = useActions();
  return (
    <Notice tone="info">
      <p>{words.paperMode}</p>
      <Button disabled={!free} onClick={() => void chooseMethod("paper")}>
        {words.toPaperMode}
      </Button>
    </Notice>
  );
}

interface InLesson {
  readonly lesson: Lesson;
  readonly at: number;
}

function StepDots({ lesson, at, words }: InLesson & { readonly words: LessonTexts }): ReactNode {
  const texts = useTexts().learn;
  const passed = useLab((state) => state.lessons.passed);
  return (
    <ol className="lesson-dots" aria-label={texts.steps}>
      {lesson.steps.map(({ id }, i) => {
        const done = passed.includes(stepKey(lesson.id, id));
        const label = texts.stepState(i + 1, words.steps[id]?.title ?? id, done);
        return (
          <li key={id} data-done={done || undefined} aria-current={i === at ? "step" : undefined} title={label}>
            <span className="unseen">{label}</span>
          </li>
        );
      })}
    </ol>
  );
}

function LessonEnd({ lesson, words }: { readonly lesson: Lesson; readonly words: LessonTexts }): ReactNode {
  const texts = useTexts().learn;
  const all = useLessonTexts().lessons;
  const { goToStep } = useActions();
  const next = lessons[lessons.indexOf(lesson) + 1];
  return (
    <div className="lesson-end">
      <p role="status">{texts.finished(words.title)}</p>
      {next && (
        <Button tone="primary" onClick={() => goToStep(next.id)}>
          {texts.nextLesson(all[next.id].title)}
        </Button>
      )}
    </div>
  );
}

function StepButtons({ lesson, at }: InLesson): ReactNode {
  const texts = useTexts().learn;
  const { goToStep } = useActions();
  const step = lesson.steps[at];
  const passed = useLab((state) => step !== undefined && state.lessons.passed.includes(stepKey(lesson.id, step.id)));
  return (
    <div className="lesson-buttons">
      {step && (
        <Button tone={passed ? "primary" : "plain"} disabled={!passed} onClick={() => goToStep(lesson.id, at + 1)}>
          {texts.next}
        </Button>
      )}
      {step && !passed && (
        <Button tone="quiet" onClick={() => goToStep(lesson.id, at + 1)}>
          {texts.skip}
        </Button>
      )}
      {at > 0 && (
        <Button tone="quiet" onClick={() => goToStep(lesson.id, at - 1)}>
          {texts.previous}
        </Button>
      )}
    </div>
  );
}
