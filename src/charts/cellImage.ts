import { contextOf } from "./canvas.ts";
import type { GridInk } from "./canvas.ts";
import type { GridPicture } from "./gridPicture.ts";
import { imageLines } from "./heatmapGeometry.ts";
import type { HeatmapGeometry } from "./heatmapGeometry.ts";

/** Columns that a growing picture gets room for at once. */
const ROOM = 64;

/** Paints cells on a canvas, a pixel each. */
export interface CellImage {
  /** Paints the columns that are new since the last picture, or all where it is another. */
  paint(picture: GridPicture, geometry: HeatmapGeometry, ink: GridInk): void;
  /** Columns that the canvas has room for. */
  readonly columns: number;
}

export function createCellImage(canvas: HTMLCanvasElement): CellImage {
  const context = contextOf(canvas);
  let painted: { readonly origin: object; readonly columns: number; readonly gapLines: number; readonly image: ImageData } | undefined;
  return {
    paint(picture, geometry, ink) {
      const { origin, columns } = picture;
      const { gapLines } = geometry;
      const lines = imageLines(geometry);
      const goesOn = painted?.origin === origin && painted.gapLines === gapLines && painted.image.height === lines;
      const fits = goesOn && painted !== undefined && columns >= painted.columns && columns <= painted.image.width;
      const from = fits ? (painted?.columns ?? 0) : 0;
      const room = Math.ceil(columns / ROOM) * ROOM;
      let image = painted?.image;
      if (!fits || !image) {
        // One of the same size is filled again rather than made anew.
        if (image?.width !== room || image.height !== lines) image = new ImageData(room, lines);
        else image.data.fill(0);
        if (canvas.width !== room || canvas.height !== lines) [canvas.width, canvas.height] = [room, lines];
      }
      painted = { origin, columns, gapLines, image };
      if (from === columns) return;
      picture.fill(new Uint32Array(image.data.buffer), image.width, geometry, { from, to: columns }, ink);
      const whole = !fits;
      context.putImageData(image, 0, 0, whole ? 0 : from, 0, whole ? image.width : columns - from, lines);
    },
    get columns() {
      return painted?.image.width ?? 0;
    },
  };
}
