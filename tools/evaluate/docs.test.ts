import { expect, test } from "vitest";
import { checkpointOf, madeEdit, madeResult, outcome } from "../../src/evaluation/testing/outcomes.ts";
import { replaceSection, sectionText } from "./docs.ts";
import { curveOf, drawCurves, drawRetention } from "./plots.ts";
import { groupRuns, summaryText } from "./summary.ts";

const near = (right: boolean) => ({ ...outcome(right, right ? 840 : 420, 840), kind: "same subject" });
const edits = [1, 2, 3, 4].map((edit) =>
  madeEdit(edit, { own: outcome(true, 2, 2), heldOut: [outcome(edit < 3, edit < 3 ? 2 : 1, 2)], locality: [near(edit !== 4)] }),
);
const early = checkpointOf(edits.slice(0, 2));
const seeds = [1, 2].map((seed) => ({
  ...madeResult(edits, { seed }),
  checkpoints: [early, checkpointOf(edits, { retention: 1 + seed / 100 })],
}));
const lost = edits.map((edit) => ({ ...edit, own: outcome(edit.edit > 2, edit.edit > 2 ? 2 : 0, 2) }));
const paper = { ...madeResult(lost, { method: "paper <old>" }), checkpoints: [early, checkpointOf(lost)] };
const groups = groupRuns([...seeds, paper]);

test("the seeds of a method are one row, free and teacher-forced apart, with intervals and the seeds' spread", () => {
  expect(groups.map(({ method, results }) => [method, results.length])).toEqual([
    ["improved", 2],
    ["paper <old>", 1],
  ]);
  const [free, forced] = summaryText([...seeds, paper]).split("\n\n");
  expect(free).toMatch(
    /^improved +4 +2 +100\.0 \(100\.0–100\.0; seeds 100\.0–100\.0\) +50\.0 \(.+; seeds 50\.0–50\.0\) +75\.0 .+ – +1\.0150 \(seeds 1\.0100–1\.0200\)$/m,
  );
  expect(free).toMatch(/^paper <old> +4 +1 +50\.0 \(0\.0–100\.0\)/m);
  expect(forced).toMatch(/^improved +4 +2 +100\.0 .+ 75\.0 .+ 87\.5 /m);
});

test("a section has both tables, the plots, the cost and what was run", () => {
  const cost = { seconds: 2, gpuBytes: 1, gpuAllocatedBytes: 1, processBytes: 1 };
  const growth = { early: [10, 60], late: [950, 1000], ratio: 1.04, gpuBytesPerEdit: 12 } as const;
  const timing = { method: "improved", seed: 1, edits: edits.map(() => cost), checkpoints: [], growth };
  const file = { format: "elder-lab evaluation timing", version: 1, device: "Acme 9000", runs: [timing] } as const;
  const text = sectionText("Made up on tiny", groups, [file], { curves: "c.svg", retention: "r.svg" });
  expect(text).toContain("### Greedy free decoding, final state");
  expect(text).toMatch(/\| improved \| 4 \| 2 \| 100\.0 .* \| 75\.0 \| 1\.0150/);
  expect(text).toContain("| improved | 4 | 5 | 2.00 | 1.040 (950–1000 over 10–60) | 12 | Acme 9000 |");
  expect(text).toContain("(c.svg)");
  expect(text).toContain("`--method improved --seed 1,2 --limit 4 --every 2 --sample 100`");
});

test("a section takes its own place, or the end", () => {
  const first = replaceSection("# Results\n", "a", "one");
  expect(first).toBe("# Results\n\n<!-- results: a -->\none\n<!-- end of results: a -->\n");
  const second = replaceSection(`${first}\nMore.\n`, "b", "two");
  expect(replaceSection(second, "a", "three")).toBe(second.replace("one", "three"));
});

test("curves fall where edits are lost, and the matrix is red there", () => {
  const [, other] = groups;
  if (!other) throw new Error("There are two groups.");
  expect(curveOf(other, "reliability")).toEqual([
    [2, 1],
    [4, 0.5],
  ]);
  expect(curveOf(other, "localityFar")).toEqual([]);
  const curves = drawCurves(groups, "Title & more");
  expect(curves).toContain("paper &lt;old&gt;");
  expect(curves).toContain("Title &amp; more");
  expect(curves).not.toContain("NaN");
  const matrix = drawRetention(groups, "Title");
  // After two edits both held; after four the first two do not.
  expect([...matrix.matchAll(/class="(held|lost)" d="([^"]*)"/g)].map(([, style, path]) => [style, path])).toEqual([
    ["held", "m0 0h2"],
    ["lost", ""],
    ["held", "m0 0h4"],
    ["lost", ""],
    ["held", "m0 0h2"],
    ["lost", ""],
    ["held", "m2 0h2"],
    ["lost", "m0 0h2"],
  ]);
  expect(matrix).not.toContain("NaN");
});
