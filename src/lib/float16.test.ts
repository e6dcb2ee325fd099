import { describe, expect, test } from "vitest";
import { decodeBfloat16Array, decodeFloat16, decodeFloat16Array, encodeFloat16, roundToFloat16 } from "./float16.ts";

const every = Array.from({ length: 65536 }, (_, bits) => bits);
const isNaNBits = (bits: number) => (bits & 0x7fff) > 0x7c00;

/** The value by another way: the float32 with the same fields, subnormals scaled up first. */
function byFloat32Bits(bits: number): number {
  const magic = new Float32Array(new Uint32Array([(254 - 15) << 23]).buffer)[0] ?? 0;
  const word = new Uint32Array([(bits & 0x7fff) << 13]);
  const scaled = (new Float32Array(word.buffer)[0] ?? 0) * magic;
  const value = (bits & 0x7c00) === 0x7c00 ? ((bits & 0x3ff) === 0 ? Infinity : NaN) : scaled;
  return bits & 0x8000 ? -value : value;
}

describe("binary16", () => {
  test("decodes all 65,536 patterns", () => {
    expect(every.filter((bits) => !Object.is(decodeFloat16(bits), byFloat32Bits(bits)))).toEqual([]);
    expect(decodeFloat16Array(Uint16Array.from(every))).toEqual(Float32Array.from(every, byFloat32Bits));
  });

  test("encodes every number it can hold as itself", () => {
    const wrong = every.filter((bits) => !isNaNBits(bits) && encodeFloat16(decodeFloat16(bits)) !== bits);
    expect(wrong).toEqual([]);
    expect(every.filter((bits) => isNaNBits(bits) && encodeFloat16(decodeFloat16(bits)) !== 0x7e00)).toEqual([]);
  });

  test("rounds to the nearest, halves to the even pattern, between all neighbours", () => {
    const wrong = every.slice(0, 0x7bff).filter((bits) => {
      const low = decodeFloat16(bits);
      const high = decodeFloat16(bits + 1);
      const middle = (low + high) / 2;
      const step = (high - low) * 2 ** -30;
      const even = bits + (bits & 1);
      const right = encodeFloat16(middle - step) === bits && encodeFloat16(middle) === even && encodeFloat16(middle + step) === bits + 1;
      return !right || encodeFloat16(-middle) !== (even | 0x8000);
    });
    expect(wrong).toEqual([]);
  });

  test("goes to infinity from 65,520 on, and to zero below half the least subnormal", () => {
    expect(encodeFloat16(65519.999)).toBe(0x7bff);
    expect(encodeFloat16(65520)).toBe(0x7c00);
    expect(encodeFloat16(-1e300)).toBe(0xfc00);
    expect(encodeFloat16(2 ** -25)).toBe(0);
    expect(encodeFloat16(2 ** -25 * 1.0001)).toBe(1);
    expect(encodeFloat16(-0)).toBe(0x8000);
    expect(roundToFloat16(0.1)).toBe(0.0999755859375);
  });
});

test("bfloat16 is the upper half of float32, for all patterns", () => {
  const halves = Uint16Array.from(every);
  const words = new Uint32Array(decodeBfloat16Array(halves).buffer);
  expect(every.filter((half) => words[half] !== half * 65536)).toEqual([]);
  expect([...decodeBfloat16Array(Uint16Array.of(0x3f80, 0xc000, 0x0001))]).toEqual([1, -2, 2 ** -133]);
});
