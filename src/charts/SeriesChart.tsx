import { lazy, Suspense } from "react";
import type { ReactNode } from "react";
import { latePart } from "../lib/lateParts.ts";
import { significant } from "./plotStyle.ts";
import "./seriesChart.css";

const SeriesPlot = lazy(latePart(async () => ({ default: (await import("./SeriesPlot.tsx")).SeriesPlot })));

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
export function SeriesChart({ title, summary, ...plot }: SeriesChartProps): ReactNode {
  const last = plot.points.at(-1);
  return (
    <figure className="series-chart">
      <figcaption>
        {title}
        <span className="series-chart-value">{last ? significant(last.y) : "–"}</span>
      </figcaption>
      <div role="img" aria-label={summary} style={{ height: plot.height }}>
        <Suspense>
          <SeriesPlot {...plot} />
        </Suspense>
      </div>
    </figure>
  );
}
