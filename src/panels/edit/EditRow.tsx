import type { ReactNode } from "react";
import type { EditFacts } from "../../engine/protocol.ts";
import { useActions } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatFew, formatSeconds } from "../../ui/format.ts";
import { Term } from "../../ui/Term.tsx";

export function EditRow({ edit, idle }: { readonly edit: EditFacts; readonly idle: boolean }): ReactNode {
  const texts = useTexts();
  const words = texts.edits;
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
            <Term hint={words.holdsHint(edit.answerAfter)}>{words.holds(edit.holds)}</Term>
          </span>
          {edit.rephrasings.length > 0 && <span title={edit.rephrasings.join("\n")}>{words.rephrasings(edit.rephrasings.length)}</span>}
          <Term hint={words.seconds[1]}>{formatSeconds(edit.seconds)}</Term>
          {last && <Term hint={words.losses[1]}>{words.lossPair(formatFew(last.lmLoss), formatFew(last.guidedLoss))}</Term>}
          {edit.allocation && (
            <Term hint={words.allocation[1]}>
              {words.allocation[0]} <code>{words.allocationCells(edit.allocation)}</code>
            </Term>
          )}
        </p>
      </div>
      <Button tone="quiet" disabled={!idle} onClick={() => void tryPrompt(edit.prompt)}>
        {words.tryEdit(edit.id)}
      </Button>
    </li>
  );
}
