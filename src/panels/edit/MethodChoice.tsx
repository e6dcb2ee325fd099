import { useId, useState } from "react";
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
  // While it changes it stays where the keys are.
  const free = useLab((state) => ["idle", "configuring"].includes(activityOf(state)));
  const [asked, setAsked] = useState<ModelFacts["method"] | null>(null);
  const { chooseMethod } = useActions();
  if (inUse === null) return null;
  const shown = asked ?? inUse;
  const choose = (method: ModelFacts["method"]): void => {
    if (asked !== null) return;
    setAsked(method);
    void chooseMethod(method).then(() => setAsked(null));
  };
  return (
    <fieldset className="method-choice" aria-label={words.title} disabled={!free}>
      {METHODS.map((method) => (
        <label key={method} title={words.hints[method]} data-chosen={method === shown || undefined}>
          <input type="radio" name={name} checked={method === shown} onChange={() => choose(method)} />
          {words.names[method]}
        </label>
      ))}
    </fieldset>
  );
}
