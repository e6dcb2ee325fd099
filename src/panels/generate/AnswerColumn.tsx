import type { ReactNode } from "react";
import type { Answer, AnswerColumn as Column } from "../../store/answersSlice.ts";
import { useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { formatMilliseconds } from "../../ui/format.ts";
import { Stat, StatList } from "../../ui/Stat.tsx";
import { Term } from "../../ui/Term.tsx";
import { Problem } from "../Problem.tsx";
import { promptErrors } from "./PromptPanel.tsx";
import { TokenChips } from "./TokenChips.tsx";

export function AnswerColumn({ column }: { readonly column: Column }): ReactNode {
  const texts = useTexts();
  const words = texts.answers;
  const answer = useLab((state) => state.answers[column]);
  const earlier = useLab((state) => state.answers[column].status !== "idle" && state.answers[column].prompt !== state.prompt.text);
  const name = column === "base" ? words.base : words.edited;
  return (
    <div
      className="answer"
      role="group"
      aria-label={name}
      data-column={column}
      data-in-scope={(column === "edited" && answer.scope?.inScope) || undefined}
      data-earlier={earlier || undefined}
    >
      <h3>
        <Term hint={column === "base" ? words.baseHint : words.editedHint}>{name}</Term>
        {column === "edited" && answer.scope && <span className="answer-scope">{texts.scope.verdict(answer.scope)}</span>}
        {earlier && <span className="answer-earlier">{words.otherPrompt}</span>}
      </h3>
      <AnswerBody answer={answer} empty={words.empty[column]} />
    </div>
  );
}

function AnswerBody({ answer, empty }: { readonly answer: Answer; readonly empty: string }): ReactNode {
  const words = useTexts().answers;
  if (answer.status === "idle") return <p className="faint">{empty}</p>;
  if (answer.status === "queued") return <p className="faint">{words.queued}</p>;
  if (answer.status === "failed" && answer.error)
    return promptErrors.includes(answer.error.code) ? <p className="faint">{empty}</p> : <Problem error={answer.error} />;
  return (
    <>
      <p className="answer-text" aria-live="polite" aria-busy={answer.status === "running"}>
        <span className="answer-prompt">{answer.prompt}</span>
        <span className="answer-new">{answer.text}</span>
      </p>
      <TokenChips tokens={answer.tokens} />
      {answer.status === "cancelled" && <p className="faint">{words.cancelled}</p>}
      <AnswerFigures answer={answer} />
    </>
  );
}

function AnswerFigures({ answer }: { readonly answer: Answer }): ReactNode {
  const words = useTexts().answers;
  if (answer.tokensPerSecond === null || answer.firstTokenMs === null || answer.stopped === null) return null;
  return (
    <StatList>
      <Stat label={words.speed[0]} hint={words.speed[1]}>
        {words.perSecond(answer.tokensPerSecond)}
      </Stat>
      <Stat label={words.firstToken[0]} hint={words.firstToken[1]}>
        {formatMilliseconds(answer.firstTokenMs)}
      </Stat>
      <Stat label={words.ended[0]} hint={words.ended[1]}>
        {words.stopped[answer.stopped]}
      </Stat>
    </StatList>
  );
}
