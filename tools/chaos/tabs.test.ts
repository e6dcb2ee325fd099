import { expect, test } from "vitest";
import { tabs } from "./tabs.ts";

test("three tabs that write, begin and take over as they like lose nothing that was said to be saved", async () => {
  const { rows, faults } = await tabs.run({ long: false, seed: 1 });
  expect(faults).toEqual([]);
  expect(rows.map(({ ok }) => ok)).toEqual([true, true]);
});

test("writers without a lock are found", async () => {
  const { faults } = await tabs.run({ long: false, seed: 1, plant: "unlocked-writer", runs: 2 });
  expect(faults.length).toBeGreaterThan(0);
});
