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
const MOST_LAYERS = 8;

export interface ColumnTableProps {
  readonly reading: HeatmapReading;
  readonly cell: HeatmapCell | null;
}

/** Rows that are only added leave it the same. */
const originOf = ({ own, apart }: Omit<HeatmapFacts, "cell">): object | null => apart ?? own?.origin ?? null;

/** One token's numbers: a row per layer, a column per expert, what is picked in bold. */
export function ColumnTable({ reading, cell }: ColumnTableProps): ReactNode {
  const words = useTexts().microscope.heatmap;
  useHeatmapFact(reading, originOf);
  const column = columnFacts({ ...reading.read(), cell });
  if (!column) return null;
  const [first, second] = column.tokens.map(visibleToken);
  const title = second === undefined ? words.column(first ?? "") : words.both(first ?? "", second);
  const { from, to } = layersAround(column.layers.length, cell?.group ?? 0);
  const experts = Array.from({ length: column.experts }, (_, expert) => expert);
  return (
    <section className="microscope-column" aria-label={title}>
      <h3>
        <Term hint={words.columnHint}>{title}</Term>
      </h3>
      <div className="microscope-scroll" tabIndex={0} role="group" aria-label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.layerHead}</th>
              {experts.map((expert) => (
                <th key={expert} scope="col">
                  {expert}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {column.layers.slice(from, to).map((layer, index) => (
              <LayerRow
                key={layer}
                layer={layer}
                numbers={experts.map((expert) => numberText(column.value(from + index, expert), second !== undefined)).join(" ")}
                marked={experts.map((expert) => Number(column.marked(from + index, expert))).join("")}
                current={cell?.group === from + index ? cell.row : null}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface LayerRowProps {
  readonly layer: number;
  /** One a column, with a blank between. */
  readonly numbers: string;
  /** 0 or 1 a column. */
  readonly marked: string;
  readonly current: number | null;
}

/** Plain texts, so that a step of the cursor draws those rows alone that differ. */
const LayerRow = memo(function Row({ layer, numbers, marked, current }: LayerRowProps): ReactNode {
  return (
    <tr data-current={current !== null || undefined}>
      <th scope="row">{layer}</th>
      {numbers.split(" ").map((number, expert) => (
        <td key={expert} data-marked={marked[expert] === "1" || undefined} data-current={expert === current || undefined}>
          {marked[expert] === "1" ? <strong>{number}</strong> : number}
        </td>
      ))}
    </tr>
  );
});

/** As many layers as fit, in steps, so that they do not slide with every row. */
function layersAround(layers: number, group: number): { from: number; to: number } {
  const from = Math.floor(group / MOST_LAYERS) * MOST_LAYERS;
  return { from, to: Math.min(layers, from + MOST_LAYERS) };
}

function numberText(value: number, signed: boolean): string {
  const text = formatFixed(Math.abs(value), 2).replace(/^0/u, "");
  return signed ? `${value < -0.005 ? "−" : value > 0.005 ? "+" : ""}${text}` : text;
}
