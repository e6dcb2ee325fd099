import { describe, expect, test } from "vitest";
import type { EditFacts } from "../../engine/protocol.ts";
import { noExamples } from "../../store/examples.ts";
import { createRoutingFrames } from "../../store/routingFrames.ts";
import type { RoutingFrame } from "../../store/routingFrames.ts";
import { fakePieces, fakeRows, fakeSettings, fakeTrace } from "../../store/testing/fakeModel.ts";
import { codeMatrix, codeRows } from "./codes.ts";
import { answersAt, dialPrompts, dialRange, tally, turningPoint } from "./dial.ts";
import type { DialEntry } from "./dial.ts";
import { alignedPairs, differenceOf } from "./difference.ts";
import { assignedUsage, standingOf, storedUsage, tokenUsage } from "./usage.ts";

function frameOf(text: string, generated = ""): RoutingFrame {
  const frames = createRoutingFrames();
  const trace = fakeTrace(text, fakeSettings, []);
  frames.show(trace);
  const more = fakePieces(generated);
  for (const [at, piece] of more.entries())
    frames.append(piece, fakeRows([...trace.pieces, ...more.slice(0, at + 1)], trace.pieces.length + at, fakeSettings));
  const frame = frames.read();
  if (!frame) throw new Error("no frame");
  return frame;
}

const edit = (id: number, facts: Partial<EditFacts>): EditFacts => ({
  id,
  prompt: `prompt ${id}`,
  answer: "a",
  rephrasings: [],
  baseAnswer: "b",
  allocation: null,
  codes: [],
  curve: [],
  seconds: 1,
  answerAfter: "a",
  holds: true,
  on: true,
  strength: 1,
  standing: null,
  ...facts,
});

describe("A minus B", () => {
  test("tokens are paired from the last of each prompt backwards, and onwards from there", () => {
    const pairs = alignedPairs(frameOf("The capital of France is", " Paris . And"), frameOf("Its capital is", " Rome"));
    expect(pairs.map(({ a, b }) => [a, b])).toEqual([
      [2, 0],
      [3, 1],
      [4, 2],
      [5, 3],
    ]);
  });

  test("values are differences, marks are picks of one side, the deciding column is outlined", () => {
    const [a, b] = [frameOf("The capital of France is"), frameOf("The capital of Germany is")];
    const found = differenceOf(a, b, String);
    if (!found) throw new Error("no difference");
    const { data, decidingDiffer } = found;
    expect(data).toMatchObject({ columns: 5, groups: 4, rowsPerGroup: 4, emphasis: 4, diverging: true });
    expect(data.values.subarray(0, 32).every((value) => value === 0)).toBe(true);
    const at = 4 * 16 + 5;
    expect(data.values[at]).toBeCloseTo((a.probabilities[at] ?? 0) - (b.probabilities[at] ?? 0), 6);
    expect(data.values.every((value) => Math.abs(value) <= data.top)).toBe(true);
    expect([0, 3, 4].map(data.columnLabel)).toEqual(["The", "France / Germany", "is"]);
    expect(decidingDiffer).toBe(data.marks.subarray(64, 80).reduce((sum, mark) => sum + mark, 0));
    expect(decidingDiffer).toBeGreaterThan(0);
  });

  test("routers of other shapes cannot be compared", () => {
    const a = frameOf("The capital");
    expect(differenceOf(a, { ...a, experts: 8 }, String)).toBeNull();
    expect(differenceOf(a, { ...a, layers: [1, 2, 3, 4] }, String)).toBeNull();
  });
});

describe("how often experts are picked", () => {
  test("by tokens: shares of a layer sum to k", () => {
    const frame = frameOf("The capital of France is", " Paris .");
    const { layers, of } = tokenUsage(frame);
    expect(of).toBe(7);
    for (const { shares, expected } of layers) {
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(2);
      expect(expected).toBeCloseTo(0.5);
    }
    const first = frame.pieces.filter((_, token) => frame.picked[token * 16] === 1).length;
    expect(layers[0]?.shares[0]).toBeCloseTo(first / 7);
  });

  test("by what edits were assigned, and by what the routers stored", () => {
    const edits = [
      edit(1, { allocation: [[0, 1]], codes: [[1, 1, 0, 0]] }),
      edit(2, {
        allocation: [[1, 2]],
        codes: [
          [1, 0, 1, 0],
          [1, 1, 0, 0],
        ],
      }),
      edit(3, {}),
    ];
    expect(assignedUsage(edits, [4], 4)).toEqual({ of: 2, layers: [{ layer: 4, shares: [0.5, 1, 0.5, 0], expected: 0.5 }] });
    expect(storedUsage(edits, [4], 4).layers[0]?.shares).toEqual([1, 0.75, 0.25, 0]);
    expect(assignedUsage([], [4], 4)).toMatchObject({ of: 0, layers: [{ shares: [0, 0, 0, 0], expected: 0 }] });
  });

  test("idle and overused are said only where that is no chance", () => {
    expect([0, 0.5, 0.9].map((share) => standingOf(share, 0.5, 40))).toEqual(["idle", "usual", "overused"]);
    expect([0, 1].map((share) => standingOf(share, 0.5, 2))).toEqual(["usual", "usual"]);
    expect(standingOf(1, 0.5, 1)).toBe("usual");
  });
});

describe("codes", () => {
  const edits = [
    edit(1, { codes: [[1, 0, 1, 0]] }),
    edit(2, {
      codes: [
        [0, 1, 0, 1],
        [1, 0, 0, 1],
      ],
    }),
    edit(3, {}),
  ];

  test("nearest first, each by its own nearest code", () => {
    expect(codeRows(edits, [1, 0, 0, 1], "prompt").map(({ edit: id, distance }) => [id, distance])).toEqual([
      [null, 0],
      [2, 0],
      [1, 2],
    ]);
    expect(codeRows(edits, [1, 0, 0, 1], 1).map(({ edit: id, distance }) => [id, distance])).toEqual([
      [1, 0],
      [null, 2],
      [2, 2],
    ]);
    expect(codeRows(edits, null, "prompt")).toEqual([]);
    expect(codeRows(edits, [1], 3)).toEqual([]);
  });

  test("states say what is set and what differs from the first row", () => {
    const { states, columns, rows, rowLabels } = codeMatrix(codeRows(edits, [1, 0, 0, 1], "prompt"), (row) => String(row.edit));
    expect([columns, rows, rowLabels]).toEqual([4, 3, ["null", "2", "1"]]);
    expect([...states]).toEqual([1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 3, 2]);
  });
});

describe("dial", () => {
  const scope = (distance: number | null, bound: number | null) => ({ deferred: false, edit: 1, distance, bound });

  test("a prompt turns where the threshold passes its distance", () => {
    expect(turningPoint(scope(5, 6), 6, "paper")).toBe(5);
    expect([5, 6].map((threshold) => answersAt(5, threshold, "paper"))).toEqual([false, true]);
    expect(turningPoint(scope(0.3, 0.2), 1, "improved")).toBeCloseTo(1.5);
    expect(turningPoint(scope(0.3, 0.4), 2, "improved")).toBeCloseTo(1.5);
    expect([1.45, 1.5].map((threshold) => answersAt(1.5, threshold, "improved"))).toEqual([false, true]);
    expect(turningPoint(scope(null, null), 6, "paper")).toBeNull();
    expect(answersAt(null, 99, "paper")).toBe(false);
  });

  test("the range reaches from nobody to everybody", () => {
    expect(dialRange("paper", fakeSettings)).toEqual({ min: 0, max: 17, step: 1 });
    expect(dialRange("improved", fakeSettings).min).toBeGreaterThan(0);
  });

  test("each prompt is listed once, under where it comes from first", () => {
    const examples = {
      prompts: [
        { prompt: "x", answer: "" },
        { prompt: "u", answer: "" },
      ],
      edits: [{ prompt: "prompt 1", answer: "", rephrasings: [], tests: ["t"], unrelated: [{ prompt: "u", answer: "" }] }],
    };
    const listed = dialPrompts([edit(1, { rephrasings: ["r"] })], examples, ["mine", "r"]);
    expect(listed.map(({ text, source }) => [text, source])).toEqual([
      ["mine", "own"],
      ["r", "own"],
      ["prompt 1", "edit"],
      ["t", "test"],
      ["u", "unrelated"],
      ["x", "example"],
    ]);
    expect(dialPrompts([], noExamples, [])).toEqual([]);
  });

  test("what an edit should reach is counted apart from the others", () => {
    const entry = (source: DialEntry["source"], turns: number | null): DialEntry => ({ text: "", source, edit: 1, nearest: 1, turns });
    const entries = [entry("edit", 0), entry("test", 8), entry("unrelated", 3), entry("own", null)];
    expect(tally(entries, 4, "paper")).toEqual({ reach: { answered: 1, of: 2 }, others: { answered: 1, of: 2 } });
  });
});
