import type { ReactNode } from "react";
import type { RoutingFrame } from "../../store/routingFrames.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { formatFixed } from "../../ui/format.ts";
import { visibleToken } from "../tokenText.ts";
import { cellFacts } from "./frameData.ts";

const FITTING = 8;

/** The heatmap's numbers as a table: a row per token, a column per layer, all experts in each cell. */
export function RoutingTable({ frame }: { readonly frame: RoutingFrame }): ReactNode {
  const texts = useTexts();
  const words = texts.routing;
  const measured = frame.nearest.some((distance) => distance !== null);
  const caption = frame.experts > FITTING ? words.pickedCaption : words.tableCaption;
  return (
    <div className="routing-table" tabIndex={0} role="group" aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.tokenHead}</th>
            {frame.layers.map((layer) => (
              <th key={layer} scope="col">
                {words.layer(layer)}
              </th>
            ))}
            {measured && <th scope="col">{frame.owners ? words.nearestOwnHead : words.nearestHead}</th>}
          </tr>
        </thead>
        <tbody>
          {frame.pieces.map((piece, column) => (
            <tr key={`${column}:${piece.id}`} data-decides={column === frame.decidingToken || undefined}>
              <th scope="row">
                {visibleToken(piece.text)}
                {column === frame.decidingToken && <small> ({words.decides})</small>}
              </th>
              {frame.layers.map((layer, group) => (
                <td key={layer}>
                  <Experts frame={frame} column={column} group={group} />
                </td>
              ))}
              {measured && <td>{nearestText(frame, column) ?? texts.common.none}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Bits, or where edits have experts of their own a cosine distance. */
function nearestText({ nearest, owners }: RoutingFrame, column: number): string | null {
  const distance = nearest[column] ?? null;
  return distance === null ? null : formatFixed(distance, owners ? 3 : 0);
}

/** All experts where they fit a cell; else only the picked ones, each with its number. */
function Experts({ frame, column, group }: { readonly frame: RoutingFrame; readonly column: number; readonly group: number }): ReactNode {
  const names = useTexts().scope;
  const many = frame.experts > FITTING;
  return Array.from({ length: frame.experts }, (_, row) => {
    const facts = cellFacts(frame, { column, group, row });
    if (!facts || (many && !facts.picked)) return null;
    const number = formatFixed(facts.probability, many ? 3 : 2).replace(/^0/u, "");
    return (
      <span key={row} className="routing-number" data-many={many || undefined}>
        {(many || facts.owner !== null) && `${facts.owner === null ? row : names.editCode(facts.owner)}: `}
        {facts.picked ? <strong>{number}</strong> : number}
      </span>
    );
  });
}
