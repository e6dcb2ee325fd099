import { memo } from "react";
import type { ReactNode } from "react";
import { useTexts } from "../../texts/useTexts.ts";
import { formatFixed } from "../../ui/format.ts";
import { Term } from "../../ui/Term.tsx";
import { visibleToken } from "../tokenText.ts";
import { columnFacts } from "./columnFacts.ts";
import type { HeatmapFacts } from "./columnFacts.ts";

/** One token's numbers: a row per layer, a column per expert, what is picked in bold. Rows that are added elsewhere do not change it. */
export const ColumnTable = memo(Column, isSameColumn);

function isSameColumn(before: HeatmapFacts, after: HeatmapFacts): boolean {
  return before.own?.origin === after.own?.origin && before.apart === after.apart && before.cell === after.cell;
}

function Column(facts: HeatmapFacts): ReactNode {
  const words = useTexts().microscope.heatmap;
  const column = columnFacts(facts);
  if (!column) return null;
  const [first, second] = column.tokens.map(visibleToken);
  const title = second === undefined ? words.column(first ?? "") : words.both(first ?? "", second);
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
              {Array.from({ length: column.experts }, (_, expert) => (
                <th key={expert} scope="col">
                  {expert}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {column.layers.map((layer, group) => (
              <tr key={layer} data-current={facts.cell?.group === group || undefined}>
                <th scope="row">{layer}</th>
                {Array.from({ length: column.experts }, (_, expert) => (
                  <td
                    key={expert}
                    data-marked={column.marked(group, expert) || undefined}
                    data-current={(facts.cell?.group === group && facts.cell.row === expert) || undefined}
                  >
                    <Number value={column.value(group, expert)} marked={column.marked(group, expert)} signed={second !== undefined} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Number({ value, marked, signed }: { readonly value: number; readonly marked: boolean; readonly signed: boolean }): ReactNode {
  const text = formatFixed(Math.abs(value), 2).replace(/^0/u, "");
  const number = signed ? `${value < -0.005 ? "−" : value > 0.005 ? "+" : ""}${text}` : text;
  return marked ? <strong>{number}</strong> : number;
}
