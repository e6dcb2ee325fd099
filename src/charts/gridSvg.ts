import { contextOf, inkOf } from "./canvas.ts";
import { createCellImage } from "./cellImage.ts";
import { svgDocument } from "./exportChart.ts";
import type { GridPicture } from "./gridPicture.ts";
import { heatmapSize, imageLines } from "./heatmapGeometry.ts";
import { canvasPen, svgPen } from "./pen.ts";

/** The whole of a grid as an SVG file: its cells an image inside it, its labels text. @param root whose colours and width it takes */
export function gridSvg(root: HTMLElement, picture: GridPicture, title: string): string {
  const ink = inkOf(root);
  const canvas = document.createElement("canvas");
  const geometry = picture.layout(root.clientWidth - picture.gutterWidth);
  const size = heatmapSize(geometry);
  const image = createCellImage(canvas);
  image.paint(picture, geometry, ink);
  const measuring = canvasPen(contextOf(document.createElement("canvas")), ink.font);
  const [beside, over] = [svgPen(measuring.measure), svgPen(measuring.measure)];
  picture.paintGutter(beside, geometry, ink);
  picture.paintOver(over, geometry, ink, { from: 0, to: picture.columns });
  const [width, height] = [image.columns * geometry.cellWidth, imageLines(geometry) * geometry.cellHeight];
  const cells = `<image x="1" y="${geometry.top}" width="${width}" height="${height}" preserveAspectRatio="none" style="image-rendering:pixelated" href="${canvas.toDataURL()}"/>`;
  const body = `${beside.markup()}\n<g transform="translate(${picture.gutterWidth} 0)">\n${cells}\n${over.markup()}\n</g>`;
  return svgDocument(body, {
    title,
    width: picture.gutterWidth + size.width,
    height: size.height,
    background: ink.panel,
    font: `font-size="11" font-family="${ink.family.replaceAll('"', "'")}"`,
  });
}
