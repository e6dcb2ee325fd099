import { useMemo, useRef } from "react";
import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { inOrder } from "../../store/ledgerSlice.ts";
import { activityOf } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { SafetyMark } from "../projects/SafetyMark.tsx";
import { EditRow } from "./EditRow.tsx";
import { LedgerNotices } from "./LedgerNotices.tsx";
import { useKeptFocus } from "./useKeptFocus.ts";
import "./edit.css";
import "./ledger.css";

/** The person's edits, newest on top, each with its state and what can be done about it. */
export function EditsPanel(): ReactNode {
  const texts = useTexts();
  const edits = useLab((state) => state.edit.edits);
  const order = useLab((state) => state.ledger.order);
  const idle = useLab((state) => activityOf(state) === "idle");
  const rows = useMemo(() => inOrder(edits, order).toReversed(), [edits, order]);
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  const imported = useLab((state) => state.model.facts?.imported ?? false);
  const body = useRef<HTMLDivElement>(null);
  const { list, onFocus } = useKeptFocus<HTMLOListElement>(ids, body);
  return (
    <Panel title={texts.regions.edits} aside={<LedgerTools idle={idle} />}>
      <div ref={body} tabIndex={-1} className="ledger">
        <LedgerNotices />
        {imported && (
          <Notice tone="info" title={texts.projects.adapters.imported}>
            <p>{texts.projects.adapters.importedText}</p>
          </Notice>
        )}
        {edits.length === 0 ? (
          <p className="faint">{texts.edits.none}</p>
        ) : (
          <ol className="edit-list" reversed ref={list} onFocus={onFocus}>
            {rows.map((edit) => (
              <EditRow key={edit.id} edit={edit} idle={idle} />
            ))}
          </ol>
        )}
        {edits.length > 0 && (
          <p className="edits-safety">
            <SafetyMark /> <a href="#projects">{texts.regions.projects}</a>
          </p>
        )}
      </div>
    </Panel>
  );
}

function LedgerTools({ idle }: { readonly idle: boolean }): ReactNode {
  const words = useTexts().ledger;
  const { edits, canUndo, canRedo } = useLab((state) => state.edit);
  const { undo, redo, audit, rewriteEdits, clearEdits } = useActions();
  if (edits.length === 0 && !canUndo && !canRedo) return null;
  return (
    <div className="edit-tools">
      <Button tone="quiet" title={words.undoHint} aria-keyshortcuts="Control+Z" disabled={!idle || !canUndo} onClick={() => void undo()}>
        {words.undo}
      </Button>
      <Button
        tone="quiet"
        title={words.redoHint}
        aria-keyshortcuts="Control+Shift+Z"
        disabled={!idle || !canRedo}
        onClick={() => void redo()}
      >
        {words.redo}
      </Button>
      <Button tone="quiet" title={words.checkHint} disabled={!idle || edits.length === 0} onClick={() => void audit()}>
        {words.check}
      </Button>
      <Button tone="quiet" title={words.rewriteHint} disabled={!idle || edits.length === 0} onClick={() => void rewriteEdits()}>
        {words.rewrite}
      </Button>
      <Button tone="quiet" disabled={!idle || edits.length === 0} onClick={() => void clearEdits()}>
        {words.forgetAll}
      </Button>
    </div>
  );
}
