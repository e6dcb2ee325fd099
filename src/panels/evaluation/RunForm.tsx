import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { evaluationNumbers, expectedSeconds, readEvaluationForm, runningOf } from "../../store/evaluationSlice.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { formatDuration } from "../../ui/format.ts";
import { Notice } from "../../ui/Notice.tsx";
import { issueText } from "../useNumberInput.ts";

/** The method and its numbers, and the run's start, pause and end. */
export function RunForm(): ReactNode {
  const texts = useTexts();
  const words = texts.evaluation.form;
  const form = useLab((state) => state.evaluation.form);
  const methods = useLab((state) => state.model.facts?.methods);
  const running = useLab((state) => runningOf(state.evaluation) !== null);
  const { setEvaluationForm } = useActions();
  const reading = readEvaluationForm(form);
  const issues = "issues" in reading ? reading.issues : {};
  const options: readonly { value: string; label: string }[] = methods?.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const none = { value: "", label: words.noMethod };
  return (
    <section className="evaluation-form" aria-label={words.title}>
      <h3>{words.title}</h3>
      <div className="evaluation-fields">
        <SelectField
          label={words.method[0]}
          hint={words.method[1]}
          value={form.method ?? options[0]?.value ?? none.value}
          options={options.length > 0 ? options : [none]}
          disabled={running || options.length === 0}
          onChange={(value) => setEvaluationForm({ method: methods?.find(({ id }) => id === value)?.id ?? null })}
        />
        {evaluationNumbers.map((name) => {
          const issue = issues[name];
          return (
            <TextField
              key={name}
              numeric
              label={words.numbers[name][0]}
              hint={words.numbers[name][1]}
              value={form[name]}
              error={issue && issueText(issue, texts.issues)}
              disabled={running}
              onChange={(value) => setEvaluationForm({ [name]: value })}
            />
          );
        })}
      </div>
      {!running && <SlowWarning />}
      <RunControls />
    </section>
  );
}

/** One button starts, holds and lets go on, so that the focus stays where it is. */
export function RunControls(): ReactNode {
  const words = useTexts().evaluation.form;
  const running = useLab((state) => runningOf(state.evaluation) !== null);
  const pausing = useLab((state) => state.evaluation.pausing);
  const waiting = useLab((state) => {
    if (state.model.status !== "ready" || state.device.status !== "ready") return words.waiting.model;
    if (state.evaluation.edits.status !== "ready") return words.waiting.edits;
    return "issues" in readEvaluationForm(state.evaluation.form) ? words.waiting.numbers : null;
  });
  const { startEvaluation, pauseEvaluation, stopEvaluation } = useActions();
  const lineRef = useRef<HTMLDivElement>(null);
  const wasRunning = useRef(false);
  useEffect(() => {
    // The button that stopped it went with the run.
    if (wasRunning.current && !running && document.activeElement === document.body) lineRef.current?.querySelector("button")?.focus();
    wasRunning.current = running;
  }, [running]);
  const act = (): void => (running ? pauseEvaluation(!pausing) : void startEvaluation());
  return (
    <div className="evaluation-line" ref={lineRef}>
      <Button tone={running ? "plain" : "primary"} disabled={!running && waiting !== null} onClick={act}>
        {running ? (pausing ? words.resume : words.pause) : words.start}
      </Button>
      {running && (
        <Button tone="danger" title={words.stopHint} onClick={stopEvaluation}>
          {words.stop}
        </Button>
      )}
      {!running && waiting !== null && <span className="faint-text">{waiting}</span>}
    </div>
  );
}

/** Edits that take minutes on a software adapter. */
const MANY_EDITS = 30;

function SlowWarning(): ReactNode {
  const words = useTexts().evaluation.form;
  const software = useLab((state) => state.device.facts?.software ?? false);
  const { form, edits, runs } = useLab((state) => state.evaluation);
  const model = useLab((state) => state.model.facts);
  const reading = readEvaluationForm(form);
  if (!software || !model || "issues" in reading) return null;
  const count = Math.min(reading.numbers.limit, edits.facts?.records ?? Infinity);
  if (count <= MANY_EDITS) return null;
  const method = model.methods.find(({ id }) => id === (form.method ?? id))?.name ?? "";
  const seconds = expectedSeconds(runs, method, model.name, count);
  return (
    <Notice tone="warning" title={words.slow}>
      <p>{seconds === null ? words.slowUnknown(count) : words.slowKnown(count, formatDuration(seconds))}</p>
    </Notice>
  );
}
