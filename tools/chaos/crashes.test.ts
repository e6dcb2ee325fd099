import { expect, test } from "vitest";
import { crashes } from "./crashes.ts";

test("a crash in any operation leaves the last state or the next one", async () => {
  const { rows, faults } = await crashes.run({ long: false, seed: 1 });
  expect(faults).toEqual([]);
  expect(rows.every(({ ok }) => ok)).toBe(true);
});

test.each(["skipped-flush", "missing-crc"])("a %s is found", async (plant) => {
  const { rows, faults } = await crashes.run({ long: false, seed: 1, plant });
  expect(faults.length).toBeGreaterThan(0);
  expect(rows[0]?.ok).toBe(false);
});
