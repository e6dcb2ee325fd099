import type { ReactNode } from "react";
import { useTexts } from "../../texts/useTexts.ts";
import { Panel } from "../../ui/Panel.tsx";
import { TrainingLosses } from "../edit/TrainingLosses.tsx";
import "../edit/edit.css";
import { useRecorded } from "./recordedRun.ts";

/** The edit of the recording and its losses, where the form for one's own is later. */
export function RecordedEdit(): ReactNode {
  const texts = useTexts();
  const words = texts.recorded.draft;
  const edit = useRecorded().played?.recording.edit;
  return (
    <Panel title={texts.regions.edit}>
      <div className="edit-area recorded-edit">
        <dl className="recorded-draft">
          {edit && (
            <>
              <dt>{words.prompt}</dt>
              <dd>{edit.prompt}</dd>
              <dt>{words.answer}</dt>
              <dd>
                <s>{edit.baseAnswer.trim()}</s> → <b>{edit.answer}</b>
              </dd>
              <dt>{words.rephrasings}</dt>
              {edit.rephrasings.map((rephrasing) => (
                <dd key={rephrasing}>{rephrasing}</dd>
              ))}
            </>
          )}
        </dl>
        <TrainingLosses />
      </div>
    </Panel>
  );
}
