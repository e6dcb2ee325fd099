/** Columns side by side; rows in groups with a gap between groups. All lengths in CSS pixels. */
export interface HeatmapShape {
  readonly columns: number;
  readonly groups: number;
  readonly rowsPerGroup: number;
}

export interface HeatmapGeometry extends HeatmapShape {
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Lines without cells between two groups, each as tall as a cell. */
  readonly gapLines: number;
  /** Space above the cells for the mark of the outlined column. */
  readonly top: number;
  /** Space under the cells for column labels. */
  readonly bottom: number;
  /** Labels stand upright when a column is too narrow for them. */
  readonly uprightLabels: boolean;
}

export interface HeatmapCell {
  readonly column: number;
  readonly group: number;
  readonly row: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Columns this narrow have room for a label; narrower ones are for pictures that are to be seen whole. */
const LABELLED_WIDTH = 17;
const NARROWEST = 1;
const MAX_CELL_WIDTH = 84;
/** Rows this thin can still be told apart and pointed at; thinner ones are for pictures that would be taller than a screen. */
const MIN_CELL_HEIGHT = 3;
const MAX_CELL_HEIGHT = 20;
const MOST_HEIGHT = 640;
/** Below this width a label has no room to lie flat. */
const FLAT_LABEL_WIDTH = 40;

/** @param whole all columns in the width, however narrow: labels stand where there is room */
export function layoutHeatmap(shape: HeatmapShape, width: number, height: number, whole = false): HeatmapGeometry {
  const columns = Math.max(1, shape.columns);
  const narrowest = whole ? NARROWEST : LABELLED_WIDTH;
  const cellWidth = Math.floor(Math.min(MAX_CELL_WIDTH, Math.max(narrowest, (width - 2) / columns)));
  const uprightLabels = cellWidth < FLAT_LABEL_WIDTH;
  const top = 18;
  const bottom = uprightLabels ? 64 : 22;
  const rowHeight = (room: number): number => Math.floor((room - top - bottom) / imageLines({ ...shape, gapLines: 1 }));
  const thinnest = Math.min(MIN_CELL_HEIGHT, Math.max(1, rowHeight(MOST_HEIGHT)));
  const cellHeight = Math.max(thinnest, Math.min(MAX_CELL_HEIGHT, rowHeight(height)));
  // Of the shape its lengths alone: callers hand in all their data, and what is drawn compares geometries with each frame.
  const lengths = { columns: shape.columns, groups: shape.groups, rowsPerGroup: shape.rowsPerGroup };
  return { ...lengths, cellWidth, cellHeight, gapLines: Math.max(1, 4 - cellHeight), top, bottom, uprightLabels };
}

/** Lines of an image with a pixel a cell, those between groups included. */
export function imageLines({ groups, rowsPerGroup, gapLines }: HeatmapShape & Pick<HeatmapGeometry, "gapLines">): number {
  return Math.max(1, groups * (rowsPerGroup + gapLines) - gapLines);
}

export function heatmapSize(geometry: HeatmapGeometry): Pick<Rect, "width" | "height"> {
  const { columns, cellWidth, cellHeight, top, bottom } = geometry;
  return { width: columns * cellWidth + 2, height: top + imageLines(geometry) * cellHeight + bottom };
}

/** The block of one group over all columns. */
export function groupRect(geometry: HeatmapGeometry, group: number): Rect {
  const { columns, rowsPerGroup, cellWidth, cellHeight, gapLines, top } = geometry;
  return { x: 1, y: top + group * (rowsPerGroup + gapLines) * cellHeight, width: columns * cellWidth, height: rowsPerGroup * cellHeight };
}

export function cellRect(geometry: HeatmapGeometry, { column, group, row }: HeatmapCell): Rect {
  const { cellWidth, cellHeight } = geometry;
  const block = groupRect(geometry, group);
  return { x: block.x + column * cellWidth, y: block.y + row * cellHeight, width: cellWidth, height: cellHeight };
}

/** The cell under a point; null in gaps and margins. */
export function cellAt(geometry: HeatmapGeometry, x: number, y: number): HeatmapCell | null {
  const { columns, groups, rowsPerGroup, cellWidth, cellHeight, gapLines, top } = geometry;
  const column = Math.floor((x - 1) / cellWidth);
  const line = Math.floor((y - top) / cellHeight);
  const group = Math.floor(line / (rowsPerGroup + gapLines));
  const row = line - group * (rowsPerGroup + gapLines);
  const inside = column >= 0 && column < columns && group >= 0 && group < groups && row < rowsPerGroup;
  return inside ? { column, group, row } : null;
}

/** The columns between two places, as far as there are any. @param to beyond the last */
export function columnsBetween({ columns, cellWidth }: HeatmapGeometry, left: number, right: number): { from: number; to: number } {
  const from = Math.max(0, Math.min(columns, Math.floor((left - 1) / cellWidth)));
  return { from, to: Math.max(from, Math.min(columns, Math.ceil((right - 1) / cellWidth))) };
}

/** The cell a key leads to; null for keys that mean nothing here. Rows continue from group to group. */
export function moveCell(shape: HeatmapShape, cell: HeatmapCell, key: string): HeatmapCell | null {
  const { columns, groups, rowsPerGroup } = shape;
  const line = cell.group * rowsPerGroup + cell.row;
  const onLine = (next: number): HeatmapCell => {
    const clamped = Math.min(groups * rowsPerGroup - 1, Math.max(0, next));
    return { column: cell.column, group: Math.floor(clamped / rowsPerGroup), row: clamped % rowsPerGroup };
  };
  switch (key) {
    case "ArrowLeft":
      return { ...cell, column: Math.max(0, cell.column - 1) };
    case "ArrowRight":
      return { ...cell, column: Math.min(columns - 1, cell.column + 1) };
    case "ArrowUp":
      return onLine(line - 1);
    case "ArrowDown":
      return onLine(line + 1);
    case "Home":
      return { ...cell, column: 0 };
    case "End":
      return { ...cell, column: columns - 1 };
    case "PageUp":
      return onLine(line - rowsPerGroup);
    case "PageDown":
      return onLine(line + rowsPerGroup);
    default:
      return null;
  }
}

/** Position of a cell in row-major (column, group, row) data. */
export function cellIndex({ groups, rowsPerGroup }: HeatmapShape, { column, group, row }: HeatmapCell): number {
  return (column * groups + group) * rowsPerGroup + row;
}
