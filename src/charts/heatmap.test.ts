import { describe, expect, test } from "vitest";
import { SCALE_STEPS, scaleStep, sequentialScale, stepLuminance } from "./colourScale.ts";
import { cellAt, cellIndex, cellRect, heatmapSize, layoutHeatmap, moveCell } from "./heatmapGeometry.ts";
import { heatmapImage } from "./paintHeatmap.ts";

describe("colour scale", () => {
  test.each(["light", "dark"] as const)("lightness is monotone and spans the %s theme", (theme) => {
    const colours = sequentialScale(theme);
    const luminance = Array.from({ length: SCALE_STEPS }, (_, step) => stepLuminance(colours, step));
    const sign = theme === "dark" ? 1 : -1;
    // A byte of rounding may dent a step; eight steps apart the order must be strict.
    for (let step = 8; step < SCALE_STEPS; step++) expect(sign * (luminance[step]! - luminance[step - 8]!)).toBeGreaterThan(0);
    expect(Math.max(...luminance) - Math.min(...luminance)).toBeGreaterThan(0.6);
  });

  test("shares map evenly and stay inside", () => {
    expect([-1, 0, 0.5, 1, 2, Number.NaN].map(scaleStep)).toEqual([0, 0, 128, 255, 255, 0]);
  });
});

describe("geometry", () => {
  const shape = { columns: 7, groups: 3, rowsPerGroup: 4 };
  const geometry = layoutHeatmap(shape, 500, 300);

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
    [6, 32, 2],
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

test("one pixel a cell, rows from top to bottom", () => {
  const shape = { columns: 2, groups: 2, rowsPerGroup: 2 };
  const values = Float32Array.from([0, 1, 0, 0, 0, 0, 0, 1]);
  const data = { ...shape, values, top: 1, marks: new Uint8Array(8), columnLabels: [], groupLabels: [], emphasis: null };
  const image = { width: 2, height: 4, data: new Uint8ClampedArray(2 * 4 * 4), colorSpace: "srgb" } as ImageData;
  const colours = sequentialScale("dark");
  heatmapImage(data, colours, image);
  const bright = [...Array(8).keys()].filter((pixel) => image.data[pixel * 4] === colours[255 * 3]);
  // (column 0, row 1) and (column 1, row 3) of a picture two pixels wide.
  expect(bright).toEqual([2, 7]);
  expect(cellIndex(shape, { column: 1, group: 1, row: 1 })).toBe(7);
});
