import { useId, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import type { AnswerToken } from "../../store/answersSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Floating } from "../../ui/Floating.tsx";
import { formatProbability } from "../../ui/format.ts";
import { tokenParts, visibleToken } from "../tokenText.ts";

interface Shown {
  readonly index: number;
  readonly anchor: Element;
}

/** The answer token by token. One tab stop; arrow keys walk, hover and focus open a card with the numbers. */
export function TokenChips({ tokens }: { readonly tokens: readonly AnswerToken[] }): ReactNode {
  const words = useTexts().answers;
  const cardId = useId();
  const [shown, setShown] = useState<Shown | null>(null);
  const [stop, setStop] = useState(0);
  const token = shown ? tokens[shown.index] : undefined;

  const walk = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === "Escape") return setShown(null);
    const chips = [...event.currentTarget.children];
    const target = { ArrowLeft: stop - 1, ArrowRight: stop + 1, Home: 0, End: chips.length - 1 }[event.key];
    const chip = target === undefined ? undefined : chips[target];
    if (!(chip instanceof HTMLElement)) return;
    event.preventDefault();
    chip.focus();
  };

  return (
    <div className="chips" role="group" aria-label={words.tokens} onKeyDown={walk}>
      {tokens.map(({ piece, probability }, index) => (
        <button
          key={`${index}:${piece.id}`}
          type="button"
          className="chip"
          data-special={piece.special || undefined}
          tabIndex={index === Math.min(stop, tokens.length - 1) ? 0 : -1}
          aria-label={words.token(visibleToken(piece.text), formatProbability(probability))}
          aria-describedby={shown?.index === index ? cardId : undefined}
          onPointerEnter={(event) => setShown({ index, anchor: event.currentTarget })}
          onPointerLeave={() => setShown(null)}
          onFocus={(event) => {
            setStop(index);
            setShown({ index, anchor: event.currentTarget });
          }}
          onBlur={() => setShown(null)}
        >
          <ChipText text={piece.text} />
          <span className="chip-bar" style={{ width: `${Math.round(probability * 100)}%` }} />
        </button>
      ))}
      {shown && token && (
        <Floating anchor={shown.anchor} id={cardId}>
          <TokenCard token={token} />
        </Floating>
      )}
    </div>
  );
}

/** Signs for what has no ink are drawn faintly, so that they are seen but not read as ink. */
function ChipText({ text }: { readonly text: string }): ReactNode {
  return tokenParts(text).map((part, index) =>
    part.sign ? (
      <span key={index} className="chip-space">
        {part.text}
      </span>
    ) : (
      part.text
    ),
  );
}

function TokenCard({ token }: { readonly token: AnswerToken }): ReactNode {
  const words = useTexts().answers;
  return (
    <div className="token-card">
      <p>
        <b>{visibleToken(token.piece.text)}</b>
        <span>
          {words.card.id} {token.piece.id}
        </span>
        <span>
          {words.card.probability} {formatProbability(token.probability)}
        </span>
      </p>
      <p className="token-card-head">{words.card.candidates}</p>
      <ol>
        {token.candidates.map((candidate) => (
          <li key={candidate.id} data-chosen={candidate.id === token.piece.id || undefined}>
            <span className="token-card-text">{visibleToken(candidate.text)}</span>
            <span className="token-card-bar">
              <span style={{ width: `${candidate.probability * 100}%` }} />
            </span>
            <span>{formatProbability(candidate.probability)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
