import { useState } from "react";
import type { ReactNode } from "react";
import { lessonOf } from "../../lessons/lessons.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { LessonList } from "./LessonList.tsx";
import { LessonWalk } from "./LessonWalk.tsx";
import { PresenterLight } from "./PresenterLight.tsx";
import { useActs } from "./useActs.ts";
import { usePresenterKeys } from "./usePresenterKeys.ts";
import "./learn.css";

/** The lessons beside the page; below it on small screens, and in large type for a class. */
export function LearnPanel(): ReactNode {
  const texts = useTexts().learn;
  const at = useLab((state) => state.lessons.at);
  const presenting = useLab((state) => state.lessons.presenting);
  const [small, setSmall] = useState(false);
  const { openLearn, goToStep, present, shine } = useActions();
  useActs();
  usePresenterKeys();
  const begin = (): void => {
    present(true);
    if (at) shine(lessonOf(at.lesson).steps[at.step]?.region ?? null);
  };
  return (
    <div className="learn-dock" data-small={small || undefined} data-presenting={presenting || undefined}>
      <Panel
        title={texts.title}
        id="learn"
        aside={
          <>
            {at && (
              <Button tone="quiet" onClick={() => goToStep(null)}>
                {texts.back}
              </Button>
            )}
            <Button
              tone="quiet"
              title={texts.present.beginHint}
              aria-pressed={presenting}
              onClick={presenting ? () => present(false) : begin}
            >
              {presenting ? texts.present.end : texts.present.begin}
            </Button>
            <span className="learn-small">
              <Button tone="quiet" aria-expanded={!small} onClick={() => setSmall(!small)}>
                {small ? texts.grow : texts.shrink}
              </Button>
            </span>
            <Button tone="quiet" onClick={() => openLearn(false)}>
              {texts.close}
            </Button>
          </>
        }
      >
        {!small && (
          <div className="learn-body">
            {presenting && <PresenterLight />}
            {at ? <LessonWalk id={at.lesson} at={at.step} /> : <LessonList />}
          </div>
        )}
      </Panel>
    </div>
  );
}
