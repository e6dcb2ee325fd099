import type { ReactNode } from "react";
import { curveStrengths } from "../../store/ledgerSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { formatFixed, formatProbability } from "../../ui/format.ts";

export interface StrengthCurveProps {
  /** Probability at each of `curveStrengths`; null while it is measured. */
  readonly points: readonly number[] | null;
  /** Greatest strength, at the right end. */
  readonly most: number;
  /** Where the slider is, and the probability there. */
  readonly at: number;
  readonly probability: number | null;
}

/** Of the picture, in its own units. The slider below has half a thumb of room at both ends. */
const [WIDTH, HEIGHT, ROOM, TOP] = [240, 46, 8, 4];

/** Probability of an edit's answer over its strength, as a line with a mark where the slider is. */
export function StrengthCurve({ points, most, at, probability }: StrengthCurveProps): ReactNode {
  const words = useTexts().strength;
  if (points === null) return <p className="strength-curve faint">{words.measuring}</p>;
  const x = (strength: number): number => ROOM + (strength / most) * (WIDTH - 2 * ROOM);
  const y = (share: number): number => TOP + (1 - share) * (HEIGHT - 2 * TOP);
  const line = points.map((share, i) => `${x(curveStrengths[i] ?? 0).toFixed(1)},${y(share).toFixed(1)}`).join(" ");
  const said = points.map((share, i) => `${formatFixed(curveStrengths[i] ?? 0, 2)}: ${formatProbability(share)}`);
  return (
    <svg className="strength-curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.curve(said.join("; "))}>
      <title>{words.curveHint}</title>
      {[0, 1].map((share) => (
        <line key={share} className="strength-bound" x1={ROOM} x2={WIDTH - ROOM} y1={y(share)} y2={y(share)} />
      ))}
      <line className="strength-trained" x1={x(1)} x2={x(1)} y1={TOP} y2={HEIGHT - TOP} />
      <polyline className="strength-line" points={line} />
      {probability !== null && (
        <>
          <circle className="strength-mark" cx={x(at)} cy={y(probability)} r="3.5" />
          <text
            className="strength-probability"
            x={x(at) + (at > most / 2 ? -7 : 7)}
            y={Math.min(HEIGHT - 6, y(probability) + 12)}
            textAnchor={at > most / 2 ? "end" : "start"}
          >
            {formatProbability(probability)}
          </text>
        </>
      )}
    </svg>
  );
}
