import type { ReactNode } from "react";
import "./thresholdGauge.css";

export interface GaugeTick {
  readonly key: number;
  readonly value: number;
  /** Said on hover. */
  readonly label: string;
  readonly emphasis: boolean;
}

export interface ThresholdGaugeProps {
  readonly max: number;
  /** Values below it are inside. */
  readonly threshold: number;
  readonly ticks: readonly GaugeTick[];
  /** Said to screen readers in place of the picture. */
  readonly summary: string;
  readonly insideLabel: string;
  readonly outsideLabel: string;
  readonly thresholdLabel: string;
}

/** Pixels. Ticks that share a value are stacked; beyond STACK they lie on one another. */
const STACK = 4;
const STEP = 11;
const TRACK_HEIGHT = 10;
const BELOW = 24;
/** Shares of the bar where labels under the threshold and under an end would run into one another. */
const CROWDED = 0.2;

/** A bar from 0 to max, parted at the threshold, with a tick for each value. */
export function ThresholdGauge({
  max,
  threshold,
  ticks,
  summary,
  insideLabel,
  outsideLabel,
  thresholdLabel,
}: ThresholdGaugeProps): ReactNode {
  const levels = stackLevels(ticks);
  const track = 12 + STEP * Math.min(STACK, Math.max(1, ...levels.map((level) => level + 1)));
  // Values are whole numbers: the border lies half way between the last inside and the first outside.
  const crowded = threshold < max * CROWDED;
  const border = percent(threshold - 0.5, max);
  return (
    <svg className="gauge" height={track + TRACK_HEIGHT + BELOW} role="img" aria-label={summary}>
      <rect className="gauge-outside" x="0" y={track} width="100%" height={TRACK_HEIGHT} rx="2" />
      <rect className="gauge-inside" x="0" y={track} width={border} height={TRACK_HEIGHT} rx="2" />
      <text x="0" y={track + BELOW}>
        {crowded ? `${insideLabel}, ${thresholdLabel}` : insideLabel}
      </text>
      {threshold <= max * (1 - 2 * CROWDED) && (
        <text x="100%" y={track + BELOW} textAnchor="end">
          {outsideLabel}
        </text>
      )}
      <line className="gauge-threshold" x1={border} x2={border} y1={track - 8} y2={track + TRACK_HEIGHT + 3} />
      {!crowded && (
        <text className="gauge-threshold-label" x={border} y={track + BELOW} textAnchor={threshold > max * 0.9 ? "end" : "middle"}>
          {thresholdLabel}
        </text>
      )}
      {ticks.map(({ key, value, label, emphasis }, index) => {
        const level = levels[index] ?? 0;
        const x = percent(value, max);
        return (
          <g key={key} className="gauge-tick" data-emphasis={emphasis || undefined}>
            <title>{label}</title>
            {level === 0 && <line x1={x} x2={x} y1={track - 3} y2={track + TRACK_HEIGHT} />}
            <circle cx={x} cy={track - 8 - STEP * Math.min(level, STACK - 1)} r={emphasis ? 5 : 3.5} />
          </g>
        );
      })}
    </svg>
  );
}

/** Place on the bar; the ends keep a margin, so that a tick at 0 or max is whole. */
function percent(value: number, max: number): string {
  const share = Math.min(1, Math.max(0, value / Math.max(1, max)));
  return `${(1.5 + 97 * share).toFixed(2)}%`;
}

/** For each tick, how many before it share its value. */
function stackLevels(ticks: readonly GaugeTick[]): number[] {
  const seen = new Map<number, number>();
  return ticks.map(({ value }) => {
    const level = seen.get(value) ?? 0;
    seen.set(value, level + 1);
    return level;
  });
}
