import type { ReactNode } from "react";
import { lessons } from "../../lessons/lessons.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { stepKey } from "../../store/lessonsSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Answers } from "./Answers.tsx";
import { Glossary } from "./Glossary.tsx";
import { useLessonTexts } from "./useLessonTexts.ts";

/** All lessons, with how far one is in each; the words that they use; the answers of a class. */
export function LessonList(): ReactNode {
  const texts = useTexts().learn;
  const words = useLessonTexts().lessons;
  const passed = useLab((state) => state.lessons.passed);
  const { goToStep } = useActions();
  return (
    <>
      <ol className="lesson-list" aria-label={texts.lessons}>
        {lessons.map(({ id, steps }) => {
          const done = steps.filter((step) => passed.includes(stepKey(id, step.id))).length;
          const left = steps.findIndex((step) => !passed.includes(stepKey(id, step.id)));
          return (
            <li key={id} data-done={done === steps.length || undefined}>
              <Button tone="quiet" aria-label={texts.begin(words[id].title)} onClick={() => goToStep(id, Math.max(0, left))}>
                {words[id].title}
              </Button>
              <span className="lesson-progress">{texts.progress(done, steps.length)}</span>
              <p>{words[id].about}</p>
            </li>
          );
        })}
      </ol>
      <Held />
      <Glossary />
      <Answers />
    </>
  );
}

/** What a link took away, and how to have it back. */
function Held(): ReactNode {
  const texts = useTexts().learn.held;
  const hidden = useLab((state) => state.link.hidden.length);
  const locked = useLab((state) => state.link.locked.length);
  const { unlock } = useActions();
  if (hidden + locked === 0) return null;
  return (
    <p className="mark-note">
      {texts.some(hidden, locked)}{" "}
      <Button tone="quiet" onClick={unlock}>
        {texts.showAll}
      </Button>
    </p>
  );
}
