import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf, exampleFor, lastEdit } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Scorecard } from "./Scorecard.tsx";

const SHOWN = 2;

/** What the latest edit came to, and prompts that show how far it reaches. */
export function FollowUps(): ReactNode {
  const words = useTexts().edit;
  const edit = useLab(lastEdit);
  const examples = useLab((state) => state.examples);
  const status = useLab((state) => state.edit.status);
  const idle = useLab((state) => activityOf(state) === "idle");
  const { tryPrompt } = useActions();
  if (!edit || status !== "trained") return null;
  const example = exampleFor(examples, edit);
  const tests = (example?.tests ?? edit.rephrasings).slice(0, SHOWN);
  const unrelated = (example?.unrelated ?? examples.prompts.filter(({ prompt }) => prompt !== edit.prompt)).slice(0, SHOWN);
  return (
    <Notice tone={edit.holds ? "good" : "warning"}>
      <p>
        {words.trained(edit.id, edit.holds)} {!edit.holds && words.trainedHint}
      </p>
      {tests.length + unrelated.length > 0 && (
        <div className="follow-ups">
          <span>{words.tryNext}</span>
          {tests.map((prompt) => (
            <Button key={prompt} tone="quiet" disabled={!idle} onClick={() => void tryPrompt(prompt)}>
              {words.tryTest(prompt)}
            </Button>
          ))}
          {unrelated.map(({ prompt }) => (
            <Button key={prompt} tone="quiet" disabled={!idle} onClick={() => void tryPrompt(prompt)}>
              {words.tryUnrelated(prompt)}
            </Button>
          ))}
        </div>
      )}
      <Scorecard id={edit.id} />
    </Notice>
  );
}
