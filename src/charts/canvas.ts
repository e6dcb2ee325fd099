import type { HeatmapInk } from "./paintHeatmap.ts";

/** Browsers draw nothing on canvases with a side that is much longer. */
const MOST_PIXELS = 16_000;

/** The canvas at device resolution, cleared, with CSS pixels as its unit. */
export function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = Math.min(window.devicePixelRatio || 1, MOST_PIXELS / Math.max(1, width, height));
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser gave no 2-D canvas context.");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** The page's colours at an element, as canvases need them. */
export function inkOf(element: Element): HeatmapInk {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: read("--text-muted"),
    faint: read("--text-faint"),
    accent: read("--accent-2"),
    focus: read("--focus"),
    font: `11px ${style.fontFamily}`,
  };
}
