/** Browsers draw nothing on canvases with a side that is much longer. */
const MOST_PIXELS = 16_000;

/** The canvas at device resolution, cleared, with CSS pixels as its unit. One that has its size already keeps its memory. */
export function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = Math.min(window.devicePixelRatio || 1, MOST_PIXELS / Math.max(1, width, height));
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = contextOf(canvas);
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser gave no 2-D canvas context.");
  return context;
}

/** The page's colours, as canvases need them. */
export interface GridInk {
  readonly text: string;
  readonly faint: string;
  readonly accent: string;
  readonly focus: string;
  readonly panel: string;
  readonly font: string;
  readonly family: string;
  /** Another of the stylesheet's colours, as it is written there. */
  named(name: string): string;
}

/** Colours at an element; they stay those of the theme that they were read in. */
export function inkOf(element: Element): GridInk {
  const style = getComputedStyle(element);
  const known = new Map<string, string>();
  const named = (name: string): string => {
    const colour = known.get(name) ?? style.getPropertyValue(name).trim();
    known.set(name, colour);
    return colour;
  };
  return {
    text: named("--text-muted"),
    faint: named("--text-faint"),
    accent: named("--accent-2"),
    focus: named("--focus"),
    panel: named("--panel"),
    font: `11px ${style.fontFamily}`,
    family: style.fontFamily,
    named,
  };
}
