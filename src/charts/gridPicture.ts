import type { GridInk } from "./canvas.ts";
import type { HeatmapCell, HeatmapGeometry, HeatmapShape } from "./heatmapGeometry.ts";
import type { Pen } from "./pen.ts";

/** Columns in sight: from the first, up to but without the last. */
export interface Seen {
  readonly from: number;
  readonly to: number;
}

/** A grid of coloured cells, with what stands on and beside it. CellGrid draws it, gridSvg writes it. */
export interface GridPicture extends HeatmapShape {
  /** While it is the same object, columns that were painted before are as they were. */
  readonly origin: object;
  /** @param width room for the columns */
  layout(width: number): HeatmapGeometry;
  /** Colours the columns from `from` to `to` of an image with a pixel a cell, as `packed` has them. @param stride pixels of a line */
  fill(pixels: Uint32Array, stride: number, geometry: HeatmapGeometry, columns: Seen, ink: GridInk): void;
  /** What stands over and under the cells. */
  paintOver(pen: Pen, geometry: HeatmapGeometry, ink: GridInk, seen: Seen): void;
  /** What stands left of them, `gutterWidth` wide. */
  paintGutter(pen: Pen, geometry: HeatmapGeometry, ink: GridInk): void;
  readonly gutterWidth: number;
  /** Another where that is to be painted anew. */
  readonly gutterKey: string;
  /** Where the cursor begins. */
  readonly start: HeatmapCell;
}

/** Where pictures come from: read when a frame is drawn, not when it changes. */
export interface GridSource {
  read(): GridPicture | null;
  subscribe(listener: () => void): () => void;
}

/** A colour as a canvas keeps it: machines with WebGPU have their low byte first. */
export function packed(red: number, green: number, blue: number, opacity = 255): number {
  return ((opacity << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** A label short enough for its room. */
export function fitted(pen: Pick<Pen, "measure">, label: string, width: number): string {
  if (pen.measure(label) <= width) return label;
  let kept = [...label];
  while (kept.length > 1 && pen.measure(`${kept.join("")}…`) > width) kept = kept.slice(0, -1);
  return `${kept.join("")}…`;
}
