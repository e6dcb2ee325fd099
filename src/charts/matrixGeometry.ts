import type { HeatmapGeometry } from "./heatmapGeometry.ts";

/** Rows by columns of states. */
export interface MatrixData {
  readonly columns: number;
  readonly rows: number;
  /** Row-major (rows, columns): 0 nothing, 1 good, 2 bad. */
  readonly states: Uint8Array;
  readonly rowLabels: readonly string[];
}

/** Above as many columns a cell may be a single pixel: the picture would be too wide for a canvas. */
const MANY_COLUMNS = 2000;
const PICTURE_HEIGHT = 180;

/** One group of cells that fills the width, and scrolls where its cells would be too thin to be told apart. CSS pixels. */
export function layoutMatrix({ columns, rows }: Pick<MatrixData, "columns" | "rows">, width: number): HeatmapGeometry {
  const narrowest = columns > MANY_COLUMNS ? 1 : 3;
  const cellWidth = Math.max(narrowest, Math.min(26, Math.floor((width - 2) / Math.max(1, columns))));
  const cellHeight = Math.max(7, Math.min(22, Math.floor(PICTURE_HEIGHT / Math.max(1, rows))));
  return { columns, groups: 1, rowsPerGroup: rows, cellWidth, cellHeight, groupGap: 0, top: 2, bottom: 20, uprightLabels: false };
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** Columns that are numbered, 0-based: the first, and round numbers with room between them. */
export function numberedColumns(columns: number, cellWidth: number): number[] {
  const room = 34;
  const step = STEPS.find((candidate) => candidate * cellWidth >= room) ?? 10_000;
  const round = Array.from({ length: Math.floor(columns / step) }, (_, i) => (i + 1) * step - 1);
  return [0, ...round.filter((column) => column * cellWidth >= room)];
}

/** One pixel a cell, in the colours of the states: (3, 4) bytes of red, green, blue and opacity. */
export function matrixImage({ columns, rows, states }: MatrixData, colours: readonly (readonly number[])[], image: ImageData): void {
  for (let cell = 0; cell < columns * rows; cell++) image.data.set(colours[states[cell] ?? 0] ?? [0, 0, 0, 0], cell * 4);
}
