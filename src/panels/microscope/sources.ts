/** Where the microscope's heatmap reads its pictures. */
import type { HeatmapSource } from "../../charts/Heatmap.tsx";
import type { HeatmapData } from "../../charts/paintHeatmap.ts";
import type { RoutingOverride } from "../../engine/protocol.ts";
import type { RoutingFrame, RoutingFrames } from "../../store/routingFrames.ts";
import { heatmapDataOf } from "../routing/frameData.ts";
import { differenceOf } from "./difference.ts";
import type { Difference } from "./difference.ts";

export interface Shown {
  readonly layerLabel: (layer: number) => string;
  /** The one layer that is shown, by its place among the mixture's; null for all. */
  readonly group: number | null;
  readonly pickedOnly: boolean;
  readonly overrides: readonly RoutingOverride[];
}

/** One prompt's routing, as it comes. */
export function frameSource(frames: RoutingFrames, shown: Shown): HeatmapSource {
  const cut = oneGroup(shown.group);
  return {
    subscribe: frames.subscribe,
    read() {
      const frame = frames.read();
      if (!frame) return null;
      const data = cut({ ...heatmapDataOf(frame, shown.layerLabel), markedOnly: shown.pickedOnly });
      return { ...data, rowSigns: signsOf(frame, shown) };
    },
  };
}

/** A minus B, computed once for each pair of frames. */
export function differenceSource(a: RoutingFrames, b: RoutingFrames, shown: Shown): HeatmapSource & { difference(): Difference | null } {
  const cut = oneGroup(shown.group);
  let last: { readonly a: RoutingFrame; readonly b: RoutingFrame; readonly found: Difference | null } | undefined;
  const difference = (): Difference | null => {
    const [ofA, ofB] = [a.read(), b.read()];
    if (!ofA || !ofB) return null;
    if (last?.a !== ofA || last.b !== ofB) last = { a: ofA, b: ofB, found: differenceOf(ofA, ofB, shown.layerLabel) };
    return last.found;
  };
  return {
    difference,
    subscribe(listener) {
      const [first, second] = [a.subscribe(listener), b.subscribe(listener)];
      return () => {
        first();
        second();
      };
    },
    read() {
      const data = difference()?.data;
      return data ? cut({ ...data, markedOnly: shown.pickedOnly }) : null;
    },
  };
}

/** Keeps one group of rows; the same origin gives the same origin. */
function oneGroup(group: number | null): (data: HeatmapData) => HeatmapData {
  let last: { readonly of: object; readonly origin: object } | undefined;
  return (data) => {
    if (group === null || group >= data.groups) return data;
    if (last?.of !== data.origin) last = { of: data.origin, origin: {} };
    const { columns, groups, rowsPerGroup } = data;
    const values = new Float32Array(columns * rowsPerGroup);
    const marks = new Uint8Array(values.length);
    for (let column = 0; column < columns; column++) {
      const from = (column * groups + group) * rowsPerGroup;
      values.set(data.values.subarray(from, from + rowsPerGroup), column * rowsPerGroup);
      marks.set(data.marks.subarray(from, from + rowsPerGroup), column * rowsPerGroup);
    }
    return { ...data, groups: 1, values, marks, origin: last.origin, groupLabels: data.groupLabels.slice(group, group + 1) };
  };
}

const SIGNS = { force: "+", mute: "×" } as const;

/** Rows whose experts are forced or muted. */
function signsOf({ layers, experts }: RoutingFrame, { overrides, group }: Shown): ReadonlyMap<number, string> {
  return new Map(
    overrides.flatMap(({ layer, expert, kind }) => {
      const at = layers.indexOf(layer);
      if (at < 0 || expert >= experts || (group !== null && group !== at)) return [];
      return [[(group === null ? at : 0) * experts + expert, SIGNS[kind]] as const];
    }),
  );
}
