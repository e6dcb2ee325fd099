import { useEffect, useRef } from "react";
import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { inkOf, sized } from "./canvas.ts";
import { cellAt, cellRect, heatmapSize, moveCell } from "./heatmapGeometry.ts";
import type { HeatmapCell, HeatmapGeometry } from "./heatmapGeometry.ts";
import { layoutMatrix, matrixImage, numberedColumns } from "./matrixGeometry.ts";
import type { MatrixData } from "./matrixGeometry.ts";
import { paintCells, paintCursor } from "./paintHeatmap.ts";
import type { HeatmapInk } from "./paintHeatmap.ts";
import "./heatmap.css";

export interface StateMatrixProps {
  readonly data: MatrixData;
  readonly label: string;
  readonly roleDescription: string;
  /** The cell that is read out; null for none. */
  readonly cell: MatrixCell | null;
  readonly onCell: (cell: MatrixCell | null) => void;
}

export type MatrixCell = Pick<HeatmapCell, "row" | "column">;

const GUTTER_WIDTH = 40;

/**
 * States on a 2-D canvas, those that are bad with a mark of their own where there is room; hover, touch and arrow keys move the cursor.
 * Canvases do not follow the stylesheet: mount it anew, by its key, for another theme.
 */
export function StateMatrix({ data, label, roleDescription, cell, onCell }: StateMatrixProps): ReactNode {
  const frameRef = useRef<HTMLDivElement>(null);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const gutterRef = useRef<HTMLCanvasElement>(null);
  const geometryRef = useRef<HeatmapGeometry | null>(null);

  useEffect(() => {
    const [frame, canvas, gutter] = [frameRef.current, canvasRef.current, gutterRef.current];
    if (!frame || !canvas || !gutter) return;
    const draw = (): void => {
      const geometry = layoutMatrix(data, frame.clientWidth);
      geometryRef.current = geometry;
      const { width, height } = heatmapSize(geometry);
      const ink = inkOf(canvas);
      paintRowLabels(sized(gutter, GUTTER_WIDTH, height), geometry, data, ink);
      const context = sized(canvas, width, height);
      paintCells(context, geometry, imageOf(data, canvas));
      paintGrid(context, geometry, data, canvas);
      paintNumbers(context, geometry, ink);
      if (cell && cell.column < data.columns && cell.row < data.rows) paintCursor(context, geometry, { ...cell, group: 0 }, ink);
    };
    const resizing = new ResizeObserver(draw);
    resizing.observe(frame);
    return () => resizing.disconnect();
  }, [data, cell]);

  const point = ({ nativeEvent }: PointerEvent): void => {
    const found = geometryRef.current && cellAt(geometryRef.current, nativeEvent.offsetX, nativeEvent.offsetY);
    if (found && (found.column !== cell?.column || found.row !== cell.row)) onCell(found);
  };
  const press = (event: KeyboardEvent): void => {
    const geometry = geometryRef.current;
    if (!geometry || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") return onCell(null);
    const next = moveCell(geometry, { ...(cell ?? firstCell(data)), group: 0 }, event.key);
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
          onFocus={() => cell ?? onCell(firstCell(data))}
          onKeyDown={press}
        />
      </div>
    </div>
  );
}

/** The newest row, where it begins. */
const firstCell = ({ rows }: MatrixData): MatrixCell => ({ column: 0, row: rows - 1 });

function imageOf(data: MatrixData, canvas: HTMLCanvasElement): HTMLCanvasElement {
  const cells = document.createElement("canvas");
  cells.width = data.columns;
  cells.height = data.rows;
  const context = cells.getContext("2d");
  if (!context) throw new Error("This browser gave no 2-D canvas context.");
  const image = context.createImageData(cells.width, cells.height);
  matrixImage(data, [[0, 0, 0, 0], rgbOf(canvas, "--holds"), rgbOf(canvas, "--lost")], image);
  context.putImageData(image, 0, 0);
  return cells;
}

/** #rrggbb of the stylesheet as bytes. */
function rgbOf(element: Element, name: string): number[] {
  const hex = getComputedStyle(element).getPropertyValue(name).trim().slice(1);
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).concat(255);
}

/** Below this side a cell has no room for a gap or a mark. */
const ROOMY = 6;

function paintGrid(context: CanvasRenderingContext2D, geometry: HeatmapGeometry, data: MatrixData, canvas: HTMLCanvasElement): void {
  const { cellWidth, cellHeight, columns, rowsPerGroup } = geometry;
  const panel = getComputedStyle(canvas).getPropertyValue("--panel").trim();
  context.fillStyle = panel;
  for (let row = 1; row < rowsPerGroup; row++)
    context.fillRect(0, cellRect(geometry, { column: 0, group: 0, row }).y, columns * cellWidth + 2, 1);
  if (cellWidth < ROOMY) return;
  const { y: top } = cellRect(geometry, { column: 0, group: 0, row: 0 });
  for (let column = 1; column < columns; column++) context.fillRect(1 + column * cellWidth, top, 1, rowsPerGroup * cellHeight);
  for (const [index, state] of data.states.entries()) {
    if (state !== 2) continue;
    const { x, y, width, height } = cellRect(geometry, { column: index % columns, group: 0, row: Math.floor(index / columns) });
    const side = Math.min(6, width - 3);
    context.fillRect(x + (width + 1 - side) / 2, y + height / 2 - 0.5, side, 2);
  }
}

/** The newest row has its label, and as many above it as there is room for. */
function paintRowLabels(context: CanvasRenderingContext2D, geometry: HeatmapGeometry, { rowLabels }: MatrixData, ink: HeatmapInk): void {
  context.font = ink.font;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.fillStyle = ink.text;
  const stride = Math.ceil(13 / geometry.cellHeight);
  for (let row = rowLabels.length - 1; row >= 0; row -= stride) {
    const { y, height } = cellRect(geometry, { column: 0, group: 0, row });
    context.fillText(rowLabels[row] ?? "", GUTTER_WIDTH - 6, y + height / 2);
  }
}

function paintNumbers(context: CanvasRenderingContext2D, geometry: HeatmapGeometry, ink: HeatmapInk): void {
  const { y, height } = cellRect(geometry, { column: 0, group: 0, row: geometry.rowsPerGroup - 1 });
  context.font = ink.font;
  context.textBaseline = "middle";
  context.fillStyle = ink.faint;
  for (const column of numberedColumns(geometry.columns, geometry.cellWidth)) {
    const centre = 1 + (column + 0.5) * geometry.cellWidth;
    context.textAlign = column === 0 && geometry.cellWidth < 12 ? "left" : "center";
    context.fillText(String(column + 1), column === 0 && geometry.cellWidth < 12 ? 1 : centre, y + height + 12);
  }
}
