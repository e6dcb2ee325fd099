import { describe, expect, test } from "vitest";
import { addPoint, dropPoints, nearestPoint, type Cluster } from "./clusters.ts";

type Own = readonly [edit: number, x: number, y: number, answer: string];
const INITIAL = 1;
const build = (points: readonly Own[]): readonly Cluster[] =>
  points.reduce<readonly Cluster[]>(
    (clusters, [edit, x, y, answer]) => addPoint(clusters, { edit, key: Float32Array.of(x, y) }, answer, INITIAL),
    [],
  );
const shapes = (clusters: readonly Cluster[]) =>
  clusters.map(({ points, centre, radius }) => ({ edits: points.map(({ edit }) => edit), centre: Array.from(centre), radius }));

describe("MELO's clusters, worked by hand with an initial radius of 1", () => {
  const first: Own = [1, 0, 0, "Rome"];
  test("a far key is a cluster of its own", () => {
    expect(shapes(build([first, [2, 3, 4, "Rome"]]))).toEqual([
      { edits: [1], centre: [0, 0], radius: 1 },
      { edits: [2], centre: [3, 4], radius: 1 },
    ]);
  });
  test("a near key of the same answer moves the centre to the mean, and widens no more than it must", () => {
    expect(shapes(build([first, [2, 0, 1.5, "Rome"]]))).toEqual([{ edits: [1, 2], centre: [0, 0.75], radius: 1 }]);
    // The mean of (0, 0), (0, 1.5) and (0, 2.25) is (0, 1.25): its farthest point is 1.25 away.
    expect(shapes(build([first, [2, 0, 1.5, "Rome"], [3, 0, 2.25, "Rome"]]))).toEqual([
      { edits: [1, 2, 3], centre: [0, 1.25], radius: 1.25 },
    ]);
  });
  test("a near key of another answer splits, and points outside are left out", () => {
    // From the centre (0, 0.75) of the first two, (0, 2.25) is 1.5 away: both radii are 0.75, which holds both points but for the gap.
    const clusters = build([first, [2, 0, 1.5, "Rome"], [3, 0, 2.25, "Oslo"]]);
    expect(clusters).toHaveLength(1);
    expect(clusters[0]).toMatchObject({ answer: "Oslo", radius: 0.75 });
    const wide = build([first, [2, 0, 0.5, "Rome"], [3, 0, 2.25, "Oslo"]]);
    expect(wide.map(({ radius }) => radius)).toEqual([1 - 1e-5, 1]);
    expect(wide[0]?.points.map(({ edit }) => edit)).toEqual([1, 2]);
  });
  test("another answer at the same key takes the cluster over", () => {
    expect(shapes(build([first, [2, 0, 0, "Oslo"]]))).toEqual([{ edits: [2], centre: [0, 0], radius: 1 }]);
  });
  test("a key gets the block of the nearest point in the nearest cluster", () => {
    const clusters = build([first, [2, 0, 1.5, "Rome"], [3, 9, 9, "Oslo"]]);
    expect(nearestPoint(clusters, Float32Array.of(0, 1))).toEqual({ distance: 0.25, radius: 1, edit: 2 });
    expect(nearestPoint(clusters, Float32Array.of(0, 0.5))).toEqual({ distance: 0.25, radius: 1, edit: 1 });
    expect(nearestPoint(clusters, Float32Array.of(9, 8))).toEqual({ distance: 1, radius: 1, edit: 3 });
    expect(nearestPoint([], Float32Array.of(9, 8))).toBeUndefined();
  });
  test("without an edit's keys the centre is where it was before it", () => {
    const before = build([first, [3, 9, 9, "Oslo"]]);
    const after = build([first, [3, 9, 9, "Oslo"], [2, 0, 1.5, "Rome"]]);
    expect(dropPoints(after, 2, INITIAL)).toEqual(before);
    expect(dropPoints(after, 3, INITIAL)).toHaveLength(1);
  });
});
