import { expect, test } from "vitest";
import { createRoutingFrames } from "../../store/routingFrames.ts";
import type { RoutingFrames } from "../../store/routingFrames.ts";
import { fakePieces, fakeRows, fakeSettings, fakeTrace } from "../../store/testing/fakeModel.ts";
import { columnFacts } from "./columnFacts.ts";
import { differenceSource, frameSource } from "./sources.ts";
import type { Shown } from "./sources.ts";

const shown: Shown = { layerLabel: String, group: null, pickedOnly: false, overrides: [] };

function framesOf(text: string): RoutingFrames {
  const frames = createRoutingFrames();
  frames.show(fakeTrace(text, fakeSettings, []));
  return frames;
}

function append(frames: RoutingFrames, word: string): void {
  const pieces = [...(frames.read()?.pieces ?? []), ...fakePieces(word)];
  const piece = pieces.at(-1);
  if (piece) frames.append(piece, fakeRows(pieces, pieces.length - 1, fakeSettings));
}

test("one layer alone, which goes on where the whole does", () => {
  const frames = framesOf("The capital of France is");
  const source = frameSource(frames, { ...shown, group: 2 });
  const first = source.read();
  const frame = frames.read();
  expect(first).toMatchObject({ columns: 5, groups: 1, rowsPerGroup: 4, groupLabels: ["6"] });
  expect([...(first?.values.subarray(4, 8) ?? [])]).toEqual([...(frame?.probabilities.subarray(24, 28) ?? [])]);
  append(frames, " Paris");
  const grown = source.read();
  expect(grown?.columns).toBe(6);
  expect(grown?.origin).toBe(first?.origin);
  expect(grown?.values.subarray(0, 20)).toEqual(first?.values);
  frames.show(fakeTrace("Another text", fakeSettings, []));
  expect(source.read()?.origin).not.toBe(first?.origin);
});

test("rows of forced and muted experts have a sign, of the layers on show alone", () => {
  const overrides = [
    { layer: 4, expert: 1, kind: "force" as const },
    { layer: 6, expert: 3, kind: "mute" as const },
    { layer: 6, expert: 99, kind: "mute" as const },
    { layer: 77, expert: 0, kind: "mute" as const },
  ];
  const frames = framesOf("The capital");
  expect([...(frameSource(frames, { ...shown, overrides }).read()?.rowSigns ?? [])]).toEqual([
    [1, "+"],
    [11, "×"],
  ]);
  expect([...(frameSource(frames, { ...shown, overrides, group: 2 }).read()?.rowSigns ?? [])]).toEqual([[3, "×"]]);
});

test("a difference is computed once for each pair of frames, and both are listened to", () => {
  const [a, b] = [framesOf("The capital of France is"), createRoutingFrames()];
  const source = differenceSource(a, b, shown);
  let heard = 0;
  const stop = source.subscribe(() => heard++);
  expect(source.read()).toBeNull();
  b.show(fakeTrace("The capital of Germany is", fakeSettings, []));
  const found = source.difference();
  expect(source.difference()).toBe(found);
  append(a, " Paris");
  expect(source.difference()).not.toBe(found);
  expect(source.read()).toMatchObject({ columns: 5, diverging: true });
  expect(heard).toBe(2);
  stop();
  append(a, " and");
  expect(heard).toBe(2);
});

test("the numbers of the column under the cursor, else of the one that decides", () => {
  const [a, b] = [framesOf("The capital of France is").read(), framesOf("The capital of Germany is").read()];
  const at = { column: 3, group: 1, row: 2 };
  const facts = columnFacts({ which: "a", a, b, own: a, apart: null, cell: at });
  expect(facts?.tokens).toEqual([" France"]);
  expect(facts?.value(1, 2)).toBe(a?.probabilities[3 * 16 + 6]);
  expect(columnFacts({ which: "a", a, b, own: a, apart: null, cell: null })?.tokens).toEqual([" is"]);
  expect(columnFacts({ which: "a", a, b, own: a, apart: null, cell: { ...at, column: 5 } })).toBeNull();
  expect(columnFacts({ which: "b", a, b: null, own: null, apart: null, cell: null })).toBeNull();
  const [left, right] = [framesOf("The capital of France is"), framesOf("Germany is")];
  const apart = differenceSource(left, right, shown).difference();
  const both = columnFacts({ which: "difference", a: left.read(), b: right.read(), own: left.read(), apart, cell: { ...at, column: 0 } });
  expect(both?.tokens).toEqual([" France", "Germany"]);
});
