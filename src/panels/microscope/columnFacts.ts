import type { HeatmapCell } from "../../charts/heatmapGeometry.ts";
import type { RoutingFrame } from "../../store/routingFrames.ts";
import type { Difference } from "./difference.ts";

/** What the microscope's heatmap shows, and where its cursor is. */
export interface HeatmapFacts {
  readonly which: "a" | "b" | "difference";
  readonly a: RoutingFrame | null;
  readonly b: RoutingFrame | null;
  /** The one on show; of the difference, A. */
  readonly own: RoutingFrame | null;
  /** Null where one prompt is shown. */
  readonly apart: Difference | null;
  readonly cell: HeatmapCell | null;
}

export const pieceOf = (frame: RoutingFrame, column: number): string => frame.pieces[column]?.text ?? "";

export interface ColumnFacts {
  /** The token, or A's and B's. */
  readonly tokens: readonly [string] | readonly [string, string];
  readonly layers: readonly number[];
  readonly experts: number;
  /** Of a layer by its place, and an expert. */
  readonly value: (group: number, expert: number) => number;
  /** Picked, or picked by only one of both. */
  readonly marked: (group: number, expert: number) => boolean;
}

/** The numbers of the column under the cursor, or of the one that decides. */
export function columnFacts({ own, a, b, apart, cell }: HeatmapFacts): ColumnFacts | null {
  if (!own) return null;
  const { layers, experts } = own;
  const column = cell?.column ?? (apart ? (apart.data.emphasis ?? 0) : own.decidingToken);
  const index = (group: number, expert: number): number => (column * layers.length + group) * experts + expert;
  const [values, marks] = apart ? [apart.data.values, apart.data.marks] : [own.probabilities, own.picked];
  const pair = apart?.pairs[column];
  if (column >= (apart ? apart.pairs.length : own.pieces.length)) return null;
  return {
    tokens: pair && a && b ? [pieceOf(a, pair.a), pieceOf(b, pair.b)] : [pieceOf(own, column)],
    layers,
    experts,
    value: (group, expert) => values[index(group, expert)] ?? 0,
    marked: (group, expert) => marks[index(group, expert)] === 1,
  };
}
