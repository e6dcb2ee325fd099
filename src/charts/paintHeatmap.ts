import type { GridInk } from "./canvas.ts";
import { divergingScale, SCALE_STEPS, scaleStep, sequentialScale, stepLuminance } from "./colourScale.ts";
import type { ScaleTheme } from "./colourScale.ts";
import { fitted, packed } from "./gridPicture.ts";
import type { GridPicture, Seen } from "./gridPicture.ts";
import { cellIndex, cellRect, groupRect, layoutHeatmap } from "./heatmapGeometry.ts";
import type { HeatmapGeometry, HeatmapShape } from "./heatmapGeometry.ts";
import type { Pen } from "./pen.ts";

export interface HeatmapData extends HeatmapShape {
  /** While it is the same object, earlier columns keep their values and marks. */
  readonly origin: object;
  /** Row-major (columns, groups, rowsPerGroup), from 0 to `top`, or from `-top` where `diverging`; may be longer than that. */
  readonly values: Float32Array;
  /** The value at the end of the colour scale. */
  readonly top: number;
  readonly diverging?: boolean;
  /** 1 where a cell carries a mark; same layout. */
  readonly marks: Uint8Array;
  /** Cells without a mark as if they had the value 0. */
  readonly markedOnly?: boolean;
  readonly columnLabel: (column: number) => string;
  readonly groupLabels: readonly string[];
  /** The outlined column; null for none. */
  readonly emphasis: number | null;
  /** Rows to point at, by their place among all rows: set apart by a sign at their left. */
  readonly rowSigns?: ReadonlyMap<number, string>;
}

export interface HeatmapLook {
  readonly theme: ScaleTheme;
  /** Captions over the outlined column and over the columns behind it. */
  readonly captions: { readonly emphasis: string; readonly after: string };
  readonly height: number;
  /** All columns in sight, however narrow. */
  readonly whole?: boolean;
}

/** A colour scale with what is asked of it for each cell: colours as canvases keep them, and whether black can be read on them. */
interface Palette {
  readonly colours: Uint32Array;
  readonly light: readonly boolean[];
}

function paletteOf(theme: ScaleTheme, diverging: boolean): Palette {
  const bytes = diverging ? divergingScale(theme) : sequentialScale(theme);
  const channel = (step: number, offset: number): number => bytes[step * 3 + offset] ?? 0;
  const steps = Array.from({ length: SCALE_STEPS }, (_, step) => step);
  return {
    colours: Uint32Array.from(steps, (step) => packed(channel(step, 0), channel(step, 1), channel(step, 2))),
    light: steps.map((step) => stepLuminance(bytes, step) > 0.28),
  };
}

/** Reads heatmap data as pictures; what was painted before counts as long as data and scale go on as they were. */
export function heatmapPictures(look: HeatmapLook): (data: HeatmapData) => GridPicture {
  const palettes = new Map<boolean, Palette>();
  const labels = new Map<string, string>();
  let last: { readonly key: string; readonly of: object; readonly origin: object } | undefined;
  return (data) => {
    const diverging = data.diverging ?? false;
    const palette = palettes.get(diverging) ?? paletteOf(look.theme, diverging);
    palettes.set(diverging, palette);
    const key = `${data.top} ${diverging} ${data.markedOnly ?? false}`;
    if (last?.key !== key || last.of !== data.origin) last = { key, of: data.origin, origin: {} };
    return heatmapPicture(data, look, palette, labels, last.origin);
  };
}

function heatmapPicture(data: HeatmapData, look: HeatmapLook, palette: Palette, labels: Map<string, string>, origin: object): GridPicture {
  const { columns, groups, rowsPerGroup } = data;
  return {
    columns,
    groups,
    rowsPerGroup,
    origin,
    gutterWidth: GUTTER_WIDTH,
    gutterKey: [...data.groupLabels, ...(data.rowSigns ?? [])].join("|"),
    start: { column: data.emphasis ?? 0, group: 0, row: 0 },
    layout: (width) => layoutHeatmap(data, width, look.height, look.whole),
    fill: (pixels, stride, { gapLines }, seen) => fillHeatmap(data, palette.colours, { pixels, stride, gapLines }, seen),
    paintOver(pen, geometry, ink, seen) {
      paintMarks(pen, geometry, data, palette, seen);
      paintColumnLabels(pen, geometry, data, ink, seen, labels);
      paintEmphasis(pen, geometry, data, ink, look.captions);
    },
    paintGutter: (pen, geometry, ink) => paintGutter(pen, geometry, data, ink),
  };
}

const GUTTER_WIDTH = 76;

/** Writes a pixel a cell. The scale is applied here rather than by `scaleStep`: this runs some 400,000 times for a large picture. */
export function fillHeatmap(
  data: HeatmapData,
  colours: Uint32Array,
  { pixels, stride, gapLines }: { readonly pixels: Uint32Array; readonly stride: number; readonly gapLines: number },
  { from, to }: Seen,
): void {
  const { groups, rowsPerGroup, values, marks, top, diverging = false, markedOnly = false } = data;
  const last = SCALE_STEPS - 1;
  const scale = diverging ? last / (2 * top) : last / top;
  const zero = diverging ? last / 2 : 0;
  for (let column = from; column < to; column++) {
    let cell = column * groups * rowsPerGroup;
    for (let group = 0; group < groups; group++) {
      let pixel = group * (rowsPerGroup + gapLines) * stride + column;
      for (let row = 0; row < rowsPerGroup; row++) {
        const value = markedOnly && marks[cell] !== 1 ? 0 : (values[cell] ?? 0);
        // What is no number is no index above 0 and falls to the first colour.
        const step = (value * scale + zero + 0.5) | 0;
        pixels[pixel] = colours[step < 0 ? 0 : step > last ? last : step] ?? 0;
        pixel += stride;
        cell++;
      }
    }
  }
}

const DARK = "rgb(0 0 0 / 82%)";
const LIGHT = "rgb(255 255 255 / 92%)";
/** Smaller cells have no room for a mark. CSS pixels. */
const MARKED_WIDTH = 5;
const MARKED_HEIGHT = 3;

/** A mark in each marked cell, flat where rows are thin; black or white after the colour under it. */
function paintMarks(pen: Pen, geometry: HeatmapGeometry, data: HeatmapData, palette: Palette, { from, to }: Seen): void {
  const { cellWidth, cellHeight } = geometry;
  if (cellWidth < MARKED_WIDTH || cellHeight < MARKED_HEIGHT) return;
  const height = Math.max(1.5, Math.min(4, cellHeight / 3));
  const width = cellHeight >= 9 ? height : Math.max(3, Math.min(14, cellWidth / 4));
  const onLight = (value: number): boolean =>
    palette.light[scaleStep(data.diverging ? (value / data.top + 1) / 2 : value / data.top)] ?? false;
  // One colour after the other: setting one costs more than painting with it.
  for (const light of [true, false]) {
    for (let column = from; column < to; column++) {
      for (let group = 0; group < data.groups; group++) {
        const first = cellIndex(data, { column, group, row: 0 });
        const { x, y } = cellRect(geometry, { column, group, row: 0 });
        for (let row = 0; row < data.rowsPerGroup; row++) {
          if (data.marks[first + row] !== 1 || onLight(data.values[first + row] ?? 0) !== light) continue;
          const [left, above] = [x + (cellWidth - width) / 2, y + row * cellHeight + (cellHeight - height) / 2];
          pen.rect(left, above, width, height, light ? DARK : LIGHT);
        }
      }
    }
  }
}

/** Labels stand under every so many columns that there is room between them. */
const LABEL_ROOM = 13;

function paintColumnLabels(
  pen: Pen,
  geometry: HeatmapGeometry,
  data: HeatmapData,
  ink: GridInk,
  { from, to }: Seen,
  labels: Map<string, string>,
): void {
  const last = groupRect(geometry, geometry.groups - 1);
  const below = last.y + last.height;
  const stride = Math.ceil(LABEL_ROOM / geometry.cellWidth);
  const room = geometry.uprightLabels ? geometry.bottom - 9 : geometry.cellWidth - 4;
  for (let column = Math.ceil(from / stride) * stride; column < to; column += stride) {
    const label = data.columnLabel(column);
    const key = `${room} ${label}`;
    const text = labels.get(key) ?? fitted(pen, label, room);
    labels.set(key, text);
    const centre = 1 + (column + 0.5) * geometry.cellWidth;
    const fill = column === data.emphasis ? ink.accent : ink.text;
    if (geometry.uprightLabels) pen.text(text, centre, below + 7, { fill, align: "left", turned: true });
    else pen.text(text, centre, below + 13, { fill, align: "center" });
  }
}

/** Outline and caption of the emphasised column, and what the columns behind it are. */
function paintEmphasis(pen: Pen, geometry: HeatmapGeometry, data: HeatmapData, ink: GridInk, captions: HeatmapLook["captions"]): void {
  if (data.emphasis === null || data.emphasis >= data.columns) return;
  const first = cellRect(geometry, { column: data.emphasis, group: 0, row: 0 });
  const last = groupRect(geometry, geometry.groups - 1);
  pen.outline(first.x, first.y - 2, first.width, last.y + last.height - first.y + 4, ink.accent, 2);
  const width = pen.measure(captions.emphasis);
  const right = first.x + first.width;
  const whole = geometry.columns * geometry.cellWidth;
  // Centred over its column, but kept inside the canvas.
  const centre = Math.min(Math.max(first.x + first.width / 2, width / 2 + 1), Math.max(width / 2 + 1, whole - width / 2));
  const y = geometry.top / 2 - 1;
  pen.text(captions.emphasis, centre, y, { fill: ink.accent, align: "center" });
  const after = Math.max(right, centre + width / 2) + 10;
  if (data.emphasis < data.columns - 1 && pen.measure(captions.after) < whole - after)
    pen.text(captions.after, after, y, { fill: ink.faint, align: "left" });
}

/** Names of groups and numbers of rows, left of the cells. */
function paintGutter(pen: Pen, geometry: HeatmapGeometry, data: HeatmapData, ink: GridInk): void {
  // Thin rows show the first and the last number only, inside their group.
  const thin = geometry.cellHeight < 10;
  const block = groupRect(geometry, 1).y - groupRect(geometry, 0).y;
  // Groups that are lower than a line of text: every so many have their name.
  const every = Math.ceil(LABEL_ROOM / Math.max(1, block));
  const stride = thin ? Math.max(1, geometry.rowsPerGroup - 1) : 1;
  for (let group = 0; group < geometry.groups; group++) {
    const { y: top, height } = groupRect(geometry, group);
    if (group % every === 0)
      pen.text(fitted(pen, data.groupLabels[group] ?? "", GUTTER_WIDTH - 18), 0, top + height / 2, { fill: ink.text, align: "left" });
    if (thin && height < 2 * LABEL_ROOM - 4) continue;
    for (let row = 0; row < geometry.rowsPerGroup; row += stride) {
      const y = (row + 0.5) * geometry.cellHeight;
      const kept = thin ? Math.min(height - 4, Math.max(4, y)) : y;
      pen.text(String(row), GUTTER_WIDTH - 11, top + kept, { fill: ink.faint, align: "right" });
    }
  }
  for (const [row, sign] of data.rowSigns ?? []) {
    const [group, own] = [Math.floor(row / data.rowsPerGroup), row % data.rowsPerGroup];
    const { y, height } = cellRect(geometry, { column: 0, group, row: own });
    pen.text(sign, GUTTER_WIDTH, y + height / 2, { fill: ink.accent, align: "right" });
  }
}
