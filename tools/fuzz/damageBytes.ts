/** Damage to bytes: what storage and networks do to them, and lies of those who know the format. */
import { mutantOf } from "../../src/weights/testing/malformedMutants.ts";
import type { Draw } from "./draw.ts";

/** Lengths and counts that readers trip over. */
const lies = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff] as const;

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A number of 16 or 32 bits set to a lie, or moved a little: most lengths and counts are those. */
function lieAboutLength(bytes: Uint8Array, draw: Draw, first: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const at = draw.prng.below(Math.max(1, Math.min(bytes.length, first)));
  const little = !draw.oneIn(8);
  const moved = (value: number): number => (draw.oneIn(2) ? draw.pick(lies) : value + draw.prng.below(17) - 8);
  if (draw.oneIn(2) && at + 2 <= copy.length) view.setUint16(at, moved(view.getUint16(at, little)), little);
  else if (at + 4 <= copy.length) view.setUint32(at, moved(view.getUint32(at, little)), little);
  return copy;
}

/** The beginning of one, the end of another. */
function splice(bytes: Uint8Array, other: Uint8Array, draw: Draw): Uint8Array {
  const at = draw.prng.below(bytes.length + 1);
  return joined(bytes.subarray(0, at), other.subarray(draw.oneIn(2) ? at : draw.prng.below(other.length + 1)));
}

/** A part moved to another place. */
function move(bytes: Uint8Array, draw: Draw): Uint8Array {
  const [begin, length] = [draw.prng.below(bytes.length + 1), 1 + draw.prng.below(64)];
  const part = bytes.subarray(begin, begin + length);
  const rest = joined(bytes.subarray(0, begin), bytes.subarray(begin + length));
  const to = draw.prng.below(rest.length + 1);
  return joined(rest.subarray(0, to), part, rest.subarray(to));
}

/**
 * @param first damage goes mostly among so many bytes: where headers are
 * @param others to splice with
 */
export function damageBytes(bytes: Uint8Array, draw: Draw, first = bytes.length, others: readonly Uint8Array[] = []): Uint8Array {
  const reach = draw.oneIn(8) ? bytes.length : first;
  switch (draw.prng.below(10)) {
    case 0:
    case 1:
    case 2:
      return lieAboutLength(bytes, draw, reach);
    case 3:
      return splice(bytes, others.length > 0 ? draw.pick(others) : bytes, draw);
    case 4:
      return move(bytes, draw);
    default:
      return mutantOf(bytes, { prng: draw.prng, first: reach });
  }
}
