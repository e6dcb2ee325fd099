/** Queries in two dimensions: their two principal components. */
import { createPrng } from "../lib/prng.ts";

export interface MappedQueries {
  /** Coordinates (n, 2), row-major. */
  readonly points: Float32Array;
  /** Share of the variance that each of the two explains, 0 to 1. */
  readonly explained: readonly [number, number];
}

const ITERATIONS = 200;

/**
 * Principal components by power iteration on the n × n matrix of inner products of the centred rows: n is small, d is not.
 * @param rows n vectors of one width
 */
export function principalPlane(rows: readonly Float32Array[]): MappedQueries {
  const n = rows.length;
  const gram = innerProducts(centred(rows));
  const total = rows.reduce((sum, _, i) => sum + (gram[i * n + i] ?? 0), 0);
  const points = new Float32Array(2 * n);
  const explained: [number, number] = [0, 0];
  if (n < 2 || total <= 0) return { points, explained };
  for (const axis of [0, 1] as const) {
    const { vector, value } = greatest(gram, n);
    // A component of the inner products, times the root of its weight, is the rows' coordinate on that axis.
    vector.forEach((part, i) => (points[2 * i + axis] = part * Math.sqrt(Math.max(value, 0))));
    explained[axis] = Math.max(value, 0) / total;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) gram[i * n + j] = (gram[i * n + j] ?? 0) - value * (vector[i] ?? 0) * (vector[j] ?? 0);
  }
  return { points, explained };
}

function centred(rows: readonly Float32Array[]): Float64Array[] {
  const mean = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) row.forEach((value, i) => (mean[i] = (mean[i] ?? 0) + value / rows.length));
  return rows.map((row) => Float64Array.from(row, (value, i) => value - (mean[i] ?? 0)));
}

function innerProducts(rows: readonly Float64Array[]): Float64Array {
  const n = rows.length;
  const gram = new Float64Array(n * n);
  rows.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const b = rows[j] as Float64Array;
      let product = 0;
      for (let k = 0; k < a.length; k++) product += (a[k] ?? 0) * (b[k] ?? 0);
      gram[i * n + j] = gram[j * n + i] = product;
    }
  });
  return gram;
}

/** The eigenvector of length 1 with the greatest eigenvalue; its first entry that is not 0 is positive, so that a map does not flip. */
function greatest(matrix: Float64Array, n: number): { vector: Float64Array; value: number } {
  const prng = createPrng(1);
  let vector = Float64Array.from({ length: n }, () => prng.uniform(-1, 1));
  let value = 0;
  for (let step = 0; step < ITERATIONS; step++) {
    const next = vector.map((_, i) => vector.reduce((sum, part, j) => sum + (matrix[i * n + j] ?? 0) * part, 0));
    value = Math.hypot(...next);
    if (value === 0) return { vector: new Float64Array(n), value: 0 };
    vector = next.map((part) => part / value);
  }
  const sign = Math.sign(vector.find((part) => Math.abs(part) > 1e-9) ?? 1);
  return { vector: vector.map((part) => part * sign), value };
}
