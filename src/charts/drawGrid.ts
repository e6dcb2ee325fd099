import { inkOf, sized } from "./canvas.ts";
import { createCellImage } from "./cellImage.ts";
import type { GridSource } from "./gridPicture.ts";
import { cellRect, columnsBetween, heatmapSize, imageLines } from "./heatmapGeometry.ts";
import type { HeatmapCell, HeatmapGeometry } from "./heatmapGeometry.ts";
import { canvasPen } from "./pen.ts";
import type { Pen } from "./pen.ts";

/** A grid that is being drawn. */
export interface GridDrawing {
  /** Of the last frame; null while there is nothing to draw. */
  readonly geometry: HeatmapGeometry | null;
  /** Draws with the next frame. */
  schedule(): void;
  stop(): void;
}

/** CSS pixels. */
const OVER_STEP = 256;

/** The elements of CellGrid. */
function partsOf(root: HTMLElement) {
  const find = <T extends Element>(selector: string): T => {
    const found = root.querySelector<T>(selector);
    if (!found) throw new Error(`A grid lacks its ${selector}.`);
    return found;
  };
  return {
    frame: find<HTMLElement>(".heatmap-frame"),
    content: find<HTMLElement>(".heatmap-content"),
    clip: find<HTMLElement>(".heatmap-cells"),
    cells: find<HTMLCanvasElement>(".heatmap-canvas"),
    over: find<HTMLCanvasElement>(".heatmap-over"),
    gutter: find<HTMLCanvasElement>(".heatmap-gutter"),
  };
}

/** Follows a source: one frame for all that changed since the last. @param cursor the cell that is outlined, asked for at each frame */
export function drawGrid(root: HTMLElement, source: GridSource, cursor: () => HeatmapCell | null): GridDrawing {
  const parts = partsOf(root);
  const { frame, over, gutter } = parts;
  const ink = inkOf(root);
  const image = createCellImage(parts.cells);
  let geometry: HeatmapGeometry | null = null;
  let shaped = "";
  let lettered = "";
  let scheduled = 0;
  let room = frame.clientWidth;

  const draw = (): void => {
    scheduled = 0;
    const picture = source.read();
    const before = geometry;
    geometry = picture && picture.columns > 0 ? picture.layout(room) : null;
    parts.content.hidden = geometry === null;
    if (!picture || !geometry) return;
    const { width, height } = heatmapSize(geometry);
    image.paint(picture, geometry, ink);
    const shape = JSON.stringify([geometry, image.columns]);
    if (shape !== shaped) placeCells(parts, geometry, image.columns, { width, height });
    shaped = shape;
    const { groups, rowsPerGroup, cellHeight } = geometry;
    const rows = JSON.stringify([height, groups, rowsPerGroup, cellHeight, picture.gutterKey]);
    if (rows !== lettered) picture.paintGutter(canvasPen(sized(gutter, picture.gutterWidth, height), ink.font), geometry, ink);
    lettered = rows;
    // A growing picture is followed to its newest column.
    if (before && geometry.columns > before.columns) frame.scrollLeft = width;
    const left = frame.scrollLeft;
    // In steps: a canvas that grew with each column would be a new one each time.
    const context = sized(over, Math.min(Math.ceil(width / OVER_STEP) * OVER_STEP, room), height);
    context.translate(-left, 0);
    const pen = canvasPen(context, ink.font);
    picture.paintOver(pen, geometry, ink, columnsBetween(geometry, left, left + room));
    const cell = cursor();
    if (cell && cell.column < geometry.columns) paintCursor(pen, geometry, cell, ink.focus);
  };
  const schedule = (): void => {
    scheduled ||= requestAnimationFrame(draw);
  };
  const resizing = new ResizeObserver(() => {
    room = frame.clientWidth;
    schedule();
  });
  resizing.observe(frame);
  frame.addEventListener("scroll", schedule, { passive: true });
  const unsubscribe = source.subscribe(schedule);
  schedule();
  return {
    get geometry() {
      return geometry;
    },
    schedule,
    stop() {
      cancelAnimationFrame(scheduled);
      resizing.disconnect();
      frame.removeEventListener("scroll", schedule);
      unsubscribe();
    },
  };
}

/** Sizes by the stylesheet: a pixel of the image becomes a cell. */
function placeCells(
  { content, clip, cells }: ReturnType<typeof partsOf>,
  geometry: HeatmapGeometry,
  columns: number,
  size: { readonly width: number; readonly height: number },
): void {
  const height = imageLines(geometry) * geometry.cellHeight;
  const lengths = (element: HTMLElement, width: number, tall: number): void => {
    element.style.width = `${width}px`;
    element.style.height = `${tall}px`;
  };
  lengths(content, size.width, size.height);
  lengths(clip, geometry.columns * geometry.cellWidth, height);
  lengths(cells, columns * geometry.cellWidth, height);
  clip.style.top = `${geometry.top}px`;
}

function paintCursor(pen: Pen, geometry: HeatmapGeometry, cell: HeatmapCell, colour: string): void {
  const { x, y, width, height } = cellRect(geometry, cell);
  pen.outline(x - 0.5, y - 0.5, width + 1, height + 1, colour, 1);
  if (Math.min(width, height) > 6) pen.outline(x + 1.5, y + 1.5, width - 3, height - 3, colour, 1);
  // A cell of a few pixels alone would hardly be found.
  else pen.outline(x - 3.5, y - 3.5, width + 7, height + 7, colour, 1.5);
}
