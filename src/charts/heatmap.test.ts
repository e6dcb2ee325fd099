import { describe, expect, test } from "vitest";
import { divergingScale, SCALE_STEPS, scaleStep, sequentialScale, stepLuminance } from "./colourScale.ts";
import { cellAt, cellIndex, cellRect, columnsBetween, heatmapSize, imageLines, layoutHeatmap, moveCell } from "./heatmapGeometry.ts";
import { fillHeatmap, heatmapPictures } from "./paintHeatmap.ts";
import type { HeatmapData } from "./paintHeatmap.ts";

describe("colour scale", () => {
  test.each(["light", "dark"] as const)("lightness is monotone and spans the %s theme", (theme) => {
    const colours = sequentialScale(theme);
    const luminance = Array.from({ length: SCALE_STEPS }, (_, step) => stepLuminance(colours, step));
    const sign = theme === "dark" ? 1 : -1;
    // A byte of rounding may dent a step; eight steps apart the order must be strict.
    for (let step = 8; step < SCALE_STEPS; step++) expect(sign * (luminance[step]! - luminance[step - 8]!)).toBeGreaterThan(0);
    expect(Math.max(...luminance) - Math.min(...luminance)).toBeGreaterThan(0.6);
  });

  test.each(["light", "dark"] as const)("the %s theme's scale around 0 is alike in lightness on both sides", (theme) => {
    const colours = divergingScale(theme);
    for (let step = 0; step < SCALE_STEPS / 2; step += 16) {
      const [below, above] = [stepLuminance(colours, step), stepLuminance(colours, SCALE_STEPS - 1 - step)];
      expect(Math.abs(below - above)).toBeLessThan(0.09);
    }
    const ends = [0, SCALE_STEPS - 1].map((step) => [...colours.subarray(step * 3, step * 3 + 3)]);
    expect(ends[0]?.[2]).toBeGreaterThan(ends[0]?.[0] ?? 0);
    expect(ends[1]?.[0]).toBeGreaterThan(ends[1]?.[2] ?? 0);
  });

  test("shares map evenly and stay inside", () => {
    expect([-1, 0, 0.5, 1, 2, Number.NaN].map(scaleStep)).toEqual([0, 0, 128, 255, 255, 0]);
  });
});

describe("geometry", () => {
  const shape = { columns: 7, groups: 3, rowsPerGroup: 4 };
  const geometry = layoutHeatmap(shape, 500, 300);

  test("has nothing of the data that it was laid out for", () => {
    expect(layoutHeatmap({ ...shape, values: new Float32Array(84) } as typeof shape, 500, 300)).toEqual(geometry);
  });

  test("every cell is found at its middle and its corners", () => {
    for (let column = 0; column < 7; column++) {
      for (let group = 0; group < 3; group++) {
        for (let row = 0; row < 4; row++) {
          const cell = { column, group, row };
          const { x, y, width, height } = cellRect(geometry, cell);
          for (const [dx, dy] of [
            [0.5, 0.5],
            [0, 0],
            [0.99, 0.99],
          ] as const) {
            expect(cellAt(geometry, x + dx * width, y + dy * height)).toEqual(cell);
          }
        }
      }
    }
  });

  test.each([
    [3, 32, 3],
    [6, 32, 3],
    [7, 32, 2],
    [15, 32, 1],
    [48, 64, 1],
  ])("%d groups of %d rows are drawn with rows of %d px", (groups, rowsPerGroup, cellHeight) => {
    const tall = layoutHeatmap({ columns: 7, groups, rowsPerGroup }, 500, 300);
    expect(tall.cellHeight).toBe(cellHeight);
    if (groups < 20) expect(heatmapSize(tall).height).toBeLessThanOrEqual(640);
    const last = { column: 6, group: groups - 1, row: rowsPerGroup - 1 };
    const { x, y } = cellRect(tall, last);
    expect(cellAt(tall, x, y)).toEqual(last);
  });

  test("gaps and margins are no cells", () => {
    const { y, height } = cellRect(geometry, { column: 0, group: 0, row: 3 });
    expect(cellAt(geometry, 10, y + height + 1)).toBeNull();
    expect(cellAt(geometry, 10, 3)).toBeNull();
    expect(cellAt(geometry, heatmapSize(geometry).width + 5, 60)).toBeNull();
    expect(cellAt(geometry, 10, heatmapSize(geometry).height - 2)).toBeNull();
  });

  test("many columns outgrow the width rather than vanish, and many rows the height", () => {
    const crowded = layoutHeatmap({ columns: 400, groups: 24, rowsPerGroup: 16 }, 500, 300);
    expect(crowded.cellWidth).toBeGreaterThanOrEqual(12);
    expect(crowded.cellHeight).toBeGreaterThanOrEqual(1);
    expect(crowded.uprightLabels).toBe(true);
  });

  test("a picture that is to be seen whole has narrow columns, and thin rows have wider gaps", () => {
    const large = layoutHeatmap({ columns: 512, groups: 48, rowsPerGroup: 16 }, 1300, 700, true);
    expect(large).toMatchObject({ cellWidth: 2, cellHeight: 1, gapLines: 3 });
    expect(imageLines(large)).toBe(48 * 16 + 47 * 3);
    expect(imageLines(geometry)).toBe(3 * 4 + 2);
  });

  test("columns in sight, as far as there are any", () => {
    const wide = layoutHeatmap({ columns: 100, groups: 1, rowsPerGroup: 4 }, 400, 300);
    expect(wide.cellWidth).toBe(17);
    expect(columnsBetween(wide, 0, 400)).toEqual({ from: 0, to: 24 });
    expect(columnsBetween(wide, 18, 35)).toEqual({ from: 1, to: 2 });
    expect(columnsBetween(wide, 5000, 6000)).toEqual({ from: 100, to: 100 });
  });

  test("keys walk and stop at the edges", () => {
    const at = { column: 3, group: 0, row: 3 };
    expect(moveCell(shape, at, "ArrowDown")).toEqual({ column: 3, group: 1, row: 0 });
    expect(moveCell(shape, at, "PageDown")).toEqual({ column: 3, group: 1, row: 3 });
    expect(moveCell(shape, at, "Home")).toEqual({ column: 0, group: 0, row: 3 });
    expect(moveCell(shape, at, "End")).toEqual({ column: 6, group: 0, row: 3 });
    expect(moveCell(shape, { column: 0, group: 0, row: 0 }, "ArrowUp")).toEqual({ column: 0, group: 0, row: 0 });
    expect(moveCell(shape, { column: 6, group: 2, row: 3 }, "ArrowRight")).toEqual({ column: 6, group: 2, row: 3 });
    expect(moveCell(shape, at, "a")).toBeNull();
  });
});

const twoByTwo = (values: readonly number[]): HeatmapData => ({
  columns: values.length / 4,
  groups: 2,
  rowsPerGroup: 2,
  origin: {},
  values: Float32Array.from(values),
  top: 1,
  marks: new Uint8Array(values.length).fill(1, 0, 2),
  columnLabel: String,
  groupLabels: [],
  emphasis: null,
});

const filled = (data: HeatmapData, seen = { from: 0, to: data.columns }): number[] => {
  const pixels = new Uint32Array(data.columns * 5).fill(9999);
  const steps = Uint32Array.from({ length: SCALE_STEPS }, (_, step) => step);
  fillHeatmap(data, steps, { pixels, stride: data.columns, gapLines: 1 }, seen);
  return [...pixels];
};

test("a pixel a cell, rows from top to bottom, with a line between groups", () => {
  const data = twoByTwo([0, 1, 0, 0.5, Number.NaN, -3, 7, 1]);
  const gap = [9999, 9999];
  expect(filled(data)).toEqual([0, 0, 255, 0, ...gap, 0, 255, 128, 255]);
  expect(filled(data, { from: 1, to: 2 })).toEqual([9999, 0, 9999, 0, ...gap, 9999, 255, 9999, 255]);
  expect(filled({ ...data, markedOnly: true })).toEqual([0, 0, 255, 0, ...gap, 0, 0, 0, 0]);
  expect(filled(twoByTwo([0.5, -1, 0, 1]))[0]).toBe(128);
  expect(filled({ ...twoByTwo([0, -1, 1, -0.5]), diverging: true })).toEqual([128, 0, 9999, 255, 64]);
  expect(cellIndex({ columns: 2, groups: 2, rowsPerGroup: 2 }, { column: 1, group: 1, row: 1 })).toBe(7);
});

test("what is painted already counts while data and scale go on", () => {
  const pictures = heatmapPictures({ theme: "dark", captions: { emphasis: "", after: "" }, height: 200 });
  const data = twoByTwo([0, 1, 0, 1]);
  const first = pictures(data);
  expect(pictures({ ...data, columns: 2 }).origin).toBe(first.origin);
  const rescaled = pictures({ ...data, top: 0.5 });
  expect(rescaled.origin).not.toBe(first.origin);
  expect(pictures({ ...data, top: 0.5, origin: {} }).origin).not.toBe(rescaled.origin);
});
