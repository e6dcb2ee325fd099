import { useMemo } from "react";
import type { ReactNode } from "react";
import { CellGrid } from "./CellGrid.tsx";
import type { CellGridProps } from "./CellGrid.tsx";
import { heatmapPictures } from "./paintHeatmap.ts";
import type { HeatmapData, HeatmapLook } from "./paintHeatmap.ts";

/** Where the picture comes from: read when a frame is drawn, not when it changes. */
export interface HeatmapSource {
  read(): HeatmapData | null;
  subscribe(listener: () => void): () => void;
}

export interface HeatmapProps extends HeatmapLook, Omit<CellGridProps, "source"> {
  readonly source: HeatmapSource;
}

/** Columns × groups × rows of values in colours. */
export function Heatmap({ source, theme, captions, height, whole = false, ...grid }: HeatmapProps): ReactNode {
  const pictures = useMemo(() => {
    const pictureOf = heatmapPictures({ theme, captions, height, whole });
    return {
      subscribe: source.subscribe,
      read: () => {
        const data = source.read();
        return data && pictureOf(data);
      },
    };
  }, [source, theme, captions, height, whole]);
  return <CellGrid {...grid} source={pictures} />;
}
