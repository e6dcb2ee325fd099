import { expect, test } from "vitest";
import { downloads } from "./downloads.ts";

test("a download that takes any shard is found", async () => {
  const { rows, faults } = await downloads.run({ long: false, seed: 1, plant: "wrong-shard" });
  expect(faults.join("\n")).toMatch(/a wrong shard was (accepted|kept)/);
  expect(rows[0]?.ok).toBe(false);
}, 120_000);
