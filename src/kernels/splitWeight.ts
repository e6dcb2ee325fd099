import type { Tensor } from "../gpu/tensors.ts";
import { weightInputs, type Weight } from "./weight.ts";

/** A weight that no single binding can hold: its rows in order, in buffers of their own. */
export interface SplitWeight {
  readonly rows: number;
  readonly columns: number;
  /** Each but the first begins at a row that is a multiple of `ALIGNMENT`, so that vectors of outputs can be viewed from there. */
  readonly parts: readonly Weight[];
}

/** A linear weight or embedding (O, I), in one piece or in several. */
export type Matrix = Weight | SplitWeight;

/** The pieces of a matrix, with the row that each begins at. */
export function piecesOf(matrix: Matrix): readonly { readonly weight: Weight; readonly first: number }[] {
  if (!("parts" in matrix)) return [{ weight: matrix, first: 0 }];
  let first = 0;
  return matrix.parts.map((weight) => ({ weight, first: (first += weight.rows) - weight.rows }));
}

/** Every tensor of a matrix, by name. */
export function matrixInputs(matrix: Matrix): Record<string, Tensor> {
  const pieces = piecesOf(matrix).map(({ weight }, i) =>
    Object.entries(weightInputs(weight)).map(([name, tensor]) => [`${name}${i}`, tensor]),
  );
  return Object.fromEntries(pieces.flat());
}
