/** Results as text, for a terminal and for Markdown. */
import {
  judge,
  roofMs,
  SOFTWARE_LABEL,
  type Results,
  type Roofs,
  type Row,
  type Section,
  type SideResult,
  type Spread,
} from "./results.ts";

const MEBI = 2 ** 20;

/** Three digits that count. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "?";
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}

export const bytesText = (bytes: number): string => (bytes < MEBI / 10 ? `${figure(bytes / 1024)} KiB` : `${figure(bytes / MEBI)} MiB`);

export const countText = (count: number): string => String(Math.round(count * 10) / 10);

const spreadText = ({ median, low, high }: Spread): string => `${figure(median)} (${figure(low)} to ${figure(high)})`;

/** E.g. "3.1× (2.9 to 3.4)". */
export const ratioText = ({ ratio: { median, low, high } }: Row): string => `${figure(median)}× (${figure(low)} to ${figure(high)})`;

export function barText({ bar, ratio }: Pick<Row, "bar" | "ratio">, software: boolean): string {
  return bar ? `${bar.kind} ${bar.value}×: ${judge(ratio.median, bar, software)}` : "";
}

const COLUMNS = [
  "measured",
  "way",
  "ms",
  "ratio",
  "bar",
  "dispatches",
  "bytes bound",
  "peak bytes",
  "least ms",
  "results differ by",
] as const;

function cells(row: Row, side: SideResult, roofs: Roofs | undefined, software: boolean): readonly string[] {
  const own = side === row.ours;
  return [
    own ? row.name : "",
    side.label,
    spreadText(side.ms),
    own ? `${ratioText(row)} ${row.reads}` : "",
    own ? barText(row, software) : "",
    countText(side.dispatches),
    bytesText(side.boundBytes),
    side.peakBytes === undefined ? "" : bytesText(side.peakBytes),
    roofs ? figure(roofMs(side, roofs)) : "",
    own && row.disagreement !== undefined ? row.disagreement.toExponential(1) : "",
  ];
}

/** The rows of each suite, in order of appearance. */
function bySuite(rows: readonly Row[]): Map<string, Row[]> {
  const suites = new Map<string, Row[]>();
  for (const row of rows) suites.set(row.suite, [...(suites.get(row.suite) ?? []), row]);
  return suites;
}

function markdownTable(header: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (values: readonly string[]): string => `| ${values.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...lines.map(line)].join("\n");
}

function roofText(roofs: Roofs, software: boolean): string {
  const matvec = roofs.matvec.map(({ name, gbs, weightBytes, bar }) => {
    const share = gbs / roofs.copyGBs;
    return `- ${name} (${bytesText(weightBytes)} of weights): ${figure(gbs)} GB/s, ${figure(share)} of copy bandwidth; ${bar.kind} ${bar.value}: ${judge(share, bar, software)}`;
  });
  return [
    `- copy bandwidth (read and written): ${figure(roofs.copyGBs)} GB/s`,
    `- an empty dispatch: ${figure(roofs.dispatchUs)} µs`,
    ...matvec,
  ].join("\n");
}

function sectionText({ adapter, rounds, roofs, rows }: Section): string {
  const parts = [`## ${adapter.host}, on ${adapter.name}`, `${rounds} rounds of A B B A${adapter.software ? `; ${SOFTWARE_LABEL}` : ""}.`];
  if (roofs) parts.push(`### The adapter's limits\n\n${roofText(roofs, adapter.software)}`);
  for (const [suite, own] of bySuite(rows)) {
    const lines = own.flatMap((row) => [row.ours, row.other].map((side) => cells(row, side, roofs, adapter.software)));
    const notes = [...new Set(own.map(({ note }) => note).filter((note) => note !== undefined))];
    const unit = own[0]?.unit ?? "call";
    parts.push([`### ${suite}`, `Figures are for one ${unit}.`, markdownTable(COLUMNS, lines), ...notes].join("\n\n"));
  }
  return parts.join("\n\n");
}

/** Everything, as Markdown that reads well as plain text too. */
export function reportText({ date, sections, missing }: Results): string {
  const absent = missing.map(({ suite, reason }) => `- ${suite}: not measured. ${reason}`).join("\n");
  return [`Measured ${date.slice(0, 10)}.`, ...sections.map(sectionText), ...(absent ? [`## Not measured\n\n${absent}`] : [])].join("\n\n");
}
