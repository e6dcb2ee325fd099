/** Every ratio with its interval and its bar on one logarithmic axis, as an SVG for light and dark. */
import { figure } from "../../src/bench/report.ts";
import { judge, SOFTWARE_LABEL, type Results, type Row, type Section } from "../../src/bench/results.ts";
import { escapeXml } from "../lib/svg.ts";

const WIDTH = 1040;
/** Left and right ends of the axis; names stand before it, figures behind. */
const AXIS = { from: 470, to: 880 } as const;
const LINE = 22;
const TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];

type Scale = (ratio: number) => number;

/** From the smallest to the largest value that is drawn, 1 included. */
function logScale(values: readonly number[]): { scale: Scale; ticks: readonly number[] } {
  const low = Math.min(1, ...values) / 1.15;
  const high = Math.max(2, ...values) * 1.15;
  const scale: Scale = (ratio) => AXIS.from + ((AXIS.to - AXIS.from) * Math.log(ratio / low)) / Math.log(high / low);
  return { scale, ticks: TICKS.filter((tick) => tick >= low && tick <= high) };
}

const verdictClass = (row: Row, software: boolean): string => {
  if (!row.bar || software) return "plain";
  return judge(row.ratio.median, row.bar, software) === "met" ? "met" : "missed";
};

function drawRow(row: Row, y: number, scale: Scale, software: boolean): string {
  const { median, low, high } = row.ratio;
  const style = verdictClass(row, software);
  const bar = row.bar ? `<path class="bar" d="M${scale(row.bar.value).toFixed(1)} ${y - 8}v16" />` : "";
  const name = `${row.name}: ${row.ours.label} / ${row.other.label}`;
  return [
    `<text class="name" x="${AXIS.from - 14}" y="${y + 4}"><title>${escapeXml(name)}</title>${escapeXml(shortened(row))}</text>`,
    `<path class="interval ${style}" d="M${scale(low).toFixed(1)} ${y}H${scale(high).toFixed(1)}" />`,
    `<circle class="median ${style}" cx="${scale(median).toFixed(1)}" cy="${y}" r="4.5" />`,
    bar,
    `<text class="figure" x="${AXIS.to + 14}" y="${y + 4}">${figure(median)}×${row.bar ? ` (bar ${row.bar.value})` : ""}</text>`,
  ].join("\n");
}

/** What tells rows of one suite apart, as far as the space before the axis allows. */
function shortened({ name, ours, other }: Row): string {
  const format = /\b(?:int4|int8|f32)\b/.exec(ours.label)?.[0] ?? "";
  const form = /stacked|expert by expert/.exec(other.label)?.[0] ?? "";
  const parts = [name, form, name.includes(format) ? "" : format].filter((part) => part !== "");
  const text = parts.join(", ");
  return text.length > 68 ? `${text.slice(0, 67)}…` : text;
}

function drawSection({ adapter, rows }: Section, top: number, scale: Scale): { svg: string; end: number } {
  const parts: string[] = [];
  let y = top;
  const label = `${adapter.host}, ${adapter.name}${adapter.software ? ` (${SOFTWARE_LABEL})` : ""}`;
  parts.push(`<text class="adapter" x="20" y="${y}">${escapeXml(label)}</text>`);
  for (const suite of new Set(rows.map((row) => row.suite))) {
    const own = rows.filter((row) => row.suite === suite);
    const reads = own[0]?.reads === "cost" ? "times our own product; less is better" : "times faster; more is better";
    y += LINE * 1.4;
    parts.push(`<text class="suite" x="20" y="${y}">${escapeXml(suite)}: ${reads}</text>`);
    for (const row of own) {
      y += LINE;
      parts.push(drawRow(row, y, scale, adapter.software));
    }
  }
  return { svg: parts.join("\n"), end: y + LINE * 1.6 };
}

const STYLE = `
    .adapter { fill: #17202b; font-size: 15px; font-weight: 600 }
    .suite { fill: #17202b; font-size: 13px; font-weight: 600 }
    .name { fill: #46525f; font-size: 12px; text-anchor: end }
    .figure { fill: #46525f; font-size: 12px }
    .tick { fill: #46525f; font-size: 11px; text-anchor: middle }
    .grid { stroke: #d3d9df; stroke-width: 1 }
    .one { stroke: #6b7885; stroke-width: 1.4 }
    .interval { stroke-width: 3; stroke-linecap: round; fill: none; opacity: 0.55 }
    .plain { stroke: #1763b8; fill: #1763b8 }
    .met { stroke: #1d7a46; fill: #1d7a46 }
    .missed { stroke: #b3261e; fill: #b3261e }
    .bar { stroke: #c2570c; stroke-width: 2.4 }
    @media (prefers-color-scheme: dark) {
      .adapter, .suite { fill: #eef2f6 }
      .name, .figure, .tick { fill: #b3bfcc }
      .grid { stroke: #2a343e }
      .one { stroke: #8593a1 }
      .plain { stroke: #74aef5; fill: #74aef5 }
      .met { stroke: #66c892; fill: #66c892 }
      .missed { stroke: #f28b82; fill: #f28b82 }
      .bar { stroke: #f09445 }
    }`;

export function drawPlot({ sections }: Results): string {
  const rows = sections.flatMap((section) => section.rows);
  const { scale, ticks } = logScale(rows.flatMap(({ ratio, bar }) => [ratio.low, ratio.high, ...(bar ? [bar.value] : [])]));
  const parts: string[] = [];
  let top = 60;
  for (const section of sections.filter((each) => each.rows.length > 0)) {
    const { svg, end } = drawSection(section, top, scale);
    parts.push(svg);
    top = end + 10;
  }
  const height = Math.round(top);
  const grid = ticks.map((tick) => {
    const x = scale(tick).toFixed(1);
    return `<path class="${tick === 1 ? "one" : "grid"}" d="M${x} 30V${height - 16}" /><text class="tick" x="${x}" y="22">${tick}×</text>`;
  });
  const adapters = [...new Set(sections.map(({ adapter }) => adapter.name))].join("; ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title desc" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif">
  <title id="title">Ratios of times, measured on ${escapeXml(adapters)}</title>
  <desc id="desc">One line a comparison: the median ratio as a dot, its interval as a line, the bar it is held to as an upright stroke. The table in performance.md has the figures.</desc>
  <style>${STYLE}
  </style>
${[...grid, ...parts].join("\n")}
</svg>
`;
}
