import type { ReactNode } from "react";
import type { EditFacts } from "../../engine/protocol.ts";
import { useActions } from "../../store/lab.ts";
import { Button } from "../../ui/Button.tsx";
import { formatFew, formatSeconds } from "../../ui/format.ts";
import { Term } from "../../ui/Term.tsx";
import { texts } from "../texts.ts";

const WORDS = texts.edits;

export function EditRow({ edit, idle }: { readonly edit: EditFacts; readonly idle: boolean }): ReactNode {
  const { tryPrompt } = useActions();
  const last = edit.curve.at(-1);
  return (
    <li className="edit-row" aria-label={texts.scope.editCode(edit.id)}>
      <span className="edit-id">{edit.id}</span>
      <div className="edit-what">
        <p>
          {edit.prompt} <s>{edit.baseAnswer}</s> → <b>{edit.answer}</b>
        </p>
        <p className="edit-figures">
          <span className="edit-holds" data-holds={edit.holds}>
            <Term hint={WORDS.holdsHint(edit.answerAfter)}>{WORDS.holds(edit.holds)}</Term>
          </span>
          {edit.rephrasings.length > 0 && <span title={edit.rephrasings.join("\n")}>{WORDS.rephrasings(edit.rephrasings.length)}</span>}
          <Term hint={WORDS.seconds[1]}>{formatSeconds(edit.seconds)}</Term>
          {last && <Term hint={WORDS.losses[1]}>{WORDS.lossPair(formatFew(last.lmLoss), formatFew(last.guidedLoss))}</Term>}
          <Term hint={WORDS.allocation[1]}>
            {WORDS.allocation[0]} <code>{WORDS.allocationCells(edit.allocation)}</code>
          </Term>
        </p>
      </div>
      <Button tone="quiet" disabled={!idle} onClick={() => void tryPrompt(edit.prompt)}>
        {WORDS.tryEdit(edit.id)}
      </Button>
    </li>
  );
}
