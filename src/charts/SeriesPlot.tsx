import type { ReactNode } from "react";
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { withDecimalSign } from "../lib/locale.ts";
import { PLOT_TICK, PLOT_TOOLTIP, significant } from "./plotStyle.ts";
import type { SeriesChartProps } from "./SeriesChart.tsx";

/** The lines and axes of a SeriesChart: what takes recharts, loaded when one is drawn. */
export function SeriesPlot({ name, points, xMax, xLabel, colour, height }: Omit<SeriesChartProps, "title" | "summary">): ReactNode {
  return (
    <ResponsiveContainer width="100%" height={height}>
      <LineChart data={points} margin={{ top: 4, right: 6, bottom: 0, left: 0 }} accessibilityLayer={false}>
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
        />
        <YAxis
          width={34}
          domain={[0, "auto"]}
          tickLine={false}
          axisLine={false}
          tick={PLOT_TICK}
          tickCount={4}
          tickFormatter={(tick) => withDecimalSign(String(tick))}
        />
        <Tooltip
          isAnimationActive={false}
          formatter={(value) => [significant(Number(value)), name]}
          labelFormatter={(step) => `${xLabel} ${Number(step)}`}
          cursor={{ stroke: "var(--line)" }}
          contentStyle={PLOT_TOOLTIP}
        />
        <Line dataKey="y" stroke={colour} strokeWidth={1.75} dot={false} isAnimationActive={false} />
      </LineChart>
    </ResponsiveContainer>
  );
}
