import { useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { markPath } from "./marks.ts";
import { useWidth } from "./useWidth.ts";
import "./pointMap.css";

export interface MapPoint {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  /** Gives the point its hue and its shape; null for the one that stands out. */
  readonly kind: number | null;
}

export interface MapArea {
  readonly kind: number;
  readonly corners: readonly { readonly x: number; readonly y: number }[];
}

export interface PointMapProps {
  readonly points: readonly MapPoint[];
  readonly areas: readonly MapArea[];
  /** Maps both axes into a picture of this size, in CSS pixels. */
  readonly fit: (
    width: number,
    height: number,
  ) => (point: { readonly x: number; readonly y: number }) => { readonly x: number; readonly y: number };
  readonly label: string;
  readonly axes: readonly [string, string];
  /** The point that is read out, by its key; null for none. */
  readonly chosen: string | null;
  readonly onChoose: (key: string | null) => void;
  readonly height: number;
}

const HUES = 6;
const hue = (kind: number): string => `var(--series-${(kind % HUES) + 1})`;

/** Points in a plane, told apart by hue and shape; arrow keys go from one to the next. */
export function PointMap({ points, areas, fit, label, axes, chosen, onChoose, height }: PointMapProps): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  const width = useWidth(ref);
  const place = fit(Math.max(1, width), height);
  const press = (event: KeyboardEvent): void => {
    const at = points.findIndex(({ key }) => key === chosen);
    const last = points.length - 1;
    const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
    if (next === undefined || points.length === 0) return;
    event.preventDefault();
    onChoose(points[Math.min(last, Math.max(0, next))]?.key ?? null);
  };
  return (
    <div ref={ref} className="point-map">
      {width > 0 && (
        <svg
          width={width}
          height={height}
          role="application"
          aria-label={label}
          tabIndex={0}
          onKeyDown={press}
          onFocus={() => chosen ?? onChoose(points.at(-1)?.key ?? null)}
        >
          <line className="point-map-axis" x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} />
          <line className="point-map-axis" x1="0.5" x2="0.5" y1="0" y2={height} />
          <text className="point-map-label" x={width - 4} y={height - 6} textAnchor="end">
            {axes[0]}
          </text>
          <text className="point-map-label" x="6" y="13">
            {axes[1]}
          </text>
          {areas.map(({ kind, corners }) => (
            <path key={kind} className="point-map-area" d={areaPath(corners.map(place))} style={{ fill: hue(kind), stroke: hue(kind) }} />
          ))}
          {points.map(({ key, x, y, kind }) => {
            const at = place({ x, y });
            return (
              <g
                key={key}
                className="point-map-point"
                data-chosen={key === chosen || undefined}
                transform={`translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`}
                onPointerEnter={() => onChoose(key)}
              >
                <circle className="point-map-reach" r="11" />
                {kind === null ? (
                  <path className="point-map-own" d={markPath("ring", 8)} />
                ) : (
                  <path className="point-map-mark" d={markPath(kind, 5.5)} style={{ fill: hue(kind) }} />
                )}
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}

const areaPath = (corners: readonly { readonly x: number; readonly y: number }[]): string =>
  corners
    .map(({ x, y }, i) => `${i === 0 ? "M" : "L"} ${x.toFixed(1)} ${y.toFixed(1)}`)
    .join(" ")
    .concat(corners.length > 2 ? " Z" : "");

/** A point's mark beside its name. */
export function PointMark({ kind }: { readonly kind: number | null }): ReactNode {
  return (
    <svg className="point-mark" width="16" height="14" viewBox="-8 -7 16 14" aria-hidden="true">
      {kind === null ? (
        <path className="point-map-own" d={markPath("ring", 5)} />
      ) : (
        <path d={markPath(kind, 5)} style={{ fill: hue(kind) }} />
      )}
    </svg>
  );
}
