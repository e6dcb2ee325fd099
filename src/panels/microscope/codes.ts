import type { MatrixData } from "../../charts/matrixGeometry.ts";
import type { EditFacts } from "../../engine/protocol.ts";
import { hammingDistance } from "../../lib/hamming.ts";
import { nearestCode } from "../../store/selectors.ts";

/** A row of the barcode matrix. */
export interface CodeRow {
  /** Null: the prompt's own. */
  readonly edit: number | null;
  readonly code: readonly number[];
  /** Bits in which it differs from the code that all are compared with. */
  readonly distance: number;
}

/** What all others are compared with: the prompt's own code, or that of an edit. */
export type CodeReference = number | "prompt";

/**
 * The prompt and all edits with a stored code, each by the code that is nearest to the reference, nearest first.
 * @param own the prompt's code; null where there is none
 * @returns the reference first; empty where there is no such code
 */
export function codeRows(edits: readonly EditFacts[], own: readonly number[] | null, reference: CodeReference): CodeRow[] {
  const first = reference === "prompt" ? own : (edits.find(({ id }) => id === reference)?.codes[0] ?? null);
  if (!first) return [];
  const rows: CodeRow[] = edits.flatMap(({ id, codes }) => {
    const code = nearestCode(codes, first);
    return code && id !== reference ? [{ edit: id, code, distance: hammingDistance(code, first) }] : [];
  });
  if (own && reference !== "prompt") rows.push({ edit: null, code: own, distance: hammingDistance(own, first) });
  rows.sort((a, b) => a.distance - b.distance || (a.edit ?? 0) - (b.edit ?? 0));
  return [{ edit: reference === "prompt" ? null : reference, code: first, distance: 0 }, ...rows];
}

/** 0 clear, 1 set, 2 clear and 3 set where the reference, the first row, has it otherwise. */
export function codeMatrix(rows: readonly CodeRow[], label: (row: CodeRow) => string): MatrixData {
  const columns = rows[0]?.code.length ?? 0;
  const states = new Uint8Array(columns * rows.length);
  for (const [row, { code }] of rows.entries())
    for (let bit = 0; bit < columns; bit++) states[row * columns + bit] = (code[bit] ?? 0) + (code[bit] === rows[0]?.code[bit] ? 0 : 2);
  return { columns, rows: rows.length, states, rowLabels: rows.map(label) };
}
