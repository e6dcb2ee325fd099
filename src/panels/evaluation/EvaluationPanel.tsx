import { lazy, Suspense } from "react";
import type { ComponentType, ReactNode } from "react";
import { latePart } from "../../lib/lateParts.ts";
import { runningOf } from "../../store/evaluationSlice.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Problem } from "../Problem.tsx";
import { EditsChoice } from "./EditsChoice.tsx";
import { EvaluationProgress } from "./EvaluationProgress.tsx";
import { nameOf } from "./resultData.ts";
import { RunForm } from "./RunForm.tsx";
import "./evaluation.css";

/** Charts and tables are not part of the first load. */
const results = latePart(() => import("./EvaluationResults.tsx"));
const loadResults = (): Promise<{ default: ComponentType }> =>
  results().then(
    (module) => ({ default: module.EvaluationResults }),
    () => ({ default: NoResults }),
  );
const EvaluationResults = lazy(loadResults);

function NoResults(): ReactNode {
  const words = useTexts().evaluation;
  return (
    <Notice tone="danger" title={words.results.notLoaded}>
      <p className="hint">{words.results.notLoadedHint}</p>
    </Notice>
  );
}

export function EvaluationPanel(): ReactNode {
  const texts = useTexts();
  const words = texts.evaluation;
  const open = useLab((state) => state.evaluation.open);
  const running = useLab((state) => runningOf(state.evaluation));
  const measured = useLab((state) => state.evaluation.runs.some(({ checkpoints }) => checkpoints.length > 0));
  const { showEvaluation } = useActions();
  const toggle = (): void => {
    // Long before they are needed: a run may take hours, and the connection may be gone by then.
    if (!open) void loadResults();
    void showEvaluation(!open);
  };
  return (
    <Panel
      title={texts.regions.evaluation}
      id="evaluation"
      aside={
        <Button tone="quiet" aria-expanded={open} onClick={toggle}>
          {open ? words.hide : words.show}
        </Button>
      }
    >
      <p className="faint evaluation-intro">{words.intro}</p>
      {open && (
        <div className="evaluation-setup">
          <EditsChoice />
          <RunForm />
        </div>
      )}
      {running && <EvaluationProgress run={running} />}
      {!running && <Ended />}
      <Removed />
      {measured && (
        <Suspense fallback={<p className="faint">{words.results.loading}</p>}>
          <EvaluationResults />
        </Suspense>
      )}
    </Panel>
  );
}

/** How the last run ended, where it did not reach its end. */
function Ended(): ReactNode {
  const words = useTexts().evaluation;
  const error = useLab((state) => state.evaluation.error);
  const kept = useLab((state) => state.evaluation.runs.at(-1)?.status === "stopped");
  if (error === null) return null;
  if (error.code !== "cancelled") return <Problem error={error} title={words.ended.failed} />;
  return (
    <Notice tone="info">
      <p>{kept ? words.ended.stopped : words.ended.stoppedEarly}</p>
    </Notice>
  );
}

/** What was taken away last can be put back. */
function Removed(): ReactNode {
  const words = useTexts().evaluation.results;
  const removed = useLab((state) => state.evaluation.removed);
  const { restoreRun } = useActions();
  return (
    <div role="status">
      {removed && (
        <p className="evaluation-line">
          {words.removed(nameOf(removed))}
          <Button tone="quiet" onClick={restoreRun}>
            {words.takeBack}
          </Button>
        </p>
      )}
    </div>
  );
}
