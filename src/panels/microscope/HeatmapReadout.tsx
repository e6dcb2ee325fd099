import type { ReactNode } from "react";
import type { Texts } from "../../texts/texts.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { formatFixed, formatProbability } from "../../ui/format.ts";
import { cellFacts } from "../routing/frameData.ts";
import { visibleToken } from "../tokenText.ts";
import { pieceOf } from "./columnFacts.ts";
import type { HeatmapFacts } from "./columnFacts.ts";

/** The cell under the cursor in words, for eyes and for screen readers. */
export function HeatmapReadout(facts: HeatmapFacts): ReactNode {
  const texts = useTexts();
  return (
    <p className="routing-readout" aria-live="polite">
      {readoutOf(facts, texts) ?? <span className="faint">{texts.routing.readoutHint}</span>}
    </p>
  );
}

function readoutOf({ own, a, b, apart, cell }: HeatmapFacts, { routing, microscope: { heatmap } }: Texts): string | null {
  if (!cell || !own) return null;
  const pair = apart?.pairs[cell.column];
  if (pair && a && b) {
    const [ofA, ofB] = [cellFacts(a, { ...cell, column: pair.a }), cellFacts(b, { ...cell, column: pair.b })];
    if (!ofA || !ofB) return null;
    const tokens = heatmap.both(visibleToken(pieceOf(a, pair.a)), visibleToken(pieceOf(b, pair.b)));
    const [first, second] = [ofA.probability, ofB.probability];
    return heatmap.readoutDifference(
      tokens,
      ofA.layer,
      ofA.expert,
      signed(first - second),
      formatProbability(first),
      formatProbability(second),
    );
  }
  const facts = cellFacts(own, cell);
  if (!facts) return null;
  const said = [routing.readout(visibleToken(facts.token), facts.layer, facts.expert, formatProbability(facts.probability), facts.picked)];
  const owner = own.owners?.[facts.expert];
  if (owner !== undefined) said.push(heatmap.ownedBy(owner));
  if (facts.place === "decides") said.push(routing.decides);
  if (facts.place === "generated") said.push(routing.generated);
  return said.join(" · ");
}

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${formatFixed(Math.abs(value), 3)}`;
