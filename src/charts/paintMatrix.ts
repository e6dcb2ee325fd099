import type { GridInk } from "./canvas.ts";
import { fitted, packed } from "./gridPicture.ts";
import type { GridPicture, Seen } from "./gridPicture.ts";
import { cellRect } from "./heatmapGeometry.ts";
import type { HeatmapGeometry } from "./heatmapGeometry.ts";
import { fillMatrix, layoutMatrix, numberedColumns } from "./matrixGeometry.ts";
import type { MatrixData } from "./matrixGeometry.ts";
import type { Pen } from "./pen.ts";

/** How a state looks. */
export interface StateLook {
  /** A colour of the stylesheet, `#rrggbb` there; null for none. */
  readonly colour: string | null;
  /** dash: a line across; frame: an outline in the colour named. Both where there is room. */
  readonly sign?: "dash" | { readonly frame: string };
}

export interface MatrixLook {
  /** By the number of the state. */
  readonly states: readonly StateLook[];
  readonly gutterWidth: number;
  readonly leastHeight?: number;
  /** Columns of a group; groups are set apart by a line. */
  readonly grouped?: { readonly size: number; readonly labels: readonly string[] };
  /** The row in which the cursor begins. */
  readonly startRow: number;
}

/** Below this side a cell has no room for a gap or a sign. CSS pixels. */
const ROOMY = 6;

/** A picture that does not grow: another one has another origin. */
export function matrixPicture(data: MatrixData, look: MatrixLook): GridPicture {
  const { columns, rows } = data;
  return {
    columns,
    groups: 1,
    rowsPerGroup: rows,
    origin: data,
    gutterWidth: look.gutterWidth,
    gutterKey: data.rowLabels.join("|"),
    start: { column: 0, group: 0, row: look.startRow },
    layout: (width) => layoutMatrix(data, width, look.leastHeight),
    fill: (pixels, stride, _geometry, seen, ink) =>
      fillMatrix(
        data,
        Uint32Array.from(look.states, ({ colour }) => packedColour(colour, ink)),
        pixels,
        stride,
        seen,
      ),
    paintOver(pen, geometry, ink, seen) {
      paintLines(pen, geometry, ink, seen, look);
      paintSigns(pen, geometry, ink, seen, data, look);
      if (look.grouped) paintGroupLabels(pen, geometry, ink, look.grouped);
      else paintNumbers(pen, geometry, ink, seen);
    },
    paintGutter: (pen, geometry, ink) => paintRowLabels(pen, geometry, ink, data, look),
  };
}

function packedColour(name: string | null, ink: GridInk): number {
  if (name === null) return 0;
  const hex = Number.parseInt(ink.named(name).slice(1), 16);
  return packed(hex >> 16, (hex >> 8) & 255, hex & 255);
}

/** Thin lines between cells, of the colour of what is behind them; broader ones between groups. */
function paintLines(pen: Pen, geometry: HeatmapGeometry, ink: GridInk, { from, to }: Seen, { grouped }: MatrixLook): void {
  const { cellWidth, cellHeight, rowsPerGroup } = geometry;
  const { x: left, y: top } = cellRect(geometry, { column: from, group: 0, row: 0 });
  for (let row = 1; row < rowsPerGroup; row++) pen.rect(left, top + row * cellHeight, (to - from) * cellWidth + 1, 1, ink.panel);
  for (let column = Math.max(1, from); column < to; column++) {
    const between = grouped !== undefined && column % grouped.size === 0;
    const width = between ? Math.max(2, Math.min(5, cellWidth / 3)) : 1;
    if (between || cellWidth >= ROOMY) pen.rect(1 + column * cellWidth, top, width, rowsPerGroup * cellHeight, ink.panel);
  }
}

function paintSigns(pen: Pen, geometry: HeatmapGeometry, ink: GridInk, { from, to }: Seen, data: MatrixData, { states }: MatrixLook): void {
  if (geometry.cellWidth < ROOMY || states.every(({ sign }) => sign === undefined)) return;
  for (let row = 0; row < data.rows; row++) {
    for (let column = from; column < to; column++) {
      const sign = states[data.states[row * data.columns + column] ?? 0]?.sign;
      if (sign === undefined) continue;
      const { x, y, width, height } = cellRect(geometry, { column, group: 0, row });
      const side = Math.min(6, width - 3);
      if (sign === "dash") pen.rect(x + (width + 1 - side) / 2, y + height / 2 - 0.5, side, 2, ink.panel);
      else pen.outline(x + 2, y + 2, width - 3, height - 3, ink.named(sign.frame), 1.5);
    }
  }
}

/** The cursor's row has its label, and as many others as there is room for. */
function paintRowLabels(pen: Pen, geometry: HeatmapGeometry, ink: GridInk, { rowLabels }: MatrixData, look: MatrixLook): void {
  const stride = Math.ceil(13 / geometry.cellHeight);
  for (const [row, label] of rowLabels.entries()) {
    if ((row - look.startRow) % stride !== 0) continue;
    const { y, height } = cellRect(geometry, { column: 0, group: 0, row });
    pen.text(fitted(pen, label, look.gutterWidth - 6), look.gutterWidth - 6, y + height / 2, { fill: ink.text, align: "right" });
  }
}

const below = (geometry: HeatmapGeometry): number => geometry.top + geometry.rowsPerGroup * geometry.cellHeight + 12;

function paintNumbers(pen: Pen, geometry: HeatmapGeometry, ink: GridInk, { from, to }: Seen): void {
  for (const column of numberedColumns(geometry.columns, geometry.cellWidth)) {
    if (column < from || column >= to) continue;
    const atEdge = column === 0 && geometry.cellWidth < 12;
    const x = atEdge ? 1 : 1 + (column + 0.5) * geometry.cellWidth;
    pen.text(String(column + 1), x, below(geometry), { fill: ink.faint, align: atEdge ? "left" : "center" });
  }
}

function paintGroupLabels(pen: Pen, geometry: HeatmapGeometry, ink: GridInk, { size, labels }: NonNullable<MatrixLook["grouped"]>): void {
  const width = size * geometry.cellWidth;
  const every = Math.max(1, Math.ceil(40 / width));
  for (let group = 0; group < labels.length; group += every) {
    const label = fitted(pen, labels[group] ?? "", width * every - 4);
    pen.text(label, 1 + (group + 0.5) * width, below(geometry), { fill: ink.faint, align: "center" });
  }
}
