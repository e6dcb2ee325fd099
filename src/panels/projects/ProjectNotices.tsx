import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf } from "../../store/selectors.ts";
import { builtIn } from "../../store/sourceRef.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Problem } from "../Problem.tsx";
import { useProjectExport } from "./useProjectExport.ts";

/** What the person has to know of the keeping, each with the way on. */
export function ProjectNotices(): ReactNode {
  const words = useTexts().projects;
  const { facts, error } = useLab((state) => state.projects);
  return (
    <>
      {facts?.role === "reader" && <Elsewhere />}
      {facts?.role === "none" && facts.problem && (
        <Problem error={facts.problem} title={words.notKept}>
          <p>{words.notKeptText}</p>
          <ExportHere />
        </Problem>
      )}
      {facts?.role === "writer" && facts.problem && (
        <Problem error={facts.problem} title={facts.problem.code === "bad-project" ? words.damaged : words.unsaved}>
          <p>{facts.problem.code === "bad-project" ? words.damagedText : words.unsavedText}</p>
          <div className="projects-acts">
            <SaveAgain />
            <ExportHere />
          </div>
        </Problem>
      )}
      <Waiting />
      {error && <Problem error={error} title={words.failed} />}
    </>
  );
}

function Elsewhere(): ReactNode {
  const words = useTexts().projects;
  const { takeOver } = useActions();
  return (
    <Notice tone="warning" title={words.reader}>
      <p>{words.readerText}</p>
      <div className="projects-acts">
        <Button tone="primary" onClick={() => void takeOver()}>
          {words.takeOver}
        </Button>
        <ExportHere />
      </div>
    </Notice>
  );
}

function SaveAgain(): ReactNode {
  const words = useTexts().projects;
  const idle = useLab((state) => activityOf(state) === "idle" && state.projects.work === "none");
  const { saveAgain } = useActions();
  return (
    <Button tone="primary" disabled={!idle} onClick={() => void saveAgain()}>
      {words.saveAgain}
    </Button>
  );
}

function ExportHere(): ReactNode {
  const words = useTexts().projects;
  const loaded = useLab((state) => state.model.status === "ready");
  const exportProject = useProjectExport();
  return (
    <Button disabled={!loaded} onClick={() => void exportProject(null)}>
      {words.exportHere}
    </Button>
  );
}

function Waiting(): ReactNode {
  const words = useTexts().projects;
  const waiting = useLab((state) => (state.model.status === "loading" ? null : state.projects.waiting));
  const loaded = useLab((state) => state.model.loaded !== null);
  const { openChoice, dismissProject, load } = useActions();
  if (!waiting) return null;
  const goOn = (): void => {
    dismissProject();
    if (!loaded) void load(builtIn("int8"));
  };
  return (
    <Notice tone="warning" title={words.waiting(waiting.name, waiting.model)}>
      <p>{words.waitingText}</p>
      <div className="projects-acts">
        <Button tone="primary" onClick={openChoice}>
          {words.chooseModel}
        </Button>
        <Button onClick={goOn}>{words.without}</Button>
      </div>
    </Notice>
  );
}
