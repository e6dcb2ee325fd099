import type { ReactNode } from "react";
import { useTexts } from "../../texts/useTexts.ts";
import { formatProbability } from "../../ui/format.ts";
import { visibleToken } from "../tokenText.ts";

export interface ProbabilityBarsProps {
  readonly bars: readonly { readonly text: string; readonly probability: number; readonly strong: boolean }[];
}

/** Tokens with their probabilities, a bar each. */
export function ProbabilityBars({ bars }: ProbabilityBarsProps): ReactNode {
  const words = useTexts().compare;
  return (
    <ol className="probability-bars">
      {bars.map(({ text, probability, strong }, index) => (
        <li key={index} data-strong={strong || undefined} title={words.candidate(visibleToken(text), formatProbability(probability))}>
          <span className="probability-bars-text">{visibleToken(text)}</span>
          <span className="probability-bars-bar" aria-hidden="true">
            <span style={{ width: `${100 * probability}%` }} />
          </span>
          <span>{formatProbability(probability)}</span>
        </li>
      ))}
    </ol>
  );
}
