/** A seeded stream of numbers: the same seed gives the same bits everywhere. */
export interface Prng {
  /** Uniform in [0, 1), 32 random bits. */
  next(): number;
  /** Uniform integer in [0, bound). */
  below(bound: number): number;
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
}

/** sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, seeded through 12 warm-up rounds. */
export function createPrng(seed: number): Prng {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const bits = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();
  const next = (): number => bits() / 4294967296;
  return {
    next,
    below: (bound) => Math.floor(next() * bound),
    uniform: (low, high) => low + (high - low) * next(),
  };
}
