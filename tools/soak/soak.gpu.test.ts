import { expect, test } from "vitest";
import { changesOf } from "./figures.ts";
import { CYCLE_EDITS, soak } from "./soak.ts";

test("a leaked buffer is found, and nothing beside it", async () => {
  const { samples, times, errors } = await soak({ edits: 2 * CYCLE_EDITS, warmUp: 0, seed: 1, leak: true });
  expect(times).toHaveLength(2 * CYCLE_EDITS);
  expect(errors).toEqual([]);
  const [early, late] = samples.map(({ held }) => held);
  if (!early || !late) throw new Error("Too few samples");
  expect(changesOf(early, late)).toEqual([
    `buffers ${early.buffers} → ${early.buffers + CYCLE_EDITS}`,
    `bytes ${early.bytes} → ${early.bytes + 256 * CYCLE_EDITS}`,
  ]);
}, 120_000);
