import type { ReactNode } from "react";
import { lessonOf } from "../../lessons/lessons.ts";
import type { ShareChoice } from "../../share/labLink.ts";
import { controlIds, regionIds } from "../../store/controls.ts";
import type { ControlId, RegionId } from "../../store/controls.ts";
import { useLab } from "../../store/lab.ts";
import { allowedOf } from "../../store/linkSlice.ts";
import type { Allowed } from "../../store/linkSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { CheckField, SelectField } from "../../ui/Field.tsx";
import { useLessonTexts } from "./useLessonTexts.ts";

export interface ShareChoicesProps {
  readonly choice: ShareChoice;
  readonly onChange: (choice: ShareChoice) => void;
}

const TOP = "top";
const STATES: readonly Allowed[] = ["free", "locked", "hidden"];

/** Where the receiver begins, and what a teacher hides or locks. */
export function ShareChoices({ choice, onChange }: ShareChoicesProps): ReactNode {
  const { share: words, regions } = useTexts();
  const names: Readonly<Record<ControlId, string>> = { ...regions, ...words.control };
  const lessonWords = useLessonTexts().lessons;
  const at = useLab((state) => state.lessons.at);
  const step = at && Math.min(at.step, lessonOf(at.lesson).steps.length - 1);
  return (
    <div className="share-choices">
      <SelectField<RegionId | typeof TOP>
        label={words.view}
        value={choice.view ?? TOP}
        options={[{ value: TOP, label: words.viewTop }, ...regionIds.map((value) => ({ value, label: names[value] }))]}
        onChange={(view) => onChange({ ...choice, view: view === TOP ? null : view })}
      />
      {at && step !== null && (
        <CheckField
          label={words.lesson(lessonWords[at.lesson].title, step + 1)}
          checked={choice.lesson !== null}
          onChange={(open) => onChange({ ...choice, lesson: open ? { id: at.lesson, step } : null })}
        />
      )}
      <details>
        <summary>{words.controls}</summary>
        <p className="faint">{words.controlsNote}</p>
        <div className="share-controls">
          {controlIds.map((id) => (
            <SelectField<Allowed>
              key={id}
              label={names[id]}
              value={allowedOf(choice, id)}
              options={STATES.map((value) => ({ value, label: words.states[value] }))}
              onChange={(state) => onChange(withControl(choice, id, state))}
            />
          ))}
        </div>
      </details>
    </div>
  );
}

function withControl(choice: ShareChoice, id: ControlId, state: Allowed): ShareChoice {
  const without = (list: readonly ControlId[]): ControlId[] => list.filter((other) => other !== id);
  const [hidden, locked] = [without(choice.hidden), without(choice.locked)];
  return { ...choice, hidden: state === "hidden" ? [...hidden, id] : hidden, locked: state === "locked" ? [...locked, id] : locked };
}
