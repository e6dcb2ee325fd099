import { useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { useLab, useLabParts } from "../../store/lab.ts";
import { safetyOf } from "../../store/projectsSlice.ts";
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
  /** @param address in place of the page's own; empty for that */
  const reload = (address = ""): void =>
    keeping.useNewVersion(() => {
      putForm(store.getState().edit.form);
      if (address !== "") history.replaceState(null, "", address);
    });
  const carry = async (): Promise<void> => {
    const state = store.getState();
    // What is safe in the browser is opened again, and not a link that the page may have come from.
    if (safetyOf(state.projects, edits) === "saved") return reload(location.pathname + location.search);
    const carried = await carriedOver(state);
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
