import { expect, test } from "vitest";
import { submits } from "./submits.ts";

test("the work of every submit is bounded, and a dispatcher without bounds is found", async () => {
  const { rows, faults } = await submits.run({ long: false, seed: 1 });
  expect(faults).toEqual([]);
  expect(rows).toHaveLength(8);
  expect(rows.every(({ runs, ok }) => ok && runs > 20)).toBe(true);
  const planted = await submits.run({ long: false, seed: 1, plant: "unbounded-dispatcher" });
  expect(planted.faults.join("\n")).toContain("llama-2-7b int4, 4096 tokens read");
}, 120_000);
