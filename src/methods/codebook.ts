/** GRACE's codebook (arXiv 2211.11031, Algorithm 1; its code's `GRACEAdapter.forward`): which value a key gets. Pure: the values are trained elsewhere. */
import { euclidean, nearestBall, splitRadii } from "./nearest.ts";

/** One key with its ball and the vector that stands in for the layer's output there. */
export interface Entry {
  /** The key, that is the ball's centre, first; then those of the same answer that the ball was widened for. */
  readonly members: readonly { readonly edit: number; readonly key: Float32Array }[];
  readonly radius: number;
  /** Entries of equal answers share their balls, others split them. */
  readonly answer: string;
  readonly value: Float32Array;
}

/** A training sample on its way into the codebook. */
export interface Candidate {
  readonly edit: number;
  readonly key: Float32Array;
  readonly answer: string;
  /** Where a value of its own starts. */
  readonly value: Float32Array;
}

const ballOf = ({ members, radius }: Entry) => ({ centre: members[0]?.key ?? new Float32Array(), radius });

/** The entry nearest to a key, and the distance to it. */
export const nearestEntry = (entries: readonly Entry[], key: Float32Array) => nearestBall(entries.map(ballOf), key);

/**
 * A codebook with one more sample. Far from every key: a new entry. Near one of the same answer: that entry, its ball widened to the sample.
 * Near one of another answer: a new entry, and both radii half the distance.
 * @returns the entries, and the place of the sample's own
 */
export function addSample(entries: readonly Entry[], sample: Candidate, initial: number): { entries: readonly Entry[]; at: number } {
  const { edit, key, answer, value } = sample;
  const own: Entry = { members: [{ edit, key }], radius: initial, answer, value };
  const nearest = nearestEntry(entries, key);
  const other = nearest && entries[nearest.at];
  if (!other || nearest.distance > initial + other.radius) return { entries: [...entries, own], at: entries.length };
  const { at, distance } = nearest;
  if (other.answer === answer) {
    const widened = { ...other, members: [...other.members, { edit, key }], radius: Math.max(other.radius, distance) };
    return { entries: entries.with(at, widened), at };
  }
  const { earlier, later } = splitRadii(distance, initial);
  const rest = earlier === null ? entries.toSpliced(at, 1) : entries.with(at, { ...other, radius: earlier });
  return { entries: [...rest, { ...own, radius: later }], at: rest.length };
}

/** A codebook without one edit's keys. An entry that others are in too is centred at the first of them, and no wider than they need. */
export function dropEdit(entries: readonly Entry[], edit: number, initial: number): Entry[] {
  return entries.flatMap((entry) => {
    const members = entry.members.filter((member) => member.edit !== edit);
    const [first] = members;
    if (!first) return [];
    if (members.length === entry.members.length) return [entry];
    const needed = members.reduce((most, { key }) => Math.max(most, euclidean(first.key, key)), initial);
    return [{ ...entry, members, radius: Math.min(entry.radius, needed) }];
  });
}
