import { useId, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import type { EditFacts } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatFixed, formatSeconds } from "../../ui/format.ts";
import { Term } from "../../ui/Term.tsx";
import { EditDetails } from "./EditDetails.tsx";
import { EditState } from "./EditState.tsx";

export function EditRow({ edit, idle }: { readonly edit: EditFacts; readonly idle: boolean }): ReactNode {
  const texts = useTexts();
  const words = texts.edits;
  const [open, setOpen] = useState(false);
  const id = useId();
  const { moveEdit } = useActions();
  /** Above is later: the newest is on top. */
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    moveEdit(edit.id, event.key === "ArrowUp" ? 1 : -1);
  };
  return (
    <li
      className="edit-row"
      aria-label={texts.ledger.row(edit.id)}
      data-row={edit.id}
      data-off={!edit.on || undefined}
      onKeyDown={onKeyDown}
    >
      <span className="edit-id">{edit.id}</span>
      <div className="edit-what">
        <p>
          <bdi>{edit.prompt}</bdi> <s dir="auto">{edit.baseAnswer}</s> → <b dir="auto">{edit.answer}</b>
        </p>
        <p className="edit-figures">
          <EditState edit={edit} />
          {edit.strength !== 1 && <span>{texts.ledger.strengthMark(formatFixed(edit.strength, 2))}</span>}
          {edit.rephrasings.length > 0 && <span title={edit.rephrasings.join("\n")}>{words.rephrasings(edit.rephrasings.length)}</span>}
          <Term hint={words.seconds[1]}>{formatSeconds(edit.seconds)}</Term>
        </p>
      </div>
      <RowActs edit={edit} idle={idle} open={open} details={id} onOpen={setOpen} />
      {open && <EditDetails id={id} edit={edit} />}
    </li>
  );
}

interface RowActsProps {
  readonly edit: EditFacts;
  readonly idle: boolean;
  readonly open: boolean;
  /** Id of the details. */
  readonly details: string;
  readonly onOpen: (open: boolean) => void;
}

function RowActs({ edit: { id, on, prompt }, idle, open, details, onOpen }: RowActsProps): ReactNode {
  const texts = useTexts();
  const words = texts.ledger;
  const ready = useLab((state) => state.ledger.work !== "rewriting" && state.model.status === "ready");
  const { tryPrompt, forgetEdit, switchEdit } = useActions();
  return (
    <div className="edit-acts">
      <button
        type="button"
        role="switch"
        className="switch"
        data-act="switch"
        aria-checked={on}
        aria-label={words.on(id)}
        title={words.onHint}
        disabled={!ready}
        onClick={() => void switchEdit(id, !on)}
      />
      <Button tone="quiet" data-act="try" aria-label={texts.edits.tryEdit(id)} disabled={!idle} onClick={() => void tryPrompt(prompt)}>
        {words.tryShort}
      </Button>
      <Button tone="quiet" data-act="forget" aria-label={words.forget(id)} disabled={!ready} onClick={() => void forgetEdit(id)}>
        {words.forgetShort}
      </Button>
      <Button
        tone="quiet"
        data-act="details"
        aria-label={words.details(id)}
        aria-expanded={open}
        aria-controls={open ? details : undefined}
        onClick={() => onOpen(!open)}
      >
        {open ? "▴" : "▾"}
      </Button>
    </div>
  );
}
