import type { ReactNode } from "react";
import { barText, bytesText, countText, figure, ratioText } from "../../bench/report.ts";
import type { Row } from "../../bench/results.ts";
import { useTexts } from "../../texts/useTexts.ts";

/** One line a comparison, under the name of its suite. */
export function BenchTable({ rows, software }: { readonly rows: readonly Row[]; readonly software: boolean }): ReactNode {
  const words = useTexts().bench;
  const suites = [...new Set(rows.map(({ suite }) => suite))];
  return (
    // Scrolls sideways on narrow screens, by keyboard too.
    <section className="bench-scroll" aria-label={words.table} tabIndex={0}>
      <table className="bench-table">
        <caption>{words.table}</caption>
        <thead>
          <tr>
            {words.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        {suites.map((suite) => (
          <tbody key={suite}>
            <tr>
              <th colSpan={words.columns.length} scope="rowgroup">
                {suite}
              </th>
            </tr>
            {rows
              .filter((row) => row.suite === suite)
              .map((row, i) => (
                <Line key={i} row={row} software={software} />
              ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

function Line({ row, software }: { readonly row: Row; readonly software: boolean }): ReactNode {
  const words = useTexts().bench;
  const { ours, other } = row;
  const peak = (bytes: number | undefined): string => (bytes === undefined ? "?" : bytesText(bytes));
  return (
    <tr>
      <th scope="row">{row.name}</th>
      <td>{words.milliseconds(figure(ours.ms.median), ours.label)}</td>
      <td>{words.milliseconds(figure(other.ms.median), other.label)}</td>
      <td>
        {ratioText(row)} {row.reads}
      </td>
      <td>{barText(row, software)}</td>
      <td>{words.both(countText(ours.dispatches), countText(other.dispatches))}</td>
      <td>{words.both(bytesText(ours.boundBytes), bytesText(other.boundBytes))}</td>
      <td>{words.both(peak(ours.peakBytes), peak(other.peakBytes))}</td>
    </tr>
  );
}
