import type { ReactNode } from "react";
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import "./seriesChart.css";

export interface SeriesPoint {
  readonly x: number;
  readonly y: number;
}

export interface SeriesChartProps {
  readonly title: ReactNode;
  /** The quantity's plain name, for the tooltip. */
  readonly name: string;
  /** Said to screen readers in place of the picture. */
  readonly summary: string;
  readonly points: readonly SeriesPoint[];
  /** The last x of the whole series, so that the axis stands still while points arrive. */
  readonly xMax: number;
  readonly xLabel: string;
  readonly colour: string;
  readonly height: number;
}

/** One quantity over steps. Two quantities of different size get two charts, not two axes. */
export function SeriesChart({ title, name, summary, points, xMax, xLabel, colour, height }: SeriesChartProps): ReactNode {
  const last = points.at(-1);
  return (
    <figure className="series-chart">
      <figcaption>
        {title}
        <span className="series-chart-value">{last ? significant(last.y) : "–"}</span>
      </figcaption>
      <div role="img" aria-label={summary}>
        <ResponsiveContainer width="100%" height={height}>
          <LineChart data={points} margin={{ top: 4, right: 6, bottom: 0, left: 0 }} accessibilityLayer={false}>
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
            />
            <YAxis width={34} domain={[0, "auto"]} tickLine={false} axisLine={false} tick={TICK} tickCount={4} />
            <Tooltip
              isAnimationActive={false}
              formatter={(value) => [significant(Number(value)), name]}
              labelFormatter={(step) => `${xLabel} ${Number(step)}`}
              cursor={{ stroke: "var(--line)" }}
              contentStyle={TOOLTIP}
            />
            <Line dataKey="y" stroke={colour} strokeWidth={1.75} dot={false} isAnimationActive={false} />
          </LineChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

const TICK = { fontSize: 10.5, fill: "var(--text-muted)" };
const TOOLTIP = { background: "var(--panel-raised)", border: "1px solid var(--line)", borderRadius: 4, fontSize: 12, padding: "4px 8px" };

function significant(value: number): string {
  return value === 0 || Math.abs(value) >= 0.001 ? value.toPrecision(3) : value.toExponential(1);
}
