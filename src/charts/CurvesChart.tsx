import { lazy, Suspense } from "react";
import type { ReactNode } from "react";
import { latePart } from "../lib/lateParts.ts";
import type { SeriesPoint } from "./SeriesChart.tsx";
import "./seriesChart.css";

const CurvesPlot = lazy(latePart(async () => ({ default: (await import("./CurvesPlot.tsx")).CurvesPlot })));

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
export function CurvesChart({ title, summary, ...plot }: CurvesChartProps): ReactNode {
  return (
    <figure className="series-chart">
      <figcaption>{title}</figcaption>
      <div role="img" aria-label={summary} style={{ height: plot.height }}>
        <Suspense>
          <CurvesPlot {...plot} />
        </Suspense>
      </div>
    </figure>
  );
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
