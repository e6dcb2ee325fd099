import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { withDecimalSign } from "../lib/locale.ts";
import { divergingScale, SCALE_STEPS, sequentialScale } from "./colourScale.ts";
import type { ScaleTheme } from "./colourScale.ts";
import "./heatmap.css";

const TICK_SHARES = [0, 0.25, 0.5, 0.75, 1];
/** Longer labels than this would run into each other: the ends and the middle are enough then. */
const MOST_CHARACTERS = 4;

export interface ColourLegendProps {
  readonly theme: ScaleTheme;
  readonly label: string;
  /** The value at the end of the scale. */
  readonly top: number;
  /** From `-top` over 0. */
  readonly diverging?: boolean;
}

/** The scale of the heatmap with its values where they lie on it. */
export function ColourLegend({ theme, label, top, diverging = false }: ColourLegendProps): ReactNode {
  const canvasRef = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvasRef.current?.getContext("2d");
    if (!context) return;
    const colours = diverging ? divergingScale(theme) : sequentialScale(theme);
    const image = context.createImageData(SCALE_STEPS, 1);
    for (let step = 0; step < SCALE_STEPS; step++) image.data.set([...colours.subarray(step * 3, step * 3 + 3), 255], step * 4);
    context.putImageData(image, 0, 0);
  }, [theme, diverging]);
  const ticks = TICK_SHARES.map((share) => ({ share, text: tickText(diverging ? (2 * share - 1) * top : share * top) }));
  const crowded = ticks.some(({ text }) => text.length > MOST_CHARACTERS);
  return (
    <div className="colour-legend" role="img" aria-label={label} title={label}>
      <canvas ref={canvasRef} width={SCALE_STEPS} height={1} />
      <span className="colour-legend-ticks" aria-hidden="true">
        {ticks
          .filter((_tick, at) => !crowded || at % 2 === 0)
          .map(({ share, text }) => (
            <span key={share} style={{ left: `${100 * share}%` }}>
              {text}
            </span>
          ))}
      </span>
    </div>
  );
}

const tickText = (value: number): string => withDecimalSign(String(Number(value.toPrecision(2)))).replace("-", "−");
