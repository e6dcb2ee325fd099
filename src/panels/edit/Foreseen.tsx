import type { ReactNode } from "react";
import type { EditFacts, Foresight } from "../../engine/protocol.ts";
import { useLab } from "../../store/lab.ts";
import type { Texts } from "../../texts/texts.ts";
import { useTexts } from "../../texts/useTexts.ts";

/** Edits that are named one by one, and the share of experts from which on one is. */
const [NAMED, MUCH] = [3, 0.25];

/** What the draft in the form would meet among the edits, before it is trained. */
export function Foreseen(): ReactNode {
  const words = useTexts().foresight;
  const foresight = useLab((state) => state.ledger.foresight);
  const edits = useLab((state) => state.edit.edits);
  const lines = foresight ? linesOf(foresight, edits, words) : [];
  return (
    <div className="foreseen" role="status">
      {lines.length > 0 && (
        <>
          <strong>{words.title}</strong>
          <ul>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function linesOf({ replaces, scope, shared }: Foresight, edits: readonly EditFacts[], words: Texts["foresight"]): string[] {
  const answer = (id: number): string => edits.find((edit) => edit.id === id)?.answer ?? "";
  const much = shared.filter(({ experts, of }) => experts / of >= MUCH).slice(0, NAMED);
  const fewer = shared.length - much.length;
  const answering = scope.deferred || scope.edit === null || replaces.includes(scope.edit) ? [] : [scope.edit];
  return [
    ...replaces.map((id) => words.replaces(id, answer(id))),
    ...answering.map((id) => words.answered(id, answer(id))),
    ...much.map(({ edit, experts, of }) => words.shares(experts, of, edit)),
    ...(fewer > 0 && much.length > 0 ? [words.fewer(fewer)] : []),
  ];
}
