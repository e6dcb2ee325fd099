import { useRef } from "react";
import type { ReactNode } from "react";
import type { CurveStyle } from "./CurvesChart.tsx";
import { useWidth } from "./useWidth.ts";
import "./intervalChart.css";

export interface IntervalRow extends CurveStyle {
  readonly key: string;
  readonly name: string;
  /** 0 to 1; null where nothing was measured. */
  readonly value: number | null;
  /** Null where it is not known. */
  readonly interval: readonly [number, number] | null;
  /** The value in words, at the right. */
  readonly text: string;
}

export interface IntervalChartProps {
  readonly groups: readonly { readonly label: string; readonly rows: readonly IntervalRow[] }[];
  readonly format: (share: number) => string;
  /** Said to screen readers in place of the picture. */
  readonly summary: string;
}

const ROW = 20;
const HEAD = 24;
const NAMES = 150;
const VALUES = 60;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Shares side by side: a dot each, with its interval as a whisker. */
export function IntervalChart({ groups, format, summary }: IntervalChartProps): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  const width = useWidth(ref);
  const height = groups.reduce((sum, { rows }) => sum + HEAD + rows.length * ROW, 18);
  const room = Math.max(60, width - NAMES - VALUES);
  const x = (share: number): number => NAMES + share * room;
  const topOf = (group: number): number => groups.slice(0, group).reduce((sum, { rows }) => sum + HEAD + rows.length * ROW, 0);
  return (
    <div ref={ref} className="interval-chart">
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={summary}>
          {TICKS.map((tick) => (
            <g key={tick}>
              <line className="interval-grid" x1={x(tick)} x2={x(tick)} y1={6} y2={height - 16} />
              <text className="interval-tick" x={x(tick)} y={height - 4}>
                {format(tick)}
              </text>
            </g>
          ))}
          {groups.map(({ label, rows }, group) => (
            <g key={label} transform={`translate(0 ${topOf(group)})`}>
              <text className="interval-group" x="0" y="16">
                {label}
              </text>
              {rows.map((row, index) => (
                <Row key={row.key} row={row} y={HEAD + index * ROW + ROW / 2} x={x} end={width} />
              ))}
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

interface RowProps {
  readonly row: IntervalRow;
  readonly y: number;
  readonly x: (share: number) => number;
  readonly end: number;
}

function Row({ row: { name, value, interval, text, colour }, y, x, end }: RowProps): ReactNode {
  return (
    <g>
      <text className="interval-name" x="8" y={y + 4}>
        {name.length > 22 ? `${name.slice(0, 21)}…` : name}
        <title>{name}</title>
      </text>
      {interval && (
        <path
          className="interval-whisker"
          d={`M ${x(interval[0])} ${y - 4} v 8 M ${x(interval[0])} ${y} H ${x(interval[1])} M ${x(interval[1])} ${y - 4} v 8`}
          style={{ stroke: colour }}
        />
      )}
      {value !== null && (
        <circle cx={x(value)} cy={y} r="4" style={{ fill: colour }}>
          <title>{text}</title>
        </circle>
      )}
      <text className="interval-value" x={end} y={y + 4}>
        {text}
      </text>
    </g>
  );
}
