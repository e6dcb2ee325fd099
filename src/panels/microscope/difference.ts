import type { HeatmapData } from "../../charts/paintHeatmap.ts";
import type { RoutingFrame } from "../../store/routingFrames.ts";
import { scaleTop } from "../routing/frameData.ts";
import { tokenLabel } from "../tokenText.ts";

/** A token of A with the one of B at the same distance from the end of its prompt. */
export interface AlignedPair {
  readonly a: number;
  readonly b: number;
}

type Aligned = Pick<RoutingFrame, "pieces" | "decidingToken">;

/** Pairs of tokens from the last of each prompt backwards, which both prompts have, and from there onwards through what both generated. */
export function alignedPairs(a: Aligned, b: Aligned): AlignedPair[] {
  const before = Math.min(a.decidingToken, b.decidingToken);
  const after = Math.min(a.pieces.length - a.decidingToken, b.pieces.length - b.decidingToken);
  return Array.from({ length: Math.max(0, before + after) }, (_, i) => ({
    a: a.decidingToken - before + i,
    b: b.decidingToken - before + i,
  }));
}

export interface Difference {
  readonly pairs: readonly AlignedPair[];
  readonly data: HeatmapData;
  /** Experts at the deciding tokens that only one of both picks. */
  readonly decidingDiffer: number;
}

/** A minus B, token by token; null where their routers are not the same. A mark: only one of both picks the expert. */
export function differenceOf(a: RoutingFrame, b: RoutingFrame, layerLabel: (layer: number) => string): Difference | null {
  if (a.experts !== b.experts || a.layers.join() !== b.layers.join()) return null;
  const pairs = alignedPairs(a, b);
  const width = a.layers.length * a.experts;
  const values = new Float32Array(pairs.length * width);
  const marks = new Uint8Array(values.length);
  for (const [column, pair] of pairs.entries()) {
    for (let i = 0; i < width; i++) {
      const [ofA, ofB] = [pair.a * width + i, pair.b * width + i];
      values[column * width + i] = (a.probabilities[ofA] ?? 0) - (b.probabilities[ofB] ?? 0);
      marks[column * width + i] = Number(a.picked[ofA] !== b.picked[ofB]);
    }
  }
  const deciding = pairs.findIndex((pair) => pair.a === a.decidingToken);
  const data: HeatmapData = {
    columns: pairs.length,
    groups: a.layers.length,
    rowsPerGroup: a.experts,
    origin: values,
    values,
    top: scaleTop({ largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) }),
    diverging: true,
    marks,
    columnLabel: (column) => pairLabel(a, b, pairs[column]),
    groupLabels: a.layers.map(layerLabel),
    emphasis: deciding < 0 ? null : deciding,
  };
  const decidingDiffer = marks.subarray(deciding * width, (deciding + 1) * width).reduce((sum, mark) => sum + mark, 0);
  return { pairs, data, decidingDiffer };
}

/** Both tokens, or one where they are the same. */
function pairLabel(a: RoutingFrame, b: RoutingFrame, pair: AlignedPair | undefined): string {
  const [ofA, ofB] = [a.pieces[pair?.a ?? -1]?.text ?? "", b.pieces[pair?.b ?? -1]?.text ?? ""];
  return ofA === ofB ? tokenLabel(ofA) : `${tokenLabel(ofA)} / ${tokenLabel(ofB)}`;
}
