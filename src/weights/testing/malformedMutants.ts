/** Sound files with random damage, from a seed. */
import type { Prng } from "../../lib/prng.ts";

/** Where damage goes: anywhere, or among the first so many bytes, which is where headers are. */
export interface Damage {
  readonly prng: Prng;
  readonly first: number;
}

/** Numbers that parsers trip over. */
const awkward = [0, 1, 0x7f, 0x80, 0xff];

type Edit = (bytes: Uint8Array, damage: Damage) => Uint8Array;

const placeIn = (bytes: Uint8Array, { prng, first }: Damage): number => prng.below(Math.max(1, Math.min(bytes.length, first)));
const changed = (bytes: Uint8Array, change: (copy: Uint8Array) => unknown): Uint8Array => {
  const copy = bytes.slice();
  change(copy);
  return copy;
};
const joined = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const edits: readonly Edit[] = [
  function flipBit(bytes, damage) {
    const at = placeIn(bytes, damage);
    return changed(bytes, (copy) => (copy[at] = (copy[at] ?? 0) ^ (1 << damage.prng.below(8))));
  },
  function setByte(bytes, damage) {
    const value = awkward[damage.prng.below(awkward.length)] ?? 0;
    const at = placeIn(bytes, damage);
    return changed(bytes, (copy) => (copy[at] = value));
  },
  function setNumber(bytes, damage) {
    const at = placeIn(bytes, damage);
    const value = BigInt.asUintN(64, (1n << BigInt(damage.prng.below(65))) - BigInt(damage.prng.below(2)));
    return changed(bytes, (copy) => at + 8 <= copy.length && new DataView(copy.buffer).setBigUint64(at, value, true));
  },
  function cut(bytes, damage) {
    return bytes.slice(0, placeIn(bytes, damage));
  },
  function takeOut(bytes, damage) {
    const at = placeIn(bytes, damage);
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + damage.prng.below(16)));
  },
  function putIn(bytes, damage) {
    const at = placeIn(bytes, damage);
    const more = Uint8Array.from({ length: 1 + damage.prng.below(16) }, () => damage.prng.below(256));
    return joined(bytes.subarray(0, at), more, bytes.subarray(at));
  },
  function repeat(bytes, damage) {
    const at = placeIn(bytes, damage);
    const end = at + 1 + damage.prng.below(64);
    return joined(bytes.subarray(0, end), bytes.subarray(at));
  },
];

/** One to three edits, never none. */
export function mutantOf(sound: Uint8Array, damage: Damage): Uint8Array {
  let bytes = sound;
  for (let count = 1 + damage.prng.below(3); count > 0; count--) bytes = edits[damage.prng.below(edits.length)]?.(bytes, damage) ?? bytes;
  return bytes;
}
