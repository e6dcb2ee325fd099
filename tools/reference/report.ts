/** One quantity held against its golden value. */
export interface Finding {
  readonly quantity: string;
  /** Largest |got − expected| over the largest |expected|; for exact quantities the number of differing elements. */
  readonly error: number;
  readonly tolerance: number;
  readonly elements: number;
  readonly passed: boolean;
}

export interface Report {
  /** Floats: relative to the largest golden magnitude. @throws when the sizes differ */
  close(quantity: string, got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void;
  /** Integers: every element equal. */
  equal(quantity: string, got: ArrayLike<number>, expected: ArrayLike<number>): void;
  readonly findings: readonly Finding[];
}

export function createReport(): Report {
  const findings: Finding[] = [];
  const add = (quantity: string, error: number, tolerance: number, elements: number): void => {
    findings.push({ quantity, error, tolerance, elements, passed: error <= tolerance });
  };
  return {
    findings,
    close: (quantity, got, expected, tolerance) => add(quantity, relativeError(got, expected), tolerance, expected.length),
    equal: (quantity, got, expected) => add(quantity, differing(got, expected), 0, expected.length),
  };
}

/** Infinite where the sizes differ or a value is not finite, so that it can never pass. */
function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length || expected.length === 0) return Infinity;
  let worst = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((got[i] ?? NaN) - (expected[i] ?? NaN));
    if (!Number.isFinite(difference)) return Infinity;
    worst = Math.max(worst, difference);
    largest = Math.max(largest, Math.abs(expected[i] ?? 0));
  }
  return largest === 0 ? worst : worst / largest;
}

function differing(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length) return Infinity;
  let count = 0;
  for (let i = 0; i < expected.length; i++) if (got[i] !== expected[i]) count++;
  return count;
}

export function formatTable(folder: string, findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ quantity }) => quantity.length));
  const lines = findings.map(({ quantity, error, tolerance, elements, passed }) => {
    const shown =
      tolerance === 0 ? `${error} of ${elements} differ` : `${error.toExponential(2)} (tolerance ${tolerance.toExponential(0)})`;
    return `  ${passed ? "ok  " : "FAIL"} ${quantity.padEnd(width)}  ${shown}`;
  });
  return [folder, ...lines].join("\n");
}
