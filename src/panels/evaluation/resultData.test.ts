import { describe, expect, test } from "vitest";
import type { EvaluationRun } from "../../store/evaluationSlice.ts";
import { fakeCheckpoint } from "../../store/testing/fakeEvaluation.ts";
import { curvesOf, historiesOf, lastEditOf, matrixOf, percent, roughPercent, shareOf, styleOf } from "./resultData.ts";

const run: EvaluationRun = {
  id: 2,
  method: "Paper mode",
  model: "Atlas",
  edits: "atlas",
  limit: 6,
  every: 2,
  seed: 1,
  status: "running",
  phase: { kind: "editing" },
  done: 5,
  of: 6,
  ids: ["a", "b", "c", "d"],
  // Edit 1 is lost and found again, edit 2 is lost for good.
  checkpoints: [fakeCheckpoint(2, [0]), fakeCheckpoint(4, [1])],
  refused: [{ id: "e", message: "No." }],
  editSeconds: [],
  measureSeconds: 0,
  measured: 0,
};

describe("curves", () => {
  test("have a point for each checkpoint that measured something", () => {
    expect(curvesOf([run], ({ metrics }) => shareOf(metrics.reliability.free))).toEqual([
      {
        name: "2. Paper mode",
        colour: "var(--series-2)",
        dash: "7 3",
        points: [
          { x: 2, y: 0.5 },
          { x: 4, y: 0.75 },
        ],
      },
    ]);
    expect(curvesOf([run], ({ metrics }) => shareOf(metrics.localityNear.free))[0]?.points).toEqual([]);
  });
  test("of the first six runs differ in colour, of the first twelve in colour or dash", () => {
    const styles = Array.from({ length: 12 }, (_, i) => styleOf({ id: i + 1 }));
    expect(new Set(styles.slice(0, 6).map(({ colour }) => colour)).size).toBe(6);
    expect(new Set(styles.map(({ colour, dash }) => colour + dash)).size).toBe(12);
  });
  test("leave room for what a run under way is going to write", () => {
    expect(lastEditOf([run])).toBe(5);
    expect(lastEditOf([{ ...run, status: "stopped" }])).toBe(4);
    expect(lastEditOf([])).toBe(1);
  });
});

test("shares round to all and to nothing only when they are", () => {
  expect([0, 0.0001, 0.5, 0.98333, 0.9999, 1].map(percent)).toEqual(
    ["0 %", "0.1 %", "50.0 %", "98.3 %", "99.9 %", "100 %"].map((text) => text.replace(" ", "\u00A0")),
  );
  expect(roughPercent(0.5)).toBe("50\u00A0%");
});

test("the matrix has a row for each checkpoint, empty where an edit was not written yet", () => {
  const { columns, rows, states, rowLabels } = matrixOf(run);
  expect([columns, rows, rowLabels]).toEqual([4, 2, ["2", "4"]]);
  expect([...states]).toEqual([2, 1, 0, 0, 1, 2, 1, 1]);
  expect(matrixOf({ checkpoints: [] })).toMatchObject({ columns: 0, rows: 0 });
});

test("what became of each edit, the lost ones first", () => {
  expect(historiesOf(run)).toEqual([
    {
      edit: 2,
      id: "b",
      holds: false,
      changes: [
        { holds: true, after: 2 },
        { holds: false, after: 4 },
      ],
    },
    {
      edit: 1,
      id: "a",
      holds: true,
      changes: [
        { holds: false, after: 2 },
        { holds: true, after: 4 },
      ],
    },
    { edit: 3, id: "c", holds: true, changes: [{ holds: true, after: 4 }] },
    { edit: 4, id: "d", holds: true, changes: [{ holds: true, after: 4 }] },
  ]);
});
