/** Conversions between numbers and the 16-bit float formats of checkpoints: IEEE 754 binary16 and bfloat16. */

const wide = new DataView(new ArrayBuffer(8));

/** Rounds to the nearest integer, ties to even. */
function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return rest < 0.5 ? floor : floor + 1;
}

/** The binary16 bits nearest to `value`: ties to even, subnormals kept, from 65,520 on infinity, NaN as 0x7e00. */
export function encodeFloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  wide.setFloat64(0, value);
  const high = wide.getUint32(0);
  const sign = (high >>> 16) & 0x8000;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  // Below 2^-14 the spacing is 2^-24; a carry into 0x400 is the first normal number, as it should be.
  if (size < 2 ** -14) return sign | roundToEven(size * 2 ** 24);
  const exponent = ((high >>> 20) & 0x7ff) - 1023;
  const mantissa = roundToEven(size * 2 ** (10 - exponent)) - 1024;
  return sign | (((exponent + 15) << 10) + mantissa);
}

/** The number that binary16 `bits` stand for; exact. */
export function decodeFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

/** `value` rounded to binary16. */
export function roundToFloat16(value: number): number {
  return decodeFloat16(encodeFloat16(value));
}

/** Every binary16 number, by its bits; made when first needed. */
let halves: Float32Array | undefined;

/** Binary16 numbers as float32; exact. */
export function decodeFloat16Array(bits: Uint16Array): Float32Array<ArrayBuffer> {
  halves ??= Float32Array.from({ length: 65536 }, (_, pattern) => decodeFloat16(pattern));
  const result = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) result[i] = halves[bits[i] ?? 0] ?? 0;
  return result;
}

/** bfloat16 numbers (the upper half of a float32) as float32; exact. */
export function decodeBfloat16Array(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const words = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = (bits[i] ?? 0) << 16;
  return new Float32Array(words.buffer);
}
