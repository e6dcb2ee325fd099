import type { ReactNode } from "react";
import type { ProbeOutcome, Scorecard as Card } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf } from "../../store/selectors.ts";
import type { Texts } from "../../texts/texts.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatProbability } from "../../ui/format.ts";
import { Stat, StatList } from "../../ui/Stat.tsx";
import { Problem } from "../Problem.tsx";

/** What one edit did: to its own prompts, and to others. */
export function Scorecard({ id }: { readonly id: number }): ReactNode {
  const words = useTexts().scorecard;
  const state = useLab(({ ledger }) => ledger.cards[id] ?? null);
  const idle = useLab((lab) => activityOf(lab) === "idle");
  const { askScorecard } = useActions();
  const measure = (label: string): ReactNode => (
    <Button tone="quiet" disabled={!idle} onClick={() => void askScorecard(id)}>
      {label}
    </Button>
  );
  return (
    <div className="scorecard" role="group" aria-label={words.title} aria-busy={state?.status === "asking"}>
      <header>
        <h3>{words.title}</h3>
        {state?.card && <span className="faint">{words.after(state.after)}</span>}
        {state?.card && measure(words.again)}
        {state === null && measure(words.measure)}
      </header>
      {state?.status === "asking" && <p role="status">{words.measuring}</p>}
      {state?.error && (
        <Problem error={state.error} title={words.failed}>
          {measure(words.again)}
        </Problem>
      )}
      {state?.card && <Figures card={state.card} />}
    </div>
  );
}

function Figures({ card }: { readonly card: Card }): ReactNode {
  const words = useTexts().scorecard;
  const { reliability, rephrasings, probes, lost } = card;
  const reached = rephrasings.filter(({ holds }) => holds).length;
  const kept = probes.filter(isKept).length;
  const mark = (good: boolean): "good" | "bad" => (good ? "good" : "bad");
  return (
    <>
      <StatList>
        <Stat label={words.reliability[0]} hint={words.reliability[1]}>
          <span data-outcome={mark(reliability.holds)}>
            {reliability.holds ? words.yes : words.no}, {formatProbability(reliability.probability)}
          </span>
        </Stat>
        <Stat label={words.rephrasings[0]} hint={words.rephrasings[1]}>
          <span data-outcome={mark(reached === rephrasings.length)}>{words.share(reached, rephrasings.length)}</span>
        </Stat>
        <Stat label={words.locality[0]} hint={words.locality[1]}>
          <span data-outcome={mark(kept === probes.length)}>{words.share(kept, probes.length)}</span>
        </Stat>
        <Stat label={words.lost[0]} hint={words.lost[1]}>
          <span data-outcome={mark(lost.length === 0)}>{lost.length === 0 ? words.lostNone : lost.join(", ")}</span>
        </Stat>
      </StatList>
      {rephrasings.length + probes.length > 0 && (
        <details>
          <summary>{words.each}</summary>
          <Outcomes card={card} words={words} />
        </details>
      )}
    </>
  );
}

const isKept = ({ before, after }: ProbeOutcome): boolean => before === after;

function Outcomes({ card: { rephrasings, probes }, words }: { readonly card: Card; readonly words: Texts["scorecard"] }): ReactNode {
  const rows = [
    ...rephrasings.map(({ prompt, holds, probability, deferred }) => ({
      prompt,
      good: holds,
      said: holds ? words.reached(formatProbability(probability)) : words.missed(formatProbability(probability), deferred),
    })),
    // What changed comes before what did not.
    ...probes
      .toSorted((a, b) => Number(isKept(a)) - Number(isKept(b)))
      .map((probe) => ({
        prompt: probe.prompt,
        good: isKept(probe),
        said: isKept(probe) ? words.kept(probe.after) : words.changed(probe.before, probe.after, probe.edit),
      })),
  ];
  return (
    <ul className="scorecard-each">
      {rows.map(({ prompt, good, said }) => (
        <li key={prompt}>
          <span>{prompt}</span> <span data-outcome={good ? "good" : "bad"}>{said}</span>
        </li>
      ))}
    </ul>
  );
}
