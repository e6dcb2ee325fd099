import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { HeatmapSource } from "../../charts/Heatmap.tsx";
import type { RoutingFrames } from "../../store/routingFrames.ts";
import type { HeatmapFacts } from "./columnFacts.ts";
import { differenceSource, frameSource } from "./sources.ts";
import type { Shown } from "./sources.ts";

type Facts = Omit<HeatmapFacts, "cell">;

export interface HeatmapReading {
  readonly source: HeatmapSource;
  /** What is on show now. */
  readonly read: () => Facts;
  readonly subscribe: (listener: () => void) => () => void;
}

/** What the heatmap shows, as its pictures and as numbers. Rows come many times a second: those who use it say what they need of it. */
export function useHeatmapReading(which: Facts["which"], frames: RoutingFrames, otherFrames: RoutingFrames, shown: Shown): HeatmapReading {
  return useMemo(() => {
    const difference = differenceSource(frames, otherFrames, shown);
    const source = which === "difference" ? difference : frameSource(which === "a" ? frames : otherFrames, shown);
    const read = (): Facts => {
      const [a, b] = [frames.read(), otherFrames.read()];
      return { which, a, b, own: which === "b" ? b : a, apart: which === "difference" ? difference.difference() : null };
    };
    return { source, read, subscribe: difference.subscribe };
  }, [which, frames, otherFrames, shown]);
}

/** One fact of it: drawn anew when that changes. @param select gives the same reference while nothing of it changed */
export function useHeatmapFact<T>({ read, subscribe }: HeatmapReading, select: (facts: Facts) => T): T {
  return useSyncExternalStore(
    subscribe,
    useCallback(() => select(read()), [select, read]),
  );
}
