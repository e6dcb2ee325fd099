import type { ReactNode } from "react";
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { SeriesPoint } from "./SeriesChart.tsx";
import "./seriesChart.css";

export interface CurveStyle {
  readonly colour: string;
  /** As SVG writes dashes; empty for a line without gaps: curves are told apart without their colours too. */
  readonly dash: string;
}

export interface Curve extends CurveStyle {
  readonly name: string;
  readonly points: readonly SeriesPoint[];
}

export interface CurvesChartProps {
  readonly title: ReactNode;
  /** Said to screen readers in place of the picture. */
  readonly summary: string;
  readonly curves: readonly Curve[];
  readonly xMax: number;
  readonly xLabel: string;
  readonly yRange: readonly [number, number];
  readonly format: (y: number) => string;
  /** At the axis, where there is less room. */
  readonly formatTick: (y: number) => string;
  readonly height: number;
}

/** One quantity of several series over the same x. */
export function CurvesChart({ title, summary, curves, xMax, xLabel, yRange, format, formatTick, height }: CurvesChartProps): ReactNode {
  return (
    <figure className="series-chart">
      <figcaption>{title}</figcaption>
      <div role="img" aria-label={summary}>
        <ResponsiveContainer width="100%" height={height}>
          <LineChart data={rowsOf(curves)} margin={{ top: 6, right: 10, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--line-faint)" vertical={false} />
            <XAxis
              dataKey="x"
              type="number"
              domain={[0, xMax]}
              tickLine={false}
              axisLine={{ stroke: "var(--line)" }}
              tick={TICK}
              height={18}
              tickCount={3}
              allowDecimals={false}
            />
            <YAxis width={44} domain={[...yRange]} tickLine={false} axisLine={false} tick={TICK} tickCount={3} tickFormatter={formatTick} />
            <Tooltip
              isAnimationActive={false}
              formatter={(value) => format(Number(value))}
              labelFormatter={(x) => `${xLabel} ${Number(x)}`}
              cursor={{ stroke: "var(--line)" }}
              contentStyle={TOOLTIP}
            />
            {curves.map(({ name, colour, dash }, index) => (
              <Line
                key={name}
                dataKey={`y${index}`}
                name={name}
                stroke={colour}
                strokeDasharray={dash}
                strokeWidth={1.75}
                dot={{ r: 2.5, fill: colour, strokeWidth: 0 }}
                connectNulls
                isAnimationActive={false}
              />
            ))}
          </LineChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

const TICK = { fontSize: 10.5, fill: "var(--text-muted)" };
const TOOLTIP = { background: "var(--panel-raised)", border: "1px solid var(--line)", borderRadius: 4, fontSize: 12, padding: "4px 8px" };

/** A row for each x that any curve has, ascending. */
function rowsOf(curves: readonly Curve[]): Record<string, number>[] {
  const rows = new Map<number, Record<string, number>>();
  for (const [index, { points }] of curves.entries()) {
    for (const { x, y } of points) rows.set(x, { ...rows.get(x), x, [`y${index}`]: y });
  }
  return [...rows.values()].sort((a, b) => (a["x"] ?? 0) - (b["x"] ?? 0));
}

/** How a curve looks, beside its name. */
export function CurveSwatch({ colour, dash }: CurveStyle): ReactNode {
  return (
    <svg className="curve-swatch" width="26" height="8" aria-hidden="true">
      <line x1="1" y1="4" x2="25" y2="4" stroke={colour} strokeDasharray={dash} strokeWidth="2" />
      <circle cx="13" cy="4" r="3" fill={colour} />
    </svg>
  );
}
