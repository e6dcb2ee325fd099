import { memo } from "react";
import type { ReactNode } from "react";
import { useLab } from "../../store/lab.ts";
import { useMicroscope, useMicroscopeParts } from "../../store/microscope.ts";
import type { TrialAnswer } from "../../store/microscopeSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatProbability } from "../../ui/format.ts";
import { Problem } from "../Problem.tsx";
import { visibleToken } from "../tokenText.ts";

/** The prompt continued without and with the overrides, side by side. */
export const TrialView = memo(function Trial(): ReactNode {
  const words = useTexts().microscope.overrides;
  const { actions } = useMicroscopeParts();
  const trial = useMicroscope((state) => state.trial);
  const overridden = useMicroscope((state) => state.overrides.length > 0);
  const edits = useLab((state) => state.edit.edits.length);
  const blank = useLab((state) => state.prompt.text.trim() === "");
  const running = trial.without.status === "running" || trial.with.status === "running";
  const parts = partingAt(trial.without, trial.with);
  const both = trial.without.status === "done" && trial.with.status === "done";
  return (
    <section className="microscope-trial" aria-label={`${words.without}, ${words.with}`}>
      <div className="microscope-line">
        {running ? (
          <Button onClick={actions.stopTrial}>{words.stop}</Button>
        ) : (
          <Button tone="primary" disabled={blank} onClick={() => void actions.tryOverrides()}>
            {words.run}
          </Button>
        )}
        <span className="faint" aria-live="polite">
          {both && (parts === null ? words.same : words.parts(parts + 1))}
        </span>
      </div>
      {trial.error && <Problem error={trial.error} title={words.failed} />}
      <div className="microscope-texts">
        <Text name={words.without} prompt={trial.prompt} answer={trial.without} parts={parts} />
        {overridden && <Text name={words.with} prompt={trial.prompt} answer={trial.with} parts={parts} />}
      </div>
      <p className="faint">{edits === 0 ? words.untrained : words.note}</p>
    </section>
  );
});

function Text({
  name,
  prompt,
  answer,
  parts,
}: {
  readonly name: string;
  readonly prompt: string;
  readonly answer: TrialAnswer;
  readonly parts: number | null;
}): ReactNode {
  const words = useTexts().microscope.overrides;
  return (
    <div className="trial-text" role="group" aria-label={name}>
      <h3>{name}</h3>
      {answer.status === "none" ? (
        <p className="faint">{words.none}</p>
      ) : (
        <p aria-busy={answer.status === "running"}>
          <span className="faint">{prompt}</span>
          {answer.tokens.map(({ text, probability }, index) => (
            <span
              key={index}
              className="trial-token"
              data-parted={(parts !== null && index >= parts) || undefined}
              title={`${visibleToken(text)} ${formatProbability(probability)}`}
            >
              {text}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

/** The first token in which the texts differ; null while there is none. */
function partingAt(a: TrialAnswer, b: TrialAnswer): number | null {
  if (a.status === "none" || b.status === "none") return null;
  const shorter = Math.min(a.tokens.length, b.tokens.length);
  for (let i = 0; i < shorter; i++) if (a.tokens[i]?.id !== b.tokens[i]?.id) return i;
  const ended = a.status === "done" && b.status === "done";
  return ended && a.tokens.length !== b.tokens.length ? shorter : null;
}
