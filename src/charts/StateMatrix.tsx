import { useMemo } from "react";
import type { ReactNode } from "react";
import { CellGrid } from "./CellGrid.tsx";
import type { CellGridProps } from "./CellGrid.tsx";
import type { ScaleTheme } from "./colourScale.ts";
import type { HeatmapCell } from "./heatmapGeometry.ts";
import type { MatrixData } from "./matrixGeometry.ts";
import { matrixPicture } from "./paintMatrix.ts";
import type { MatrixLook } from "./paintMatrix.ts";

export type MatrixCell = Pick<HeatmapCell, "row" | "column">;

export interface StateMatrixProps extends Pick<CellGridProps, "label" | "roleDescription" | "handle"> {
  readonly data: MatrixData;
  readonly look: MatrixLook;
  readonly theme: ScaleTheme;
  /** The cell that is read out; null for none. */
  readonly cell: MatrixCell | null;
  readonly onCell: (cell: MatrixCell | null) => void;
  readonly onChoose?: ((cell: MatrixCell) => void) | undefined;
}

const still = (): (() => void) => () => undefined;

/** Rows × columns of states, each with its colour, and some with a sign of their own where there is room. */
export function StateMatrix({ data, look, theme, cell, ...grid }: StateMatrixProps): ReactNode {
  const source = useMemo(() => {
    const picture = matrixPicture(data, look);
    // The theme is part of the source, so that another is drawn in its own colours.
    return { read: () => picture, subscribe: still, theme };
  }, [data, look, theme]);
  const inside = cell && cell.column < data.columns && cell.row < data.rows ? cell : null;
  return <CellGrid {...grid} source={source} cell={inside && { ...inside, group: 0 }} />;
}
