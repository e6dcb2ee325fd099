import { expect, test } from "vitest";
import { allocations } from "./allocations.ts";

// Untroubled ends are the part's own run; here it must see a device on which nobody asks what became of a buffer.
test("an allocation that nobody checks is found", async () => {
  const { rows, faults } = await allocations.run({ long: false, seed: 1, runs: 4, plant: "unchecked-allocation" });
  expect(faults.length).toBeGreaterThan(0);
  expect(rows.every(({ ok }) => ok)).toBe(false);
}, 60_000);
