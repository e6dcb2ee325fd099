import { describe, expect, test } from "vitest";
import { placeEdits, tracesOf, type EditTrace } from "./understand.ts";

const trace = (edit: number, allocation: number[][], code: number[]): EditTrace => ({ edit, allocation, code, key: null });
/** Two layers of four experts, two assigned on each. */
const traces = {
  layers: [4, 5],
  edits: [
    trace(
      1,
      [
        [0, 1],
        [2, 3],
      ],
      [1, 1, 0, 0, 0, 0, 1, 1],
    ),
    trace(
      2,
      [
        [0, 1],
        [1, 3],
      ],
      [1, 1, 0, 0, 0, 1, 0, 1],
    ),
    trace(
      3,
      [
        [2, 3],
        [0, 1],
      ],
      [0, 0, 1, 1, 1, 1, 0, 0],
    ),
    trace(
      4,
      [
        [1, 2],
        [2, 3],
      ],
      [0, 1, 1, 0, 0, 0, 1, 1],
    ),
  ],
};

describe("edits with experts", () => {
  const places = placeEdits(traces, new Map([[1, { heldAfter: 1, lostAfter: 4 }]]));

  test("nearest neighbours by bits between codes, earlier ones first among equals", () => {
    expect(places.get(1)?.neighbours).toEqual([
      { edit: 2, distance: 2 },
      { edit: 4, distance: 2 },
      { edit: 3, distance: 8 },
    ]);
    expect(places.get(3)?.code).toEqual([0, 0, 1, 1, 1, 1, 0, 0]);
  });

  test("collisions name the experts that two edits share, by layer", () => {
    expect(places.get(1)?.collisions).toEqual([
      {
        edit: 2,
        shared: 3,
        layers: [
          { layer: 4, experts: [0, 1], of: 2 },
          { layer: 5, experts: [3], of: 2 },
        ],
      },
      {
        edit: 4,
        shared: 3,
        layers: [
          { layer: 4, experts: [1], of: 2 },
          { layer: 5, experts: [2, 3], of: 2 },
        ],
      },
    ]);
    expect(places.get(3)?.collisions.map(({ edit }) => edit)).toEqual([2, 4]);
  });

  test("a lost edit names the experts that edits in between wrote to, the most written first", () => {
    expect(places.get(1)?.loss).toEqual({
      heldAfter: 1,
      lostAfter: 4,
      experts: [
        { layer: 4, expert: 1, edits: [2, 4] },
        { layer: 5, expert: 3, edits: [2, 4] },
        { layer: 4, expert: 0, edits: [2] },
        { layer: 5, expert: 2, edits: [4] },
      ],
    });
    expect(places.get(2)?.loss).toBeNull();
  });

  test("edits outside of the time in which it was lost are not named", () => {
    const later = placeEdits(traces, new Map([[1, { heldAfter: 3, lostAfter: 4 }]]));
    expect(later.get(1)?.loss?.experts.flatMap(({ edits }) => edits)).toEqual([4, 4, 4]);
  });
});

describe("what a method keeps", () => {
  test("allocations and codes are read from its facts", () => {
    const facts = {
      edits: [
        {
          edit: 1,
          allocation: [[0], [1]],
          codes: [
            [1, 0, 0, 1],
            [0, 1, 0, 1],
          ],
        },
      ],
    };
    expect(tracesOf({ layers: [2, 3] }, { facts, arrays: {} })).toEqual({
      layers: [2, 3],
      edits: [{ edit: 1, allocation: [[0], [1]], code: [1, 0, 0, 1], key: null }],
    });
  });

  test("keys are read from its arrays, and neighbours told by the angle between them", () => {
    const arrays = { "key 1.0": Float32Array.of(1, 0), "key 2.0": Float32Array.of(0, 2), "key 3.0": Float32Array.of(3, 3) };
    const read = tracesOf({}, { facts: { edits: [{ edit: 1 }, { edit: 2 }, { edit: 3 }] }, arrays });
    const place = read && placeEdits(read, new Map([[1, { heldAfter: 1, lostAfter: 3 }]])).get(1);
    expect(place?.neighbours.map(({ edit }) => edit)).toEqual([3, 2]);
    expect(place?.neighbours[0]?.distance).toBeCloseTo(1 - Math.SQRT1_2, 12);
    expect(place).toMatchObject({ allocation: null, code: null, collisions: [], loss: null });
  });

  test("keys that lie in one array belong to the edits listed with them, the first to each", () => {
    const facts = { edits: [1, 2], entries: [{ members: [2, 1] }, { members: [2] }] };
    const read = tracesOf({}, { facts, arrays: { keys: Float32Array.of(1, 2, 3, 4, 5, 6) } });
    expect(new Map(read?.edits.map(({ edit, key }) => [edit, [...(key ?? [])]]))).toEqual(
      new Map([
        [1, [3, 4]],
        [2, [1, 2]],
      ]),
    );
  });

  test("of methods that keep nothing of the kind there is nothing to tell", () => {
    for (const facts of [undefined, null, {}, { edits: 3 }, { edits: [{ edit: 1 }] }])
      expect(tracesOf(null, { facts, arrays: {} })).toBeNull();
  });
});
