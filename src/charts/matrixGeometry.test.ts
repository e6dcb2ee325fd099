import { expect, test } from "vitest";
import { cellAt, cellRect } from "./heatmapGeometry.ts";
import { fillMatrix, layoutMatrix, numberedColumns } from "./matrixGeometry.ts";

test("few cells are large, many fill the width, and more than that scroll", () => {
  expect(layoutMatrix({ columns: 4, rows: 2 }, 600)).toMatchObject({ cellWidth: 26, cellHeight: 22 });
  expect(layoutMatrix({ columns: 100, rows: 10 }, 602)).toMatchObject({ cellWidth: 6, cellHeight: 18 });
  expect(layoutMatrix({ columns: 1000, rows: 40 }, 602)).toMatchObject({ cellWidth: 3, cellHeight: 7 });
  expect(layoutMatrix({ columns: 5000, rows: 1 }, 602)).toMatchObject({ cellWidth: 1 });
});

test("the middle of a cell is in that cell", () => {
  const geometry = layoutMatrix({ columns: 30, rows: 5 }, 400);
  const cell = { column: 17, group: 0, row: 3 };
  const { x, y, width, height } = cellRect(geometry, cell);
  expect(cellAt(geometry, x + width / 2, y + height / 2)).toEqual(cell);
});

test("numbers stand at round columns that do not run into each other", () => {
  expect(numberedColumns(12, 26)).toEqual([0, 3, 5, 7, 9, 11]);
  expect(numberedColumns(1000, 3)).toEqual([0, ...Array.from({ length: 50 }, (_, i) => (i + 1) * 20 - 1)]);
  expect(numberedColumns(1, 26)).toEqual([0]);
});

test("a pixel a cell, of the columns that are asked for", () => {
  const pixels = new Uint32Array(3 * 2);
  const matrix = { columns: 2, rows: 2, states: Uint8Array.of(1, 0, 2, 1), rowLabels: [] };
  fillMatrix(matrix, Uint32Array.of(0, 7, 9), pixels, 3, { from: 0, to: 2 });
  expect([...pixels]).toEqual([7, 0, 0, 9, 7, 0]);
  pixels.fill(5);
  fillMatrix(matrix, Uint32Array.of(0, 7, 9), pixels, 3, { from: 1, to: 2 });
  expect([...pixels]).toEqual([5, 0, 5, 5, 7, 5]);
});
