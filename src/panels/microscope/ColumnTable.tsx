import { memo } from "react";
import type { ReactNode } from "react";
import type { HeatmapCell } from "../../charts/heatmapGeometry.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { formatFixed } from "../../ui/format.ts";
import { Term } from "../../ui/Term.tsx";
import { visibleToken } from "../tokenText.ts";
import { columnFacts } from "./columnFacts.ts";
import type { HeatmapFacts } from "./columnFacts.ts";
import { useHeatmapFact } from "./useHeatmapFacts.ts";
import type { HeatmapReading } from "./useHeatmapFacts.ts";

/** Layers that are shown at once: those around the cursor. All of them stand in the table in place of the heatmap. */
const MOST_LAYERS = 4;

export interface ColumnTableProps {
  readonly reading: HeatmapReading;
  readonly cell: HeatmapCell | null;
}

/** Rows that are only added leave it the same. */
const originOf = ({ own, apart }: Omit<HeatmapFacts, "cell">): object | null => apart ?? own?.origin ?? null;

/** One token's numbers: a row per expert, a column per layer, what is picked in bold. */
export function ColumnTable({ reading, cell }: ColumnTableProps): ReactNode {
  const words = useTexts().microscope.heatmap;
  useHeatmapFact(reading, originOf);
  const column = columnFacts({ ...reading.read(), cell });
  if (!column) return null;
  const [first, second] = column.tokens.map(visibleToken);
  const title = second === undefined ? words.column(first ?? "") : words.both(first ?? "", second);
  const groups = groupsAround(column.layers.length, cell?.group ?? 0);
  return (
    <section className="microscope-column" aria-label={title}>
      <h3>
        <Term hint={words.columnHint}>{title}</Term>
      </h3>
      <div className="microscope-scroll" tabIndex={0} role="group" aria-label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.expertHead}</th>
              {groups.map((group) => (
                <th key={group} scope="col" data-current={group === cell?.group || undefined}>
                  {words.layerHead} {column.layers[group]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: column.experts }, (_, expert) => (
              <ExpertRow
                key={expert}
                expert={expert}
                numbers={groups.map((group) => numberText(column.value(group, expert), second !== undefined)).join(" ")}
                marked={groups.map((group) => Number(column.marked(group, expert))).join("")}
                current={cell?.row === expert ? groups.indexOf(cell.group) : null}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface ExpertRowProps {
  readonly expert: number;
  /** One a column, with a blank between. */
  readonly numbers: string;
  /** 0 or 1 a column. */
  readonly marked: string;
  readonly current: number | null;
}

/** Plain texts, so that a step of the cursor draws those rows alone that differ. */
const ExpertRow = memo(function Row({ expert, numbers, marked, current }: ExpertRowProps): ReactNode {
  return (
    <tr data-current={current !== null || undefined}>
      <th scope="row">{expert}</th>
      {numbers.split(" ").map((number, at) => (
        <td key={at} data-marked={marked[at] === "1" || undefined} data-current={at === current || undefined}>
          {marked[at] === "1" ? <strong>{number}</strong> : number}
        </td>
      ))}
    </tr>
  );
});

/** As many layers as fit, in steps, so that they do not slide with every row. */
function groupsAround(layers: number, group: number): number[] {
  const from = Math.floor(group / MOST_LAYERS) * MOST_LAYERS;
  return Array.from({ length: Math.min(MOST_LAYERS, layers - from) }, (_, i) => from + i);
}

function numberText(value: number, signed: boolean): string {
  const text = formatFixed(Math.abs(value), 2).replace(/^0/u, "");
  return signed ? `${value < -0.005 ? "−" : value > 0.005 ? "+" : ""}${text}` : text;
}
