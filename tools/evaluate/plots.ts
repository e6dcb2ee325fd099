/** Lifelong curves and retention matrices as SVG, for light and dark. */
import { rateOf } from "../../src/evaluation/metrics.ts";
import type { Checkpoint, Metrics } from "../../src/evaluation/results.ts";
import { escapeXml } from "../lib/svg.ts";
import { metricNames } from "./progress.ts";
import type { Group } from "./summary.ts";

const WIDTH = 1040;
/** One colour a method, in their order; more methods begin again, dashed. */
const COLOURS = ["#1763b8", "#c2570c", "#1d7a46", "#8a3ab9", "#b3261e", "#0b7f86", "#7a5c00", "#a0316f", "#46525f"];
const DARK = ["#74aef5", "#f09445", "#66c892", "#c99bec", "#f28b82", "#5fc4ca", "#d8b44a", "#ec8fbf", "#b3bfcc"];

const shades = (colours: readonly string[]): string =>
  colours.map((colour, i) => `.m${i} { stroke: ${colour}; fill: ${colour} }`).join(" ");
const STYLE = `
    text { fill: #46525f; font-size: 12px }
    .title { fill: #17202b; font-size: 13px; font-weight: 600 }
    .end { text-anchor: end } .mid { text-anchor: middle }
    .grid { stroke: #d3d9df; stroke-width: 1; fill: none }
    path.curve { fill: none; stroke-width: 2 } .again { stroke-dasharray: 5 3 } .dot { stroke: none }
    .held { stroke: #1d7a46; stroke-width: 11 } .lost { stroke: #b3261e; stroke-width: 11 }
    ${shades(COLOURS)}
    @media (prefers-color-scheme: dark) {
      text { fill: #b3bfcc } .title { fill: #eef2f6 } .grid { stroke: #2a343e }
      .held { stroke: #3f9c66 } .lost { stroke: #d5584f }
      ${shades(DARK)}
    }`;

function page(height: number, title: string, description: string, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${Math.round(height)}" role="img" aria-labelledby="title desc" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif">
  <title id="title">${escapeXml(title)}</title>
  <desc id="desc">${escapeXml(description)}</desc>
  <style>${STYLE}
  </style>
${parts.join("\n")}
</svg>
`;
}

interface Panel {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Edits so far, and a rate from 0 to 1. */
type Point = readonly [edits: number, rate: number];

/** The mean over the seeds of a method's runs at each of their checkpoints. */
export function curveOf({ results }: Group, metric: keyof Metrics): Point[] {
  const [first] = results;
  return (first?.checkpoints ?? []).flatMap(({ afterEdits }, i): Point[] => {
    const counts = results.flatMap(({ checkpoints }) => checkpoints[i]?.metrics[metric].free ?? []).filter(({ of }) => of > 0);
    return counts.length === 0 ? [] : [[afterEdits, counts.map(rateOf).reduce((sum, rate) => sum + rate, 0) / counts.length]];
  });
}

const styleOf = (method: number): string => `m${method % COLOURS.length}${method >= COLOURS.length ? " again" : ""}`;

/** Four panels, free decoding, a curve a method. */
export function drawCurves(groups: readonly Group[], title: string): string {
  const most = Math.max(1, ...groups.map(({ edits }) => edits));
  const panels = metricNames.map(([metric, name], i) => {
    const panel = { left: 60 + (i % 2) * 510, top: 40 + Math.floor(i / 2) * 270, width: 440, height: 200 };
    return drawPanel(
      panel,
      name,
      groups.map((group) => curveOf(group, metric)),
      most,
    );
  });
  const key = groups.map(({ method }, i) => {
    const [x, y] = [60 + (i % 8) * 120, 575 + Math.floor(i / 8) * 22];
    return `<path class="curve ${styleOf(i)}" d="M${x} ${y}h24" /><text x="${x + 30}" y="${y + 4}">${escapeXml(method)}</text>`;
  });
  const description =
    "Reliability, generalization and locality in percent after so many edits, free decoding, one line a method. The tables have the figures.";
  return page(600 + Math.floor((groups.length - 1) / 8) * 22, title, description, [...panels, ...key]);
}

function drawPanel({ left, top, width, height }: Panel, name: string, curves: readonly (readonly Point[])[], most: number): string {
  const place = ([edits, rate]: Point): string => `${(left + (width * edits) / most).toFixed(1)} ${(top + height * (1 - rate)).toFixed(1)}`;
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (rate) =>
      `<path class="grid" d="M${place([0, rate])}h${width}" /><text class="end" x="${left - 8}" y="${top + height * (1 - rate) + 4}">${100 * rate} %</text>`,
  );
  const ticks = [0, 0.5, 1].map(
    (share) => `<text class="mid" x="${left + share * width}" y="${top + height + 18}">${Math.round(share * most)}</text>`,
  );
  const lines = curves.map((points, i) => {
    const [x, y] = place(points[0] ?? [0, 0]).split(" ");
    const curve = points.map((point, n) => `${n === 0 ? "M" : "L"}${place(point)}`).join("");
    if (points.length === 0) return "";
    return points.length === 1
      ? `<circle class="dot ${styleOf(i)}" cx="${x}" cy="${y}" r="4" />`
      : `<path class="curve ${styleOf(i)}" d="${curve}" />`;
  });
  return [`<text class="title" x="${left}" y="${top - 12}">${escapeXml(name)}</text>`, ...grid, ...ticks, ...lines].join("\n");
}

/** Pixels a checkpoint. */
const ROW = 12;

/** Edits × time, a panel a method, of its first run: a row a checkpoint, a column an edit, whether it gives its target. */
export function drawRetention(groups: readonly Group[], title: string): string {
  const parts: string[] = [];
  let top = 40;
  for (const group of groups) {
    const checkpoints = group.results[0]?.checkpoints ?? [];
    parts.push(drawMatrix(group.method, checkpoints, top));
    top += checkpoints.length * ROW + 50;
  }
  const description =
    "A row a checkpoint, from the first at the top to the last; a column an edit in the order of editing. Green: gives its target; red: does not.";
  return page(top, title, description, parts);
}

function drawMatrix(method: string, checkpoints: readonly Checkpoint[], top: number): string {
  const most = Math.max(1, ...checkpoints.map(({ afterEdits }) => afterEdits));
  const [left, width] = [90, WIDTH - 110];
  const rows = checkpoints.map(({ afterEdits, holds }, i) => {
    const y = top + i * ROW;
    const bars = [true, false].map((value) => `<path class="${value ? "held" : "lost"}" d="${runsOf(holds, value)}" />`);
    // One unit an edit.
    const scaled = `<g transform="translate(${left} ${y + ROW / 2}) scale(${(width / most).toFixed(4)} 1)">${bars.join("")}</g>`;
    return `<text class="end" x="${left - 8}" y="${y + 10}">${afterEdits}</text>${scaled}`;
  });
  return [
    `<text class="title" x="20" y="${top - 8}">${escapeXml(method)}: after so many edits (rows), each edit (columns)</text>`,
    ...rows,
  ].join("\n");
}

/** A line over each run of neighbours that have the value. */
function runsOf(values: readonly (boolean | null)[], wanted: boolean): string {
  const runs: string[] = [];
  let at = 0;
  for (let from = values.indexOf(wanted); from !== -1;) {
    const end = values.findIndex((value, i) => i > from && value !== wanted);
    const to = end === -1 ? values.length : end;
    runs.push(`m${from - at} 0h${to - from}`);
    at = to;
    from = values.indexOf(wanted, to);
  }
  return runs.join("");
}
