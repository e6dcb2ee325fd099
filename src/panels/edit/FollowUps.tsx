import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf, exampleFor, lastEdit } from "../../store/selectors.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { texts } from "../texts.ts";

const WORDS = texts.edit;
const SHOWN = 2;

/** What the latest edit came to, and prompts that show how far it reaches. */
export function FollowUps(): ReactNode {
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
        {WORDS.trained(edit.id, edit.holds)} {!edit.holds && WORDS.trainedHint}
      </p>
      {tests.length + unrelated.length > 0 && (
        <div className="follow-ups">
          <span>{WORDS.tryNext}</span>
          {tests.map((prompt) => (
            <Button key={prompt} tone="quiet" disabled={!idle} onClick={() => void tryPrompt(prompt)}>
              {WORDS.tryTest(prompt)}
            </Button>
          ))}
          {unrelated.map(({ prompt }) => (
            <Button key={prompt} tone="quiet" disabled={!idle} onClick={() => void tryPrompt(prompt)}>
              {WORDS.tryUnrelated(prompt)}
            </Button>
          ))}
        </div>
      )}
    </Notice>
  );
}
