import { expect, test } from "vitest";
import { numerics } from "./numerics.ts";

test("training that nobody watches is found", async () => {
  const { rows, faults } = await numerics.run({ long: false, seed: 1, runs: 6, plant: "unchecked-numbers" });
  expect(faults.length).toBeGreaterThan(0);
  expect(rows[0]?.ok).toBe(false);
}, 60_000);
