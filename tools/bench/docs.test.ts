import { expect, test } from "vitest";
import { reportText } from "../../src/bench/report.ts";
import type { Results, Row, SideResult } from "../../src/bench/results.ts";
import { drawPlot } from "./plot.ts";

const side = (label: string, ms: number, dispatches: number): SideResult => ({
  label,
  ms: { median: ms, low: ms * 0.9, high: ms * 1.1 },
  dispatches,
  boundBytes: 2 ** 20,
  peakBytes: 3 * 2 ** 20,
});
const row: Row = {
  suite: "mixture layer against stock TF.js",
  name: "forward, T = 1 & <more>",
  unit: "call",
  ours: side("fused, int4", 2, 2),
  other: side("TF.js stacked, f32", 8, 6),
  reads: "speed-up",
  ratio: { median: 4, low: 3.5, high: 4.5 },
  bar: { kind: "at least", value: 3 },
  disagreement: 1e-7,
};
const results = (software: boolean): Results => ({
  format: "elder-bench/1",
  date: "2026-01-02T03:04:05Z",
  sections: [
    {
      adapter: { name: "Acme 9000", software, host: "Node (Dawn)" },
      rounds: 30,
      roofs: {
        copyGBs: 100,
        dispatchUs: 10,
        matvec: [{ name: "one row", weightBytes: 2 ** 22, gbs: 90, bar: { kind: "at least", value: 0.8 } }],
      },
      rows: [row, { ...row, ratio: { median: 2, low: 1, high: 3 } }],
    },
  ],
  missing: [{ suite: "transformers.js", reason: "No browser." }],
});

test("the report names the adapter, judges bars, and says what is missing", () => {
  const text = reportText(results(false));
  expect(text).toContain("## Node (Dawn), on Acme 9000");
  expect(text).toContain(
    "| forward, T = 1 & <more> | fused, int4 | 2.00 (1.80 to 2.20) | 4.00× (3.50 to 4.50) speed-up | at least 3×: met | 2 | 1.00 MiB | 3.00 MiB |",
  );
  expect(text).toContain("at least 3×: not met");
  expect(text).toContain("0.900 of copy bandwidth; at least 0.8: met");
  expect(text).toContain("- transformers.js: not measured. No browser.");
});

test("on a software adapter nothing is judged, and both report and plot say so", () => {
  const text = reportText(results(true));
  expect(text).toContain("software adapter: times say little about a GPU");
  expect(text).not.toMatch(/: (?:not )?met/);
  expect(drawPlot(results(true))).toContain("software adapter: times say little about a GPU");
});

test("the plot has a line a comparison, green where its bar is met, in order along the axis", () => {
  const svg = drawPlot(results(false));
  const dots = [...svg.matchAll(/<circle class="median (\w+)" cx="([\d.]+)"/g)].map(([, style, x]) => ({ style, x: Number(x) }));
  expect(dots.map(({ style }) => style)).toEqual(["met", "missed"]);
  expect(dots[0]?.x).toBeGreaterThan(dots[1]?.x ?? Infinity);
  expect(svg).toContain("T = 1 &amp; &lt;more&gt;");
  expect(svg).not.toContain("NaN");
});
