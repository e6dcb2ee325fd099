import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PickMenu } from "../../ui/PickMenu.tsx";
import { EditForm } from "./EditForm.tsx";
import { FollowUps } from "./FollowUps.tsx";
import { ImportDialog } from "./ImportDialog.tsx";
import { MethodChoice } from "./MethodChoice.tsx";
import { QueueList } from "./QueueList.tsx";
import { TrainingLosses } from "./TrainingLosses.tsx";
import "./edit.css";

export function EditPanel(): ReactNode {
  const texts = useTexts();
  const examples = useLab((state) => state.examples.edits);
  const loaded = useLab((state) => state.model.status === "ready");
  const importing = useLab((state) => state.overlay === "import");
  const { setForm, openOverlay } = useActions();
  const pick = (index: number): void => {
    const example = examples[index];
    if (!example) return;
    const { prompt, answer, rephrasings } = example;
    setForm({ prompt, answer, rephrasings: rephrasings.join("\n"), subject: "" });
  };
  return (
    <Panel
      title={texts.regions.edit}
      aside={
        <div className="edit-tools">
          <MethodChoice />
          <PickMenu label={texts.edit.examples} items={examples.map(({ prompt, answer }) => `${prompt} → ${answer}`)} onPick={pick} />
          <Button tone="quiet" disabled={!loaded} onClick={() => openOverlay("import")}>
            {texts.imports.open}
          </Button>
        </div>
      }
    >
      <div className="edit-area">
        <EditForm />
        <TrainingLosses />
      </div>
      <QueueList />
      <FollowUps />
      {importing && <ImportDialog onClose={() => openOverlay("none")} />}
    </Panel>
  );
}
