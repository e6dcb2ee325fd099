import type { ReactNode } from "react";
import type { EditFacts } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { inOrder } from "../../store/ledgerSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatFew } from "../../ui/format.ts";
import { Term } from "../../ui/Term.tsx";
import { Scorecard } from "./Scorecard.tsx";
import { StrengthDial } from "./StrengthDial.tsx";

/** What is seldom looked at: strength, place, scorecard, and figures of the training. */
export function EditDetails({ id, edit }: { readonly id: string; readonly edit: EditFacts }): ReactNode {
  return (
    <div className="edit-details" id={id}>
      <StrengthDial edit={edit} />
      <div>
        <PlaceInOrder edit={edit} />
        <TrainingFigures edit={edit} />
      </div>
      <Scorecard id={edit.id} />
    </div>
  );
}

function PlaceInOrder({ edit: { id } }: { readonly edit: EditFacts }): ReactNode {
  const words = useTexts().ledger;
  const edits = useLab((state) => state.edit.edits);
  const order = useLab((state) => state.ledger.order);
  const { moveEdit } = useActions();
  const place = inOrder(edits, order).findIndex((edit) => edit.id === id);
  return (
    <div className="edit-place">
      <Term hint={words.placeHint}>{words.place}</Term>
      <Button
        tone="quiet"
        aria-label={words.moveUp(id)}
        title={words.moveUp(id)}
        disabled={place === edits.length - 1}
        onClick={() => moveEdit(id, 1)}
      >
        ↑
      </Button>
      <Button
        tone="quiet"
        aria-label={words.moveDown(id)}
        title={words.moveDown(id)}
        disabled={place === 0}
        onClick={() => moveEdit(id, -1)}
      >
        ↓
      </Button>
    </div>
  );
}

function TrainingFigures({ edit }: { readonly edit: EditFacts }): ReactNode {
  const texts = useTexts();
  const words = texts.edits;
  const last = edit.curve.at(-1);
  return (
    <p className="edit-figures">
      {edit.subject !== undefined && <span>{texts.ledger.subject(edit.subject)}</span>}
      {last && <Term hint={words.losses[1]}>{words.lossPair(formatFew(last.lmLoss), formatFew(last.guidedLoss))}</Term>}
      {edit.allocation && (
        <Term hint={words.allocation[1]}>
          {words.allocation[0]} <code>{words.allocationCells(edit.allocation)}</code>
        </Term>
      )}
    </p>
  );
}
