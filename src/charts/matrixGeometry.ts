import type { HeatmapGeometry } from "./heatmapGeometry.ts";

/** Rows by columns of states. */
export interface MatrixData {
  readonly columns: number;
  readonly rows: number;
  /** Row-major (rows, columns), each a place in the list of looks. */
  readonly states: Uint8Array;
  readonly rowLabels: readonly string[];
}

/** Above as many columns a cell may be a single pixel: the picture would be too wide for a canvas. */
const MANY_COLUMNS = 2000;
const PICTURE_HEIGHT = 180;

/**
 * One group of cells that fills the width, and scrolls where its cells would be too thin to be told apart. CSS pixels.
 * @param leastHeight of a cell
 */
export function layoutMatrix({ columns, rows }: Pick<MatrixData, "columns" | "rows">, width: number, leastHeight = 7): HeatmapGeometry {
  const narrowest = columns > MANY_COLUMNS ? 1 : 3;
  const cellWidth = Math.max(narrowest, Math.min(26, Math.floor((width - 2) / Math.max(1, columns))));
  const cellHeight = Math.max(leastHeight, Math.min(22, Math.floor(PICTURE_HEIGHT / Math.max(1, rows))));
  return { columns, groups: 1, rowsPerGroup: rows, cellWidth, cellHeight, gapLines: 0, top: 2, bottom: 20, uprightLabels: false };
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** Columns that are numbered, 0-based: the first, and round numbers with room between them. */
export function numberedColumns(columns: number, cellWidth: number): number[] {
  const room = 34;
  const step = STEPS.find((candidate) => candidate * cellWidth >= room) ?? 10_000;
  const round = Array.from({ length: Math.floor(columns / step) }, (_, i) => (i + 1) * step - 1);
  return [0, ...round.filter((column) => column * cellWidth >= room)];
}

/** Writes the columns from `from` to `to` with a pixel a cell. @param colours as `packed` has them, a look each */
export function fillMatrix(
  { columns, rows, states }: MatrixData,
  colours: Uint32Array,
  pixels: Uint32Array,
  stride: number,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  for (let row = 0; row < rows; row++)
    for (let column = from; column < to; column++) pixels[row * stride + column] = colours[states[row * columns + column] ?? 0] ?? 0;
}
