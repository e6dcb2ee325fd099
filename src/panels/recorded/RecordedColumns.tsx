import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import type { ErrorFacts } from "../../lib/errors.ts";
import { LabProvider, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { PanelMark } from "../../ui/Panel.tsx";
import { AnswersPanel } from "../generate/AnswersPanel.tsx";
import { LoadingBand } from "../model/LoadingBand.tsx";
import { Problem } from "../Problem.tsx";
import { RoutingPanel } from "../routing/RoutingPanel.tsx";
import { ScopePanel } from "../routing/ScopePanel.tsx";
import { RecordedEdit } from "./RecordedEdit.tsx";
import { RecordedPlayer } from "./RecordedPlayer.tsx";
import { useRecorded, useRecordedRun } from "./recordedRun.ts";

/** The recording where the live panels are later, until the model is there. Whoever took the recording into their hands says when. */
export function RecordedFirst({ children }: { readonly children: ReactNode }): ReactNode {
  const words = useTexts().recorded;
  const loaded = useLab((state) => state.model.facts !== null);
  const run = useRecordedRun();
  const { played, problem, live } = useRecorded();
  const boxRef = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!loaded || live) return;
    // Whose keys are in it has it in hand; what is said of the live model is no part of it.
    const focused = document.activeElement;
    if (boxRef.current?.contains(focused) && !focused?.closest(".recorded-live")) played?.player.hold();
    run.offerLive();
  }, [loaded, live, played, run]);
  if (live || problem) return children;
  const goLive = (): void => {
    run.goLive();
    // Once the live panels are there.
    requestAnimationFrame(() => document.querySelector<HTMLElement>("#prompt textarea")?.focus());
  };
  return (
    <div ref={boxRef}>
      <RecordedColumns>
        {loaded ? (
          <p>
            {words.ready}{" "}
            <Button tone="primary" onClick={goLive}>
              {words.goLive}
            </Button>
          </p>
        ) : (
          <>
            <p>{words.until}</p>
            <LoadingBand />
          </>
        )}
      </RecordedColumns>
    </div>
  );
}

/** The recording where there is no live model. */
export function RecordedInstead({ error }: { readonly error: ErrorFacts }): ReactNode {
  const texts = useTexts();
  const { problem } = useRecorded();
  if (problem) return <Problem error={problem} title={texts.recorded.missing} />;
  const why = texts.noWebGpu.why[error.code === "no-adapter" ? "no-adapter" : "no-webgpu"];
  return (
    <RecordedColumns>
      <p>
        <strong>{texts.recorded.instead}</strong> {why} <a href="#no-webgpu">{texts.noWebGpu.todo}</a>
      </p>
    </RecordedColumns>
  );
}

/** The panels of the live page, at their places, with the recording in them. */
function RecordedColumns({ children }: { readonly children: ReactNode }): ReactNode {
  const words = useTexts().recorded;
  const { lab } = useRecordedRun();
  return (
    <div className="columns recorded-columns">
      <div className="column">
        <RecordedPlayer>{children}</RecordedPlayer>
        <PanelMark value={words.mark}>
          <LabProvider value={lab}>
            <AnswersPanel />
            <RecordedEdit />
          </LabProvider>
        </PanelMark>
      </div>
      <div className="column">
        <PanelMark value={words.mark}>
          <LabProvider value={lab}>
            <RoutingPanel />
            <ScopePanel />
          </LabProvider>
        </PanelMark>
      </div>
    </div>
  );
}
