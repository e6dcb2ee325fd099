import type { ReactNode } from "react";
import type { ErrorFacts } from "../../lib/errors.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PickMenu } from "../../ui/PickMenu.tsx";
import { Problem } from "../Problem.tsx";
import { Part } from "../learn/Part.tsx";
import { FollowUps } from "./FollowUps.tsx";
import { TrainingLosses } from "./TrainingLosses.tsx";
import "./edit.css";

export function EditPanel(): ReactNode {
  const texts = useTexts();
  const words = texts.edit;
  const examples = useLab((state) => state.examples.edits);
  const status = useLab((state) => state.edit.status);
  const { setForm } = useActions();
  const pick = (index: number): void => {
    const example = examples[index];
    if (example) setForm({ prompt: example.prompt, answer: example.answer, rephrasings: example.rephrasings.join("\n") });
  };
  return (
    <Panel
      title={texts.regions.edit}
      aside={
        <PickMenu
          label={words.examples}
          items={examples.map(({ prompt, answer }) => `${prompt} → ${answer}`)}
          disabled={status === "training"}
          onPick={pick}
        />
      }
    >
      <div className="edit-area">
        <EditForm />
        <TrainingLosses />
      </div>
      <FollowUps />
    </Panel>
  );
}

function EditForm(): ReactNode {
  const texts = useTexts();
  const words = texts.edit;
  const form = useLab((state) => state.edit.form);
  const status = useLab((state) => state.edit.status);
  const error = useLab((state) => state.edit.error);
  const activity = useLab(activityOf);
  const promptText = useLab((state) => state.prompt.text);
  const { setForm, train, cancelTraining } = useActions();
  const training = status === "training";
  return (
    <form
      className="edit-form"
      onSubmit={(event) => {
        event.preventDefault();
        void train();
      }}
    >
      <TextField
        label={words.prompt}
        hint={words.promptHint}
        placeholder={words.promptPlaceholder}
        value={form.prompt}
        disabled={training}
        error={errorAt("prompt", error)}
        onChange={(prompt) => setForm({ prompt })}
      />
      <TextField
        label={words.answer}
        hint={words.answerHint}
        placeholder={words.answerPlaceholder}
        value={form.answer}
        disabled={training}
        error={errorAt("answer", error)}
        onChange={(answer) => setForm({ answer })}
      />
      <Part id="rephrasings">
        <TextField
          label={words.rephrasings}
          hint={words.rephrasingsHint}
          placeholder={words.rephrasingsPlaceholder}
          rows={2}
          value={form.rephrasings}
          disabled={training}
          onChange={(rephrasings) => setForm({ rephrasings })}
          onSubmit={() => void train()}
        />
      </Part>
      <div className="edit-actions">
        {training ? (
          <Button tone="danger" onClick={cancelTraining}>
            {words.cancel}
          </Button>
        ) : (
          <Button
            tone="primary"
            type="submit"
            disabled={activity !== "idle"}
            title={activity === "idle" ? undefined : words.waiting(texts.app.status[activity])}
          >
            {words.train}
          </Button>
        )}
        <Button disabled={training} onClick={() => setForm({ prompt: promptText.trim() })}>
          {words.useCurrent}
        </Button>
      </div>
      {status === "cancelled" && <Notice tone="info">{words.cancelled}</Notice>}
      {error && placeOf(error) === null && <Problem error={error} title={words.failed} />}
    </form>
  );
}

/** The field an error is about; null when it is about the edit as a whole. */
function placeOf({ code }: ErrorFacts): "prompt" | "answer" | null {
  if (code === "empty-prompt") return "prompt";
  return code === "empty-answer" || code === "answer-unchanged" ? "answer" : null;
}

function errorAt(place: "prompt" | "answer", error: ErrorFacts | null): string | undefined {
  return error && placeOf(error) === place ? `${error.message} ${error.hint}` : undefined;
}
