/** Columns side by side; rows in groups with a gap between groups. All lengths in CSS pixels. */
export interface HeatmapShape {
  readonly columns: number;
  readonly groups: number;
  readonly rowsPerGroup: number;
}

export interface HeatmapGeometry extends HeatmapShape {
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly groupGap: number;
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

const MIN_CELL_WIDTH = 17;
const MAX_CELL_WIDTH = 84;
/** Rows this thin can still be told apart and pointed at; thinner ones are for pictures that would be taller than a screen. */
const MIN_CELL_HEIGHT = 3;
const MOST_HEIGHT = 640;
/** Below this width a label has no room to lie flat. */
const FLAT_LABEL_WIDTH = 40;

export function layoutHeatmap(shape: HeatmapShape, width: number, height: number): HeatmapGeometry {
  const columns = Math.max(1, shape.columns);
  const cellWidth = Math.floor(Math.min(MAX_CELL_WIDTH, Math.max(MIN_CELL_WIDTH, (width - 2) / columns)));
  const uprightLabels = cellWidth < FLAT_LABEL_WIDTH;
  const top = 18;
  const bottom = uprightLabels ? 64 : 22;
  const groupGap = shape.groups > 12 ? 3 : 7;
  const rows = Math.max(1, shape.groups * shape.rowsPerGroup);
  const rowHeight = (whole: number): number => Math.floor((whole - top - bottom - groupGap * (shape.groups - 1)) / rows);
  const thinnest = Math.min(MIN_CELL_HEIGHT, Math.max(1, rowHeight(MOST_HEIGHT)));
  const cellHeight = Math.max(thinnest, Math.min(20, rowHeight(height)));
  return { ...shape, cellWidth, cellHeight, groupGap, top, bottom, uprightLabels };
}

export function heatmapSize({
  columns,
  groups,
  rowsPerGroup,
  cellWidth,
  cellHeight,
  groupGap,
  top,
  bottom,
}: HeatmapGeometry): Pick<Rect, "width" | "height"> {
  return { width: columns * cellWidth + 2, height: top + groups * rowsPerGroup * cellHeight + Math.max(0, groups - 1) * groupGap + bottom };
}

/** The block of one group over all columns. */
export function groupRect(geometry: HeatmapGeometry, group: number): Rect {
  const height = geometry.rowsPerGroup * geometry.cellHeight;
  return { x: 1, y: geometry.top + group * (height + geometry.groupGap), width: geometry.columns * geometry.cellWidth, height };
}

export function cellRect(geometry: HeatmapGeometry, { column, group, row }: HeatmapCell): Rect {
  const block = groupRect(geometry, group);
  return {
    x: block.x + column * geometry.cellWidth,
    y: block.y + row * geometry.cellHeight,
    width: geometry.cellWidth,
    height: geometry.cellHeight,
  };
}

/** The cell under a point; null in gaps and margins. */
export function cellAt(geometry: HeatmapGeometry, x: number, y: number): HeatmapCell | null {
  const column = Math.floor((x - 1) / geometry.cellWidth);
  const block = geometry.rowsPerGroup * geometry.cellHeight + geometry.groupGap;
  const group = Math.floor((y - geometry.top) / block);
  const row = Math.floor((y - geometry.top - group * block) / geometry.cellHeight);
  const inside = column >= 0 && column < geometry.columns && group >= 0 && group < geometry.groups && row < geometry.rowsPerGroup;
  return inside ? { column, group, row } : null;
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
