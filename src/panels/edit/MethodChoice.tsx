import { useId } from "react";
import type { ReactNode } from "react";
import type { ModelFacts } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";

const METHODS: readonly ModelFacts["method"][] = ["paper", "improved"];

/** The method that edits are written with. Choosing another keeps the drafts at hand. */
export function MethodChoice(): ReactNode {
  const words = useTexts().method;
  const name = useId();
  const inUse = useLab((state) => state.model.facts?.method ?? null);
  const idle = useLab((state) => activityOf(state) === "idle");
  const { chooseMethod } = useActions();
  if (inUse === null) return null;
  return (
    <fieldset className="method-choice" aria-label={words.title} disabled={!idle}>
      {METHODS.map((method) => (
        <label key={method} title={words.hints[method]} data-chosen={method === inUse || undefined}>
          <input type="radio" name={name} checked={method === inUse} onChange={() => void chooseMethod(method)} />
          {words.names[method]}
        </label>
      ))}
    </fieldset>
  );
}
