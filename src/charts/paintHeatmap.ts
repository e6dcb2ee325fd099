import { scaleStep, stepLuminance } from "./colourScale.ts";
import { cellIndex, cellRect, groupRect } from "./heatmapGeometry.ts";
import type { HeatmapCell, HeatmapGeometry, HeatmapShape } from "./heatmapGeometry.ts";

export interface HeatmapData extends HeatmapShape {
  /** Row-major (columns, groups, rowsPerGroup), from 0 to `top`; may be longer than that. */
  readonly values: Float32Array;
  /** The value at the end of the colour scale. */
  readonly top: number;
  /** 1 where a cell carries a mark; same layout. */
  readonly marks: Uint8Array;
  readonly columnLabels: readonly string[];
  readonly groupLabels: readonly string[];
  /** The outlined column; null for none. */
  readonly emphasis: number | null;
}

export interface HeatmapInk {
  readonly text: string;
  readonly faint: string;
  readonly accent: string;
  readonly focus: string;
  readonly font: string;
}

/** One image at data resolution: a pixel a cell. */
export function heatmapImage(data: HeatmapData, colours: Uint8ClampedArray, image: ImageData): void {
  const { columns, groups, rowsPerGroup } = data;
  const rows = groups * rowsPerGroup;
  for (let column = 0; column < columns; column++) {
    for (let line = 0; line < rows; line++) {
      const from = scaleStep((data.values[column * rows + line] ?? 0) / data.top) * 3;
      const to = (line * columns + column) * 4;
      for (let channel = 0; channel < 3; channel++) image.data[to + channel] = colours[from + channel] ?? 0;
      image.data[to + 3] = 255;
    }
  }
}

export function paintCells(context: CanvasRenderingContext2D, geometry: HeatmapGeometry, cells: CanvasImageSource): void {
  context.imageSmoothingEnabled = false;
  const { columns, rowsPerGroup } = geometry;
  for (let group = 0; group < geometry.groups; group++) {
    const { x, y, width, height } = groupRect(geometry, group);
    context.drawImage(cells, 0, group * rowsPerGroup, columns, rowsPerGroup, x, y, width, height);
  }
}

/** A dot in each marked cell, a dash where rows are thin; black or white after the colour under it. */
export function paintMarks(
  context: CanvasRenderingContext2D,
  geometry: HeatmapGeometry,
  data: HeatmapData,
  colours: Uint8ClampedArray,
): void {
  const { cellWidth, cellHeight } = geometry;
  const height = Math.max(1.5, Math.min(5, cellHeight / 2));
  const width = cellHeight >= 9 ? height : Math.max(4, Math.min(14, cellWidth / 4));
  for (let column = 0; column < data.columns; column++) {
    for (let group = 0; group < data.groups; group++) {
      for (let row = 0; row < data.rowsPerGroup; row++) {
        const cell = { column, group, row };
        const index = cellIndex(data, cell);
        if (data.marks[index] !== 1) continue;
        const { x, y } = cellRect(geometry, cell);
        const light = stepLuminance(colours, scaleStep((data.values[index] ?? 0) / data.top)) > 0.28;
        context.fillStyle = light ? "rgb(0 0 0 / 82%)" : "rgb(255 255 255 / 92%)";
        context.beginPath();
        context.roundRect(x + (cellWidth - width) / 2, y + (cellHeight - height) / 2, width, height, height / 2);
        context.fill();
      }
    }
  }
}

export function paintColumnLabels(context: CanvasRenderingContext2D, geometry: HeatmapGeometry, data: HeatmapData, ink: HeatmapInk): void {
  const last = groupRect(geometry, geometry.groups - 1);
  context.font = ink.font;
  context.textBaseline = "middle";
  for (const [column, label] of data.columnLabels.slice(0, data.columns).entries()) {
    const centre = 1 + (column + 0.5) * geometry.cellWidth;
    const below = last.y + last.height;
    context.fillStyle = column === data.emphasis ? ink.accent : ink.text;
    context.save();
    if (geometry.uprightLabels) {
      context.translate(centre, below + 7);
      context.rotate(Math.PI / 2);
      context.textAlign = "left";
      context.fillText(fitted(context, label, geometry.bottom - 9), 0, 0);
    } else {
      context.textAlign = "center";
      context.fillText(fitted(context, label, geometry.cellWidth - 4), centre, below + 13);
    }
    context.restore();
  }
}

/** Outline and caption of the emphasised column, and a rule where later columns begin. */
export function paintEmphasis(
  context: CanvasRenderingContext2D,
  geometry: HeatmapGeometry,
  data: HeatmapData,
  ink: HeatmapInk,
  captions: { readonly emphasis: string; readonly after: string },
): void {
  if (data.emphasis === null || data.emphasis >= data.columns) return;
  const first = cellRect(geometry, { column: data.emphasis, group: 0, row: 0 });
  const last = groupRect(geometry, geometry.groups - 1);
  context.strokeStyle = ink.accent;
  context.lineWidth = 2;
  context.strokeRect(first.x, first.y - 2, first.width, last.y + last.height - first.y + 4);
  context.font = ink.font;
  context.textBaseline = "middle";
  context.fillStyle = ink.accent;
  const width = context.measureText(captions.emphasis).width;
  const right = first.x + first.width;
  // Centred over its column, but kept inside the canvas.
  const centre = Math.min(
    Math.max(first.x + first.width / 2, width / 2 + 1),
    Math.max(width / 2 + 1, geometry.columns * geometry.cellWidth - width / 2),
  );
  context.textAlign = "center";
  context.fillText(captions.emphasis, centre, geometry.top / 2 - 1);
  const room = geometry.columns * geometry.cellWidth - Math.max(right, centre + width / 2) - 10;
  if (data.emphasis < data.columns - 1 && context.measureText(captions.after).width < room) {
    context.textAlign = "left";
    context.fillStyle = ink.faint;
    context.fillText(captions.after, Math.max(right, centre + width / 2) + 10, geometry.top / 2 - 1);
  }
}

export function paintCursor(context: CanvasRenderingContext2D, geometry: HeatmapGeometry, cell: HeatmapCell, ink: HeatmapInk): void {
  const { x, y, width, height } = cellRect(geometry, cell);
  context.lineWidth = 1;
  context.strokeStyle = ink.focus;
  context.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
  context.strokeRect(x + 1.5, y + 1.5, width - 3, Math.max(1, height - 3));
}

/** Names of groups and numbers of rows, left of the cells. */
export function paintGutter(
  context: CanvasRenderingContext2D,
  geometry: HeatmapGeometry,
  data: HeatmapData,
  ink: HeatmapInk,
  width: number,
): void {
  context.font = ink.font;
  context.textBaseline = "middle";
  // Thin rows show the first and the last number only, inside their group.
  const thin = geometry.cellHeight < 10;
  const stride = thin ? Math.max(1, geometry.rowsPerGroup - 1) : 1;
  for (let group = 0; group < geometry.groups; group++) {
    const block = groupRect(geometry, group);
    context.textAlign = "left";
    context.fillStyle = ink.text;
    context.fillText(fitted(context, data.groupLabels[group] ?? "", width - 18), 0, block.y + block.height / 2);
    context.textAlign = "right";
    context.fillStyle = ink.faint;
    for (let row = 0; row < geometry.rowsPerGroup; row += stride) {
      const y = (row + 0.5) * geometry.cellHeight;
      context.fillText(String(row), width - 6, block.y + (thin ? Math.min(block.height - 4, Math.max(4, y)) : y));
    }
  }
}

function fitted(context: CanvasRenderingContext2D, label: string, width: number): string {
  if (context.measureText(label).width <= width) return label;
  let kept = [...label];
  while (kept.length > 1 && context.measureText(`${kept.join("")}…`).width > width) kept = kept.slice(0, -1);
  return `${kept.join("")}…`;
}
