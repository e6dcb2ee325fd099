import { useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { useLab, useLabParts } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { carriedOver, putForm } from "./carryOver.ts";
import { usePageKeeping } from "./pageKeeping.ts";
import "./offline.css";

/** A new version waits until the person lets it in; what they made comes along, or they are asked before it is dropped. */
export function UpdateNotice(): ReactNode {
  const { update: words, common } = useTexts();
  const keeping = usePageKeeping();
  const { newVersion } = useSyncExternalStore(keeping.subscribe, keeping.read);
  const { store } = useLabParts();
  const edits = useLab((state) => state.edit.edits.length);
  const [put, setPut] = useState<"shown" | "asking" | "away">("shown");
  if (!newVersion || put === "away") return null;
  const reload = (fragment = ""): void =>
    keeping.useNewVersion(() => {
      putForm(store.getState().edit.form);
      if (fragment !== "") history.replaceState(null, "", fragment);
    });
  const carry = async (): Promise<void> => {
    const carried = await carriedOver(store.getState());
    if (carried === null) setPut("asking");
    else reload(carried);
  };
  return (
    <div className="update-notice">
      <Notice tone="info" title={words.title}>
        <p>{words.text}</p>
        <Button tone="primary" onClick={() => void carry()}>
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
          onConfirm={() => reload()}
        >
          <p>{words.confirmText(edits)}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
