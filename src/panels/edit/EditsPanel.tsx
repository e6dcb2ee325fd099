import { useState } from "react";
import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Problem } from "../Problem.tsx";
import { EditRow } from "./EditRow.tsx";
import "./edit.css";

export function EditsPanel(): ReactNode {
  const texts = useTexts();
  const words = texts.edits;
  const edits = useLab((state) => state.edit.edits);
  const error = useLab((state) => state.edit.listError);
  const idle = useLab((state) => activityOf(state) === "idle");
  const { clearEdits } = useActions();
  const [asking, setAsking] = useState(false);
  return (
    <Panel
      title={texts.regions.edits}
      aside={
        edits.length > 0 && (
          <Button tone="quiet" disabled={!idle} onClick={() => setAsking(true)}>
            {words.clear}
          </Button>
        )
      }
    >
      {error && <Problem error={error} title={words.failed} />}
      {edits.length === 0 ? (
        <p className="faint">{words.none}</p>
      ) : (
        <ol className="edit-list" reversed>
          {edits.toReversed().map((edit) => (
            <EditRow key={edit.id} edit={edit} idle={idle} />
          ))}
        </ol>
      )}
      {asking && (
        <ConfirmDialog
          title={words.clearTitle}
          confirmLabel={words.clearConfirm}
          cancelLabel={words.keep}
          onCancel={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            void clearEdits();
          }}
        >
          <p>{words.clearText}</p>
        </ConfirmDialog>
      )}
    </Panel>
  );
}
