import { useState } from "react";
import type { ReactNode } from "react";
import type { AnswerOdds, ColumnAnswer } from "../../engine/protocol.ts";
import { useCompare } from "../../store/compare.ts";
import type { CompareColumn } from "../../store/compareSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { formatProbability } from "../../ui/format.ts";
import { ProgressBar } from "../../ui/ProgressBar.tsx";
import { Term } from "../../ui/Term.tsx";
import { Problem } from "../Problem.tsx";
import { visibleToken } from "../tokenText.ts";
import { askedAnswers } from "./compareFiles.ts";
import { ProbabilityBars } from "./ProbabilityBars.tsx";
import { useMethodName } from "./useMethodName.ts";

/** A column a method, side by side. */
export function CompareColumns(): ReactNode {
  const words = useTexts().compare;
  const columns = useCompare((state) => state.columns);
  // One place for all columns: tokens are compared at the same distance from the prompt.
  const [place, setPlace] = useState(0);
  if (columns.length === 0) return <p className="faint">{words.empty}</p>;
  return (
    <div className="compare-columns" tabIndex={0} role="group" aria-label={words.title}>
      {columns.map((column) => (
        <Column key={column.method} column={column} place={place} onPlace={setPlace} />
      ))}
    </div>
  );
}

interface PlaceProps {
  readonly place: number;
  readonly onPlace: (place: number) => void;
}

function Column({ column, place, onPlace }: PlaceProps & { readonly column: CompareColumn }): ReactNode {
  const words = useTexts().compare;
  const name = useMethodName()(column.method);
  return (
    <section className="compare-column" aria-label={name}>
      <h3>{name}</h3>
      <Status column={column} />
      {column.error && <Problem error={column.error} title={words.failed} />}
      {column.answer && <Answer base={column.method === "base"} answer={column.answer} place={place} onPlace={onPlace} />}
    </section>
  );
}

function Status({ column: { status, written, method, answer } }: { readonly column: CompareColumn }): ReactNode {
  const words = useTexts().compare;
  if (status === "failed") return null;
  if (status === "writing" && written) {
    const text = words.status.writing(written.done, written.of);
    return (
      <div role="status">
        <p className="faint">{text}</p>
        <ProgressBar label={text} share={written.done / Math.max(1, written.of)} />
      </div>
    );
  }
  if (status !== "done" || !answer) {
    return (
      <p className="faint" role="status">
        {words.status[status === "writing" || status === "done" ? "answering" : status]}
      </p>
    );
  }
  const { base, deferred, edit, method: known } = words.answeredBy;
  return (
    <p className="faint">{method === "base" ? base : answer.deferred ? deferred : answer.edit === null ? known : edit(answer.edit)}</p>
  );
}

function Answer({ base, answer, place, onPlace }: PlaceProps & { readonly base: boolean; readonly answer: ColumnAnswer }): ReactNode {
  const words = useTexts().compare;
  const asked = useCompare((state) => state.asked);
  const at = Math.min(place, answer.tokens.length - 1);
  const token = answer.tokens[at];
  return (
    <>
      <p className="compare-text" data-changed={(!base && !answer.deferred) || undefined}>
        <span className="faint">{asked?.prompt}</span>
        <b>{answer.text}</b>
        {answer.tokens.length === 0 && <span className="faint"> {words.nothing}</span>}
      </p>
      <div className="compare-tokens" role="group" aria-label={words.text}>
        {answer.tokens.map(({ text, probability }, index) => (
          <button
            key={index}
            type="button"
            className="compare-token"
            aria-pressed={index === at}
            aria-label={words.place(index + 1, visibleToken(text), formatProbability(probability))}
            onClick={() => onPlace(index)}
          >
            {visibleToken(text)}
          </button>
        ))}
      </div>
      {token && (
        <div className="compare-part">
          <h4>
            <Term hint={words.candidates[1]}>{words.candidates[0]}</Term>{" "}
            <span className="faint-text">{words.at(at + 1, visibleToken(token.text))}</span>
          </h4>
          <ProbabilityBars bars={token.candidates.map(({ id, text, probability }) => ({ text, probability, strong: id === token.id }))} />
        </div>
      )}
      {asked && answer.odds.length > 0 && (
        <div className="compare-part">
          <h4>
            <Term hint={words.odds[1]}>{words.odds[0]}</Term>
          </h4>
          {askedAnswers(asked).map(({ kind, answer: text }, index) => {
            const odds = answer.odds[index];
            return odds && <Odds key={kind} kind={kind} text={text} odds={odds} />;
          })}
        </div>
      )}
    </>
  );
}

function Odds({ kind, text, odds }: { readonly kind: "old" | "next"; readonly text: string; readonly odds: AnswerOdds }): ReactNode {
  const words = useTexts().compare;
  return (
    <div className="compare-odds" role="group" aria-label={`${words.kinds[kind]}: ${text}`}>
      <p>
        <span className="faint-text">{words.answers[kind]}</span> <b>{text}</b> {formatProbability(odds.probability)}
        {odds.holds && (
          <span className="compare-holds">
            <Term hint={words.holdsHint}>{words.holds}</Term>
          </span>
        )}
      </p>
      <ProbabilityBars bars={odds.tokens.map((token) => ({ ...token, strong: false }))} />
    </div>
  );
}
