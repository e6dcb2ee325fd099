import { useCallback } from "react";
import type { ReactNode } from "react";
import { ColourLegend } from "../../charts/ColourLegend.tsx";
import type { HeatmapCell } from "../../charts/heatmapGeometry.ts";
import type { Texts } from "../../texts/texts.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { formatFixed, formatProbability } from "../../ui/format.ts";
import { useTheme } from "../../ui/theme.ts";
import { cellFacts, scaleTop } from "../routing/frameData.ts";
import { visibleToken } from "../tokenText.ts";
import { pieceOf } from "./columnFacts.ts";
import type { HeatmapFacts } from "./columnFacts.ts";
import { useHeatmapFact } from "./useHeatmapFacts.ts";
import type { HeatmapReading } from "./useHeatmapFacts.ts";

export interface HeatmapFootProps {
  readonly reading: HeatmapReading;
  readonly cell: HeatmapCell | null;
  readonly children: ReactNode;
}

/** The cell under the cursor in words, for eyes and for screen readers; what colours and marks mean. */
export function HeatmapFoot({ reading, cell, children }: HeatmapFootProps): ReactNode {
  const texts = useTexts();
  const words = texts.microscope.heatmap;
  const theme = useTheme();
  const said = useHeatmapFact(
    reading,
    useCallback((facts: Facts) => readoutOf({ ...facts, cell }, texts), [cell, texts]),
  );
  const top = useHeatmapFact(reading, topOf);
  const apart = useHeatmapFact(reading, differOf);
  return (
    <>
      <div className="routing-foot microscope-foot">
        <p className="routing-readout" aria-live="polite">
          {said ?? <span className="faint">{texts.routing.readoutHint}</span>}
        </p>
        <span className="routing-mark">
          <i aria-hidden="true" /> {apart === null ? texts.routing.picked : words.differs}
        </span>
        <ColourLegend
          theme={theme}
          label={apart === null ? texts.routing.legend(top) : words.differenceLegend(top)}
          top={top}
          diverging={apart !== null}
        />
        {children}
      </div>
      {apart !== null && <p className="microscope-said">{words.decidingDiffer(apart)}</p>}
    </>
  );
}

type Facts = Omit<HeatmapFacts, "cell">;
const topOf = ({ apart, own }: Facts): number => apart?.data.top ?? (own ? scaleTop(own) : 1);
const differOf = ({ apart }: Facts): number | null => apart?.decidingDiffer ?? null;

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
