import { useEffect, useMemo, useRef } from "react";
import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { inkOf, sized } from "./canvas.ts";
import { sequentialScale } from "./colourScale.ts";
import type { ScaleTheme } from "./colourScale.ts";
import { cellAt, cellRect, heatmapSize, layoutHeatmap, moveCell } from "./heatmapGeometry.ts";
import type { HeatmapCell, HeatmapGeometry } from "./heatmapGeometry.ts";
import { heatmapImage, paintCells, paintColumnLabels, paintCursor, paintEmphasis, paintGutter, paintMarks } from "./paintHeatmap.ts";
import type { HeatmapData } from "./paintHeatmap.ts";
import "./heatmap.css";

/** Where the picture comes from: read when a frame is drawn, not when it changes. */
export interface HeatmapSource {
  read(): HeatmapData | null;
  subscribe(listener: () => void): () => void;
}

export interface HeatmapProps {
  readonly source: HeatmapSource;
  readonly theme: ScaleTheme;
  readonly label: string;
  readonly roleDescription: string;
  /** Captions over the outlined column and over the columns behind it. */
  readonly captions: { readonly emphasis: string; readonly after: string };
  /** The cell whose numbers are read out; null for none. */
  readonly cell: HeatmapCell | null;
  readonly onCell: (cell: HeatmapCell | null) => void;
  readonly height: number;
}

const GUTTER_WIDTH = 76;

/** Columns × groups × rows on a 2-D canvas; hover, touch and arrow keys move the cursor. Draws at most once a frame. */
export function Heatmap({ source, theme, label, roleDescription, captions, cell, onCell, height }: HeatmapProps): ReactNode {
  const frameRef = useRef<HTMLDivElement>(null);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const gutterRef = useRef<HTMLCanvasElement>(null);
  const geometryRef = useRef<HeatmapGeometry | null>(null);
  const colours = useMemo(() => sequentialScale(theme), [theme]);

  useEffect(() => {
    const [frame, canvas, gutter] = [frameRef.current, canvasRef.current, gutterRef.current];
    if (!frame || !canvas || !gutter) return;
    const cells = document.createElement("canvas");
    let scheduled = 0;
    let columnsShown = 0;
    const draw = (): void => {
      scheduled = 0;
      const data = source.read();
      if (!data || data.columns === 0) {
        geometryRef.current = null;
        sized(canvas, 1, height);
        sized(gutter, GUTTER_WIDTH, height);
        return;
      }
      const geometry = layoutHeatmap(data, frame.clientWidth, height);
      geometryRef.current = geometry;
      const size = heatmapSize(geometry);
      const ink = inkOf(canvas);
      paintGutter(sized(gutter, GUTTER_WIDTH, Math.max(height, size.height)), geometry, data, ink, GUTTER_WIDTH);
      const context = sized(canvas, size.width, Math.max(height, size.height));
      paintCells(context, geometry, imageOf(cells, data, colours));
      paintMarks(context, geometry, data, colours);
      paintColumnLabels(context, geometry, data, ink);
      paintEmphasis(context, geometry, data, ink, captions);
      if (cell && cell.column < data.columns) paintCursor(context, geometry, cell, ink);
      // A growing picture is followed to its newest column.
      if (data.columns > columnsShown && columnsShown > 0) frame.scrollLeft = frame.scrollWidth;
      columnsShown = data.columns;
    };
    const schedule = (): void => {
      scheduled ||= requestAnimationFrame(draw);
    };
    const resizing = new ResizeObserver(schedule);
    resizing.observe(frame);
    const unsubscribe = source.subscribe(schedule);
    schedule();
    return () => {
      cancelAnimationFrame(scheduled);
      resizing.disconnect();
      unsubscribe();
    };
  }, [source, colours, captions, cell, height]);

  const point = ({ nativeEvent }: PointerEvent): void => {
    const found = geometryRef.current && cellAt(geometryRef.current, nativeEvent.offsetX, nativeEvent.offsetY);
    if (found && !sameCell(found, cell)) onCell(found);
  };

  const press = (event: KeyboardEvent): void => {
    const geometry = geometryRef.current;
    if (!geometry || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") return onCell(null);
    const from = cell ?? { column: source.read()?.emphasis ?? 0, group: 0, row: 0 };
    const next = moveCell(geometry, { ...from, column: Math.min(from.column, geometry.columns - 1) }, event.key);
    if (!next) return;
    event.preventDefault();
    const { x, width } = cellRect(geometry, next);
    const frame = frameRef.current;
    if (frame) frame.scrollLeft = Math.min(x, Math.max(frame.scrollLeft, x + width - frame.clientWidth));
    onCell(next);
  };

  return (
    <div className="heatmap">
      <canvas ref={gutterRef} className="heatmap-gutter" aria-hidden="true" />
      <div ref={frameRef} className="heatmap-frame">
        <canvas
          ref={canvasRef}
          className="heatmap-canvas"
          tabIndex={0}
          role="application"
          aria-label={label}
          aria-roledescription={roleDescription}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={(event) => event.pointerType === "mouse" && document.activeElement !== canvasRef.current && onCell(null)}
          onFocus={() => cell ?? onCell({ column: source.read()?.emphasis ?? 0, group: 0, row: 0 })}
          onKeyDown={press}
        />
      </div>
    </div>
  );
}

function imageOf(cells: HTMLCanvasElement, data: HeatmapData, colours: Uint8ClampedArray): HTMLCanvasElement {
  cells.width = data.columns;
  cells.height = data.groups * data.rowsPerGroup;
  const context = cells.getContext("2d");
  if (!context) throw new Error("This browser gave no 2-D canvas context.");
  const image = context.createImageData(cells.width, cells.height);
  heatmapImage(data, colours, image);
  context.putImageData(image, 0, 0);
  return cells;
}

function sameCell(a: HeatmapCell, b: HeatmapCell | null): boolean {
  return b !== null && a.column === b.column && a.group === b.group && a.row === b.row;
}
