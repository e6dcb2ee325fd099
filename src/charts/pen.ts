/** What pictures are painted with: on a canvas for the screen, as SVG for a file. All lengths in CSS pixels. */
export interface Pen {
  rect(x: number, y: number, width: number, height: number, fill: string): void;
  outline(x: number, y: number, width: number, height: number, stroke: string, lineWidth: number): void;
  text(text: string, x: number, y: number, style: PenText): void;
  /** How wide a text is. */
  measure(text: string): number;
}

export interface PenText {
  readonly fill: string;
  readonly align: "left" | "center" | "right";
  /** Read from top to bottom. */
  readonly turned?: boolean;
}

/** @param font as CSS writes it */
export function canvasPen(context: CanvasRenderingContext2D, font: string): Pen {
  context.font = font;
  context.textBaseline = "middle";
  let filled = "";
  const fillWith = (fill: string): void => {
    // A colour is read each time that it is set.
    if (fill !== filled) context.fillStyle = filled = fill;
  };
  return {
    rect(x, y, width, height, fill) {
      fillWith(fill);
      context.fillRect(x, y, width, height);
    },
    outline(x, y, width, height, stroke, lineWidth) {
      context.strokeStyle = stroke;
      context.lineWidth = lineWidth;
      context.strokeRect(x, y, width, height);
    },
    text(text, x, y, { fill, align, turned = false }) {
      fillWith(fill);
      context.textAlign = align;
      if (!turned) return context.fillText(text, x, y);
      context.save();
      context.translate(x, y);
      context.rotate(Math.PI / 2);
      context.fillText(text, 0, 0);
      context.restore();
    },
    measure: (text) => context.measureText(text).width,
  };
}

const anchors = { left: "start", center: "middle", right: "end" } as const;

/** Collects what is painted as SVG elements. @param measure as the screen's pen does */
export function svgPen(measure: Pen["measure"]): Pen & { markup(): string } {
  const parts: string[] = [];
  const box = (x: number, y: number, width: number, height: number): string =>
    `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
  return {
    rect: (x, y, width, height, fill) => void parts.push(`<rect ${box(x, y, width, height)} fill="${escaped(fill)}"/>`),
    outline: (x, y, width, height, stroke, lineWidth) =>
      void parts.push(`<rect ${box(x, y, width, height)} fill="none" stroke="${escaped(stroke)}" stroke-width="${lineWidth}"/>`),
    text(text, x, y, { fill, align, turned = false }) {
      const place = turned ? `transform="translate(${short(x)} ${short(y)}) rotate(90)"` : `x="${short(x)}" y="${short(y)}"`;
      const style = `fill="${escaped(fill)}" text-anchor="${anchors[align]}" dominant-baseline="central"`;
      parts.push(`<text ${place} ${style}>${escaped(text)}</text>`);
    },
    measure,
    markup: () => parts.join("\n"),
  };
}

const short = (value: number): string => String(Number(value.toFixed(2)));

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text inside XML; controls, which XML has no way to write, are left out. */
export function escaped(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, "").replaceAll(/[&<>"]/gu, (sign) => ENTITIES[sign] ?? sign);
}
