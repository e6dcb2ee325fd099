import type { HeatmapSource } from "../../charts/Heatmap.tsx";
import type { HeatmapCell } from "../../charts/heatmapGeometry.ts";
import { cellIndex } from "../../charts/heatmapGeometry.ts";
import type { HeatmapData } from "../../charts/paintHeatmap.ts";
import type { RoutingFrame, RoutingFrames } from "../../store/routingFrames.ts";
import { tokenLabel } from "../tokenText.ts";

const TOPS = [0.05, 0.1, 0.2, 0.5, 1];

/** Among many experts even the likeliest has little: the scale ends at the first round number that holds all values. */
export function scaleTop({ largest }: Pick<RoutingFrame, "largest">): number {
  return TOPS.find((top) => largest <= top) ?? 1;
}

/** The routing as a heatmap: a column per token, a group per layer, a row per expert. @param layerLabel the words for a layer */
export function heatmapDataOf(frame: RoutingFrame, layerLabel: (layer: number) => string): HeatmapData {
  return {
    columns: frame.pieces.length,
    groups: frame.layers.length,
    rowsPerGroup: frame.experts,
    origin: frame.origin,
    values: frame.probabilities,
    top: scaleTop(frame),
    marks: frame.picked,
    columnLabel: (column) => tokenLabel(frame.pieces[column]?.text ?? ""),
    groupLabels: frame.layers.map(layerLabel),
    emphasis: frame.decidingToken,
  };
}

/** Turns frames into heatmap data once for each frame that is drawn. */
export function heatmapSource(frames: RoutingFrames, layerLabel: (layer: number) => string): HeatmapSource {
  return {
    subscribe: frames.subscribe,
    read: () => {
      const frame = frames.read();
      return frame && heatmapDataOf(frame, layerLabel);
    },
  };
}

export interface CellFacts {
  readonly token: string;
  readonly layer: number;
  readonly expert: number;
  readonly probability: number;
  readonly picked: boolean;
  readonly place: "before" | "decides" | "generated";
  /** The edit whose own the expert is; null where edits share experts. */
  readonly owner: number | null;
}

export function cellFacts(frame: RoutingFrame, cell: HeatmapCell): CellFacts | null {
  const piece = frame.pieces[cell.column];
  const layer = frame.layers[cell.group];
  if (!piece || layer === undefined || cell.row >= frame.experts) return null;
  const index = cellIndex({ columns: frame.pieces.length, groups: frame.layers.length, rowsPerGroup: frame.experts }, cell);
  const place = cell.column === frame.decidingToken ? "decides" : cell.column > frame.decidingToken ? "generated" : "before";
  return {
    token: piece.text,
    layer,
    expert: cell.row,
    probability: frame.probabilities[index] ?? 0,
    picked: frame.picked[index] === 1,
    place,
    owner: frame.owners?.[cell.row] ?? null,
  };
}
