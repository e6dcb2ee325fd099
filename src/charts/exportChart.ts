/** Charts as files. SVG is what every chart can give; PNG is drawn from that. */
import { escaped } from "./pen.ts";

/** A chart that gives itself as a file. */
export interface PictureHandle {
  /** Null while there is nothing to draw. */
  toSvg(title: string): string | null;
}

export interface SvgFrame {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly background: string;
  /** Attributes of what is written in it. */
  readonly font: string;
}

/** An SVG file that stands by itself. */
export function svgDocument(body: string, { title, width, height, background, font }: SvgFrame): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${font}>
<title>${escaped(title)}</title>
<rect width="${width}" height="${height}" fill="${escaped(background)}"/>
${body}
</svg>
`;
}

/** What a stylesheet says of SVG elements, and a file alone would lack. */
const STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "stroke-opacity",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "dominant-baseline",
];

/** An SVG of the page as a file, with the page's colours written into it. Null where there is none inside the element. */
export function elementSvg(element: Element | null, title: string): string | null {
  const shown = element instanceof SVGSVGElement ? element : element?.querySelector("svg");
  if (!shown) return null;
  const copy = shown.cloneNode(true) as SVGSVGElement;
  const copies = [copy, ...copy.querySelectorAll("*")];
  for (const [index, original] of [shown, ...shown.querySelectorAll("*")].entries()) {
    const style = getComputedStyle(original);
    const kept = STYLES.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";");
    const target = copies[index] as SVGElement | undefined;
    // Not by its attribute, which the page's policy takes for a style from outside.
    if (target) target.style.cssText = kept;
    target?.removeAttribute("class");
  }
  const { width, height } = shown.getBoundingClientRect();
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const inner = new XMLSerializer().serializeToString(copy);
  const background = getComputedStyle(shown).getPropertyValue("--panel").trim();
  return svgDocument(inner, { title, width: Math.ceil(width), height: Math.ceil(height), background, font: "" });
}

/** @param scale pixels of the picture for one of the SVG @throws when the browser cannot draw it */
export async function pngOf(svg: string, scale = 2): Promise<Blob> {
  const picture = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.naturalWidth * scale, picture.naturalHeight * scale];
    const context = canvas.getContext("2d");
    if (context) context.imageSmoothingEnabled = false;
    context?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((done, failed) =>
      canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("This browser drew no picture."))), "image/png"),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** A name that every file system takes. */
export function fileName(title: string, extension: string): string {
  const plain = title
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/gu, "")
    .slice(0, 80);
  return `${plain || "chart"}.${extension}`;
}
