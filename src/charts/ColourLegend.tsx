import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { SCALE_STEPS, sequentialScale } from "./colourScale.ts";
import type { ScaleTheme } from "./colourScale.ts";
import "./heatmap.css";

const TICKS = [0, 0.1, 0.25, 0.5, 1];

/** The scale of the heatmap with its values where they lie on it. */
export function ColourLegend({ theme, label }: { readonly theme: ScaleTheme; readonly label: string }): ReactNode {
  const canvasRef = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvasRef.current?.getContext("2d");
    if (!context) return;
    const colours = sequentialScale(theme);
    const image = context.createImageData(SCALE_STEPS, 1);
    for (let step = 0; step < SCALE_STEPS; step++) image.data.set([...colours.subarray(step * 3, step * 3 + 3), 255], step * 4);
    context.putImageData(image, 0, 0);
  }, [theme]);
  return (
    <div className="colour-legend" role="img" aria-label={label} title={label}>
      <canvas ref={canvasRef} width={SCALE_STEPS} height={1} />
      <span className="colour-legend-ticks" aria-hidden="true">
        {TICKS.map((tick) => (
          <span key={tick} style={{ left: `${100 * Math.sqrt(tick)}%` }}>
            {tick}
          </span>
        ))}
      </span>
    </div>
  );
}
