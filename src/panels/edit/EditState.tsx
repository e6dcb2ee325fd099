import type { ReactNode } from "react";
import type { EditFacts } from "../../engine/protocol.ts";
import type { Texts } from "../../texts/texts.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { formatProbability } from "../../ui/format.ts";
import { Term } from "../../ui/Term.tsx";

/** Whether an edit still holds, or since when it does not. */
export function EditState({ edit }: { readonly edit: EditFacts }): ReactNode {
  const texts = useTexts();
  const { standing, on, holds, answerAfter } = edit;
  if (!on) return <span className="edit-holds">{texts.ledger.off}</span>;
  const now = standing?.holds ?? holds;
  return (
    <span className="edit-holds" data-holds={now}>
      {standing ? (
        <Term hint={texts.ledger.standingHint}>{standingText(edit, standing, texts.ledger)}</Term>
      ) : (
        <Term hint={texts.edits.holdsHint(answerAfter)}>{texts.edits.holds(holds)}</Term>
      )}
    </span>
  );
}

function standingText(edit: EditFacts, standing: NonNullable<EditFacts["standing"]>, words: Texts["ledger"]): string {
  const probability = formatProbability(standing.probability);
  if (standing.holds) return words.holds(probability);
  // One that never held was not lost, nor is one that the person weakened.
  const lost = standing.lostSince !== null && standing.lostSince !== edit.id && edit.strength === 1;
  return lost ? words.lost(standing.lostSince, probability) : words.fails(probability);
}
