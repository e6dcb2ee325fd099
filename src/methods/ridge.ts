/** UltraEdit's closed form and its running normalization (arXiv 2505.14679, sections 3.2 and 3.3), in float64 on the host. */
import { EngineError } from "../lib/errors.ts";

/** Mean and sum of squared deviations of each column, over all rows so far. */
export interface Moments {
  readonly count: number;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
}

export const noMoments = (width: number): Moments => ({ count: 0, mean: new Float64Array(width), squares: new Float64Array(width) });

type Row = ArrayLike<number>;

/** The moments with more rows (Chan et al. 1979: the same for rows that come one by one). */
export function addRows(moments: Moments, rows: readonly Row[]): Moments {
  let { count } = moments;
  const mean = moments.mean.slice();
  const squares = moments.squares.slice();
  for (const row of rows) {
    count += 1;
    for (let i = 0; i < mean.length; i++) {
      const value = row[i] ?? 0;
      const away = value - (mean[i] ?? 0);
      mean[i] = (mean[i] ?? 0) + away / count;
      squares[i] = (squares[i] ?? 0) + away * (value - (mean[i] ?? 0));
    }
  }
  return { count, mean, squares };
}

/** Weights beyond this are divergence, as in training. */
const REACH = 1e5;

/** float32's, which the released code adds to each standard deviation. */
const TINY = 2 ** -23;

/** A row with the mean taken off and divided by the standard deviation; columns from `first` on. */
export function normalize({ count, mean, squares }: Moments, row: Row, first: number): Float64Array {
  return Float64Array.from(row, (value, i) => {
    const spread = Math.sqrt((squares[first + i] ?? 0) / Math.max(1, count - 1));
    return (value - (mean[first + i] ?? 0)) / (spread + TINY);
  });
}

/**
 * C of Δ = HᵀC, where Δ = (HᵀH + 1)⁻¹ HᵀV: by the push-through identity (H Hᵀ + 1) C = V, a system of as many unknowns as there are rows.
 * @param h rows of H (n, I)
 * @param v rows of V (n, O)
 * @returns rows of C (n, O)
 * @throws EngineError `training-diverged` for numbers that are none
 */
export function solveRidge(h: readonly Row[], v: readonly Row[]): Float64Array[] {
  const system = h.map((row, i) => Float64Array.from(h, (other, j) => dot(row, other) + Number(i === j)));
  const result = v.map((row) => Float64Array.from(row));
  // Gauss–Jordan: the matrix is symmetric with eigenvalues of at least 1, so that no pivot is looked for.
  system.forEach((pivot, i) => {
    const own = result[i] as Float64Array;
    scale(1 / (pivot[i] ?? 0), pivot, own);
    system.forEach((row, j) => {
      if (j === i) return;
      const factor = row[i] ?? 0;
      subtract(row, factor, pivot);
      subtract(result[j] as Float64Array, factor, own);
    });
  });
  if (result.every((row) => row.every((value) => Math.abs(value) <= REACH))) return result;
  throw new EngineError(
    "training-diverged",
    `The closed form of an edit has numbers beyond ${REACH} or none at all, expected finite ones of about 1.`,
    "Set a smaller rate and edit again; the edits made so far stay.",
  );
}

function dot(a: Row, b: Row): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function scale(factor: number, ...rows: Float64Array[]): void {
  for (const row of rows) for (let i = 0; i < row.length; i++) row[i] = (row[i] ?? 0) * factor;
}

function subtract(row: Float64Array, factor: number, other: Float64Array): void {
  for (let i = 0; i < row.length; i++) row[i] = (row[i] ?? 0) - factor * (other[i] ?? 0);
}

/** V of the closed form, one row: −η ‖ĥ‖² ĝ, of normalized input and slope. */
export const target = (input: Float64Array, slope: Float64Array, rate: number): Float64Array =>
  slope.map((value) => -rate * dot(input, input) * value);
