import { useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import type { KeyboardEvent, PointerEvent, ReactNode, Ref } from "react";
import type { GridDrawing } from "./drawGrid.ts";
import { drawGrid } from "./drawGrid.ts";
import type { PictureHandle } from "./exportChart.ts";
import type { GridSource } from "./gridPicture.ts";
import { gridSvg } from "./gridSvg.ts";
import { cellAt, cellRect, moveCell } from "./heatmapGeometry.ts";
import type { HeatmapCell } from "./heatmapGeometry.ts";
import "./heatmap.css";

export interface CellGridProps {
  readonly source: GridSource;
  readonly label: string;
  readonly roleDescription: string;
  /** The cell whose numbers are read out; null for none. */
  readonly cell: HeatmapCell | null;
  readonly onCell: (cell: HeatmapCell | null) => void;
  /** A click on a cell, or Enter or Space on the one under the cursor. */
  readonly onChoose?: ((cell: HeatmapCell, by: "pointer" | "key") => void) | undefined;
  readonly handle?: Ref<PictureHandle> | undefined;
}

/**
 * Cells on a canvas with a pixel each, which the stylesheet scales; what stands over them on another, as wide as what is in sight. Hover, touch
 * and arrow keys move the cursor. Draws at most once a frame. Canvases do not follow the stylesheet: a source that is new is drawn in its colours.
 */
export function CellGrid({ source, label, roleDescription, cell, onCell, onChoose, handle }: CellGridProps): ReactNode {
  const rootRef = useRef<HTMLDivElement>(null);
  const drawing = useRef<GridDrawing | null>(null);
  const cellRef = useRef(cell);

  useEffect(() => {
    if (!rootRef.current) return;
    const current = drawGrid(rootRef.current, source, () => cellRef.current);
    drawing.current = current;
    return () => {
      drawing.current = null;
      current.stop();
    };
  }, [source]);
  useLayoutEffect(() => {
    cellRef.current = cell;
    drawing.current?.schedule();
  }, [cell]);
  useImperativeHandle(handle, () => ({ toSvg: (title) => svgOf(rootRef.current, source, title) }), [source]);

  const under = ({ nativeEvent }: PointerEvent | { readonly nativeEvent: MouseEvent }): HeatmapCell | null => {
    const geometry = drawing.current?.geometry;
    return geometry ? cellAt(geometry, nativeEvent.offsetX + 1, nativeEvent.offsetY + geometry.top) : null;
  };
  const point = (event: PointerEvent): void => {
    const found = under(event);
    if (found && !sameCell(found, cell)) onCell(found);
  };
  const begin = (): HeatmapCell => cell ?? source.read()?.start ?? { column: 0, group: 0, row: 0 };

  const press = (event: KeyboardEvent): void => {
    const geometry = drawing.current?.geometry;
    if (!geometry || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && cell) {
      // The dialog around it stays open: the next one closes that.
      event.preventDefault();
      return onCell(null);
    }
    const from = { ...begin(), column: Math.min(begin().column, geometry.columns - 1) };
    if (onChoose && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      onCell(from);
      return onChoose(from, "key");
    }
    const next = moveCell(geometry, from, event.key);
    if (!next) return;
    event.preventDefault();
    scrollTo(rootRef.current, cellRect(geometry, next));
    onCell(next);
  };

  return (
    <div ref={rootRef} className="heatmap">
      <canvas className="heatmap-gutter" aria-hidden="true" />
      <div className="heatmap-frame">
        <div className="heatmap-content">
          <div className="heatmap-cells">
            <canvas
              className="heatmap-canvas"
              tabIndex={0}
              role="application"
              aria-label={label}
              aria-roledescription={roleDescription}
              data-choosable={onChoose ? true : undefined}
              onPointerMove={point}
              onPointerDown={point}
              onPointerLeave={(event) => event.pointerType === "mouse" && document.activeElement !== event.currentTarget && onCell(null)}
              onClick={(event) => {
                const found = under(event);
                if (found) onChoose?.(found, "pointer");
              }}
              onFocus={() => cell ?? onCell(begin())}
              onKeyDown={press}
            />
          </div>
          <canvas className="heatmap-over" aria-hidden="true" />
        </div>
      </div>
    </div>
  );
}

function scrollTo(root: HTMLElement | null, { x, y, width, height }: { x: number; y: number; width: number; height: number }): void {
  const frame = root?.querySelector(".heatmap-frame");
  if (!root || !frame) return;
  frame.scrollLeft = Math.min(x, Math.max(frame.scrollLeft, x + width - frame.clientWidth));
  root.scrollTop = Math.min(y, Math.max(root.scrollTop, y + height - root.clientHeight));
}

function svgOf(root: HTMLElement | null, source: GridSource, title: string): string | null {
  const picture = source.read();
  return root && picture && picture.columns > 0 ? gridSvg(root, picture, title) : null;
}

function sameCell(a: HeatmapCell, b: HeatmapCell | null): boolean {
  return b !== null && a.column === b.column && a.group === b.group && a.row === b.row;
}
