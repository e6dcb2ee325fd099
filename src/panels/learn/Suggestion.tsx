import type { ReactNode } from "react";
import type { Suggestion as Suggested } from "../../lessons/lesson.ts";
import { useActions } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";

/** A text to try: it goes into the page's fields, and the focus with it. */
export function Suggestion({ suggestion }: { readonly suggestion: Suggested }): ReactNode {
  const texts = useTexts().learn;
  const { typePrompt, setForm } = useActions();
  const insert = (): void => {
    if (suggestion.kind === "prompt") typePrompt(suggestion.prompt);
    else setForm({ prompt: suggestion.prompt, answer: suggestion.answer, rephrasings: suggestion.rephrasings.join("\n") });
    focusOn(suggestion.kind === "prompt" ? '[data-region="prompt"] textarea' : '[data-region="edit"] button[type="submit"]');
  };
  return (
    <div className="lesson-suggestion">
      <q lang="en">
        {suggestion.prompt}
        {suggestion.kind === "edit" && ` → ${suggestion.answer}`}
      </q>
      {suggestion.kind === "edit" && <span className="faint-text"> + {texts.rephrasings(suggestion.rephrasings.length)}</span>}
      <Button title={texts.insertHint} onClick={insert}>
        {texts.insert}
      </Button>
    </div>
  );
}

function focusOn(selector: string): void {
  const target = document.querySelector<HTMLElement>(selector);
  target?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: "nearest" });
}
