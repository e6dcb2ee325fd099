import { useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { usePageKeeping } from "./pageKeeping.ts";
import "./offline.css";

/** A new version waits until the person lets it in; what lives in this tab's memory is not dropped unasked. */
export function UpdateNotice(): ReactNode {
  const { update: words, common } = useTexts();
  const keeping = usePageKeeping();
  const { newVersion } = useSyncExternalStore(keeping.subscribe, keeping.read);
  const edits = useLab((state) => state.edit.edits.length);
  const [put, setPut] = useState<"shown" | "asking" | "away">("shown");
  if (!newVersion || put === "away") return null;
  const reload = (): void => keeping.useNewVersion();
  return (
    <div className="update-notice">
      <Notice tone="info" title={words.title}>
        <p>{words.text}</p>
        <Button tone="primary" onClick={() => (edits > 0 ? setPut("asking") : reload())}>
          {words.reload}
        </Button>{" "}
        <Button tone="quiet" onClick={() => setPut("away")}>
          {words.later}
        </Button>
      </Notice>
      {put === "asking" && (
        <ConfirmDialog
          title={words.confirmTitle}
          confirmLabel={words.reload}
          cancelLabel={common.cancel}
          onCancel={() => setPut("shown")}
          onConfirm={reload}
        >
          <p>{words.confirmText(edits)}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
