import { expect, test } from "vitest";
import { overridden } from "./sequence.ts";

const PICKS = [
  { expert: 1, weight: 0.5 },
  { expert: 3, weight: 0.2 },
];

test.each([
  ["nothing asked", [], PICKS],
  ["another layer's", [{ layer: 4, expert: 1, kind: "mute" }], PICKS],
  ["a picked expert muted", [{ layer: 2, expert: 1, kind: "mute" }], [{ expert: 3, weight: 0.2 }]],
  ["an expert forced has the strongest's weight", [{ layer: 2, expert: 0, kind: "force" }], [{ expert: 0, weight: 0.5 }, ...PICKS]],
  [
    "forced wins over muted",
    [
      { layer: 2, expert: 3, kind: "mute" },
      { layer: 2, expert: 3, kind: "force" },
    ],
    [PICKS[0], { expert: 3, weight: 0.5 }],
  ],
] as const)("%s", (_, overrides, expected) => expect(overridden(2, PICKS, overrides)).toEqual(expected));

test("where nothing is picked a forced expert has weight 1", () =>
  expect(overridden(2, [], [{ layer: 2, expert: 5, kind: "force" }])).toEqual([{ expert: 5, weight: 1 }]));
