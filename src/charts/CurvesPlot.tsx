import type { ReactNode } from "react";
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { Curve, CurvesChartProps } from "./CurvesChart.tsx";
import { PLOT_TICK, PLOT_TOOLTIP } from "./plotStyle.ts";

/** The lines and axes of a CurvesChart: what takes recharts, loaded when one is drawn. */
export function CurvesPlot({
  curves,
  xMax,
  xLabel,
  yRange,
  format,
  formatTick,
  height,
}: Omit<CurvesChartProps, "title" | "summary">): ReactNode {
  return (
    <ResponsiveContainer width="100%" height={height}>
      <LineChart data={rowsOf(curves)} margin={{ top: 6, right: 10, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid stroke="var(--line-faint)" vertical={false} />
        <XAxis
          dataKey="x"
          type="number"
          domain={[0, xMax]}
          tickLine={false}
          axisLine={{ stroke: "var(--line)" }}
          tick={PLOT_TICK}
          height={18}
          tickCount={3}
          allowDecimals={false}
        />
        <YAxis
          width={44}
          domain={[...yRange]}
          tickLine={false}
          axisLine={false}
          tick={PLOT_TICK}
          tickCount={3}
          tickFormatter={formatTick}
        />
        <Tooltip
          isAnimationActive={false}
          formatter={(value) => format(Number(value))}
          labelFormatter={(x) => `${xLabel} ${Number(x)}`}
          cursor={{ stroke: "var(--line)" }}
          contentStyle={PLOT_TOOLTIP}
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
  );
}

/** A row for each x that any curve has, ascending. */
function rowsOf(curves: readonly Curve[]): Record<string, number>[] {
  const rows = new Map<number, Record<string, number>>();
  for (const [index, { points }] of curves.entries()) {
    for (const { x, y } of points) rows.set(x, { ...rows.get(x), x, [`y${index}`]: y });
  }
  return [...rows.values()].sort((a, b) => (a["x"] ?? 0) - (b["x"] ?? 0));
}
