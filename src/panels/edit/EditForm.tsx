import type { ReactNode } from "react";
import type { ErrorFacts } from "../../lib/errors.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import type { Texts } from "../../texts/texts.ts";
import { problemText } from "../problemText.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Problem } from "../Problem.tsx";
import { Part } from "../learn/Part.tsx";
import { Foreseen } from "./Foreseen.tsx";

/** The next edit, as it is typed; what trains now goes on with what it had. */
export function EditForm(): ReactNode {
  const texts = useTexts();
  const words = texts.edit;
  const form = useLab((state) => state.edit.form);
  const status = useLab((state) => state.edit.status);
  const error = useLab((state) => state.edit.error);
  const { setForm, train } = useActions();
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
        error={errorAt(texts, "prompt", error)}
        onChange={(prompt) => setForm({ prompt })}
      />
      <div className="edit-pair">
        <TextField
          label={words.answer}
          hint={words.answerHint}
          placeholder={words.answerPlaceholder}
          value={form.answer}
          error={errorAt(texts, "answer", error)}
          onChange={(answer) => setForm({ answer })}
        />
        <SubjectField />
      </div>
      <Part id="rephrasings">
        <TextField
          label={words.rephrasings}
          hint={words.rephrasingsHint}
          placeholder={words.rephrasingsPlaceholder}
          rows={2}
          value={form.rephrasings}
          onChange={(rephrasings) => setForm({ rephrasings })}
          onSubmit={() => void train()}
        />
      </Part>
      <Foreseen />
      <FormActions />
      {status === "cancelled" && <Notice tone="info">{words.cancelled}</Notice>}
      {error && placeOf(error) === null && <Problem error={error} title={words.failed} />}
    </form>
  );
}

function SubjectField(): ReactNode {
  const words = useTexts().edit;
  const prompt = useLab((state) => state.edit.form.prompt);
  const subject = useLab((state) => state.edit.form.subject ?? "");
  const { setForm } = useActions();
  const missing = subject.trim() !== "" && prompt.trim() !== "" && !prompt.toLowerCase().includes(subject.trim().toLowerCase());
  return (
    <TextField
      label={words.subject}
      hint={words.subjectHint}
      placeholder={words.subjectPlaceholder}
      value={subject}
      note={missing ? words.subjectMissing : undefined}
      onChange={(next) => setForm({ subject: next })}
    />
  );
}

function FormActions(): ReactNode {
  const texts = useTexts();
  const words = texts.edit;
  const activity = useLab(activityOf);
  const training = useLab((state) => state.edit.status === "training");
  const loaded = useLab((state) => state.model.status === "ready");
  const promptText = useLab((state) => state.prompt.text);
  const { setForm, cancelTraining, queueForm } = useActions();
  return (
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
      <Button title={texts.queue.addHint} disabled={!loaded} onClick={queueForm}>
        {texts.queue.add}
      </Button>
      <Button onClick={() => setForm({ prompt: promptText.trim() })}>{words.useCurrent}</Button>
    </div>
  );
}

/** The field an error is about; null when it is about the edit as a whole. */
function placeOf({ code }: ErrorFacts): "prompt" | "answer" | null {
  if (code === "empty-prompt") return "prompt";
  return code === "empty-answer" || code === "answer-unchanged" ? "answer" : null;
}

function errorAt(texts: Texts, place: "prompt" | "answer", error: ErrorFacts | null): string | undefined {
  return error && placeOf(error) === place ? problemText(texts, error) : undefined;
}
