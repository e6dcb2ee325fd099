import { describe, expect, test } from "vitest";
import { addSample, dropEdit, nearestEntry, type Candidate, type Entry } from "./codebook.ts";

const sample = (edit: number, x: number, y: number, answer: string): Candidate => ({
  edit,
  key: Float32Array.of(x, y),
  answer,
  value: Float32Array.of(edit),
});
const INITIAL = 1;
const build = (samples: readonly Candidate[]): readonly Entry[] =>
  samples.reduce<readonly Entry[]>((entries, own) => addSample(entries, own, INITIAL).entries, []);
const radii = (entries: readonly Entry[]) => entries.map(({ radius }) => radius);

describe("GRACE's codebook, worked by hand with an initial radius of 1", () => {
  const first = sample(1, 0, 0, "Rome");
  test("a key further than both radii from every other is a new entry", () => {
    // 3-4-5: the distance is 5, more than 1 + 1.
    expect(radii(build([first, sample(2, 3, 4, "Rome")]))).toEqual([1, 1]);
  });
  test("a near key of the same answer widens the ball to itself, and one inside leaves it", () => {
    const near = addSample(build([first]), sample(2, 0, 1.5, "Rome"), INITIAL);
    expect(near.at).toBe(0);
    expect(radii(near.entries)).toEqual([1.5]);
    expect(radii(addSample(near.entries, sample(3, 0.5, 0, "Rome"), INITIAL).entries)).toEqual([1.5]);
  });
  test("a near key of another answer splits: both radii half the distance", () => {
    const { entries, at } = addSample(build([first]), sample(2, 0.6, 0.8, "Oslo"), INITIAL);
    expect(at).toBe(1);
    expect(entries[0]?.radius).toBeCloseTo(0.5 - 1e-5, 6);
    expect(entries[1]?.radius).toBeCloseTo(0.5, 6);
    // (0.15, 0.2) is 0.25 from the first key, (0.45, 0.6) as far from the second.
    expect(nearestEntry(entries, Float32Array.of(0.15, 0.2))).toMatchObject({ at: 0 });
    expect(nearestEntry(entries, Float32Array.of(0.45, 0.6))).toMatchObject({ at: 1 });
  });
  test("another answer at the same key takes it over", () => {
    const { entries, at } = addSample(build([first, sample(2, 9, 9, "Bern")]), sample(3, 0, 0, "Oslo"), INITIAL);
    expect(entries.map(({ answer }) => answer)).toEqual(["Bern", "Oslo"]);
    expect(at).toBe(1);
    expect(radii(entries)).toEqual([1, 1]);
  });
  test("the rules change no entry that was there", () => {
    const before = build([first]);
    addSample(before, sample(2, 0, 1.5, "Rome"), INITIAL);
    expect(radii(before)).toEqual([1]);
  });
});

describe("taking an edit out of the codebook", () => {
  test("its own entries go", () => {
    const alone = build([sample(1, 0, 0, "Rome")]);
    expect(dropEdit([...alone, ...build([sample(2, 9, 9, "Oslo")])], 2, INITIAL)).toEqual(alone);
  });
  test("a ball that it widened is as wide as before", () => {
    expect(dropEdit(build([sample(1, 0, 0, "Rome"), sample(2, 0, 1.5, "Rome")]), 2, INITIAL)).toEqual(build([sample(1, 0, 0, "Rome")]));
  });
  test("a ball that others are in is centred at the first of them", () => {
    const left = dropEdit(build([sample(1, 0, 0, "Rome"), sample(2, 0, 1.5, "Rome"), sample(3, 1.2, 0, "Rome")]), 1, INITIAL);
    expect(left).toHaveLength(1);
    expect(left[0]?.members.map(({ edit }) => edit)).toEqual([2, 3]);
    // √(1.2² + 1.5²) = 1.92 from the new centre; the ball was 1.5 wide and is not widened.
    expect(left[0]?.radius).toBe(1.5);
  });
  test("a radius that it split stays halved", () => {
    const [left] = dropEdit(build([sample(1, 0, 0, "Rome"), sample(2, 1, 0, "Oslo")]), 2, INITIAL);
    expect(left?.radius).toBeCloseTo(0.5 - 1e-5, 6);
  });
});
