import type { ReactNode } from "react";
import type { ControlId } from "../../store/controls.ts";
import { useLab } from "../../store/lab.ts";
import { allowedOf } from "../../store/linkSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import "./part.css";

export interface PartProps {
  readonly id: ControlId;
  readonly children: ReactNode;
}

/** A part of the page that a link may hide or lock, and that the light of a lesson may fall on. It takes no room of its own. */
export function Part({ id, children }: PartProps): ReactNode {
  const words = useTexts().learn.held;
  const allowed = useLab((state) => allowedOf(state.link, id));
  const lit = useLab((state) => state.lessons.spotlight === id) || undefined;
  if (allowed === "hidden") return null;
  if (allowed === "free")
    return (
      <div className="part" data-region={id} data-lit={lit}>
        {children}
      </div>
    );
  // A fieldset locks every button, field and menu inside it.
  return (
    <fieldset className="part" data-region={id} data-lit={lit} disabled aria-describedby={`locked-${id}`}>
      <p className="part-locked" id={`locked-${id}`}>
        {words.locked}
      </p>
      {children}
    </fieldset>
  );
}

/** For what leads to a part: there only while that is. */
export function WherePart({ id, children }: PartProps): ReactNode {
  const hidden = useLab((state) => allowedOf(state.link, id) === "hidden");
  return hidden ? null : children;
}
